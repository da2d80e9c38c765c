"use strict";
(() => {
  const {size, severities: SEVERITIES, columns, causes} = JSON.parse(document.getElementById("data").textContent);
  const element = (id) => document.getElementById(id);
  const PAGE = 100, PRINTED = 5000;
  const cell = (name, row) => {
    const code = columns[name].codes[row];
    return code < 0 ? "" : columns[name].values[code];
  };
  const source = (row) => [cell("file", row), cell("line", row), cell("column", row)].filter((part) => part !== "").join(":");
  const HEADS = [
    ["severity", "Severity"], ["message", "What"], ["subject", "Subject"], ["site", "Site"], ["source", "Source"],
    ["verbatim", "Typed"], ["dataset", "Dataset"], ["key", "Key"], ["variable", "Variable"], ["rule", "Rule"],
  ];
  const SEARCHED = ["message", "verbatim", "value", "key", "rule", "variable", "file", "column", "subject", "dataset", "fingerprint", "waived", "answer"];
  const CHOICES = ["file", "dataset", "site"], FILTERS = [...CHOICES, "subject", "text", "waived"];

  // ------------------------------------------------ state, kept in the address so that a view can be sent on
  const start = () => ({off: [], sort: "", page: 1, ...Object.fromEntries(FILTERS.map((name) => [name, ""]))});
  const EMPTY = "\u2205";   // stands for "without a value"
  let state = start();
  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    state = start();
    for (const name of [...FILTERS, "sort"]) state[name] = given.get(name) || "";
    state.off = (given.get("without") || "").split(",").filter((s) => SEVERITIES.includes(s));
    state.page = Math.max(1, parseInt(given.get("page"), 10) || 1);
  }
  function write() {
    const given = new URLSearchParams();
    for (const name of [...FILTERS, "sort"]) if (state[name]) given.set(name, state[name]);
    if (state.off.length) given.set("without", state.off.join(","));
    if (state.page > 1) given.set("page", state.page);
    try { history.replaceState(null, "", "#" + given); } catch (error) { /* some browsers refuse this for local files */ }
  }

  // ------------------------------------------------ which findings, in which order
  const collator = new Intl.Collator("en", {numeric: true});
  const ranks = {};
  function rank(name) {   // place of each distinct value among all; missing last
    if (!ranks[name]) {
      const values = columns[name].values;
      const order = values.map((_, code) => code);
      if (name === "severity") order.sort((a, b) => SEVERITIES.indexOf(values[a]) - SEVERITIES.indexOf(values[b]));
      else if (typeof values[0] === "number") order.sort((a, b) => values[a] - values[b]);
      else order.sort((a, b) => collator.compare(values[a], values[b]));
      const places = new Int32Array(values.length);
      order.forEach((code, place) => { places[code] = place; });
      ranks[name] = columns[name].codes.map((code) => code < 0 ? values.length : places[code]);
    }
    return ranks[name];
  }
  function matching() {
    const tests = [];
    const only = (name, fits) => {
      const allowed = columns[name].values.map(fits);
      const codes = columns[name].codes;
      tests.push((row) => codes[row] >= 0 && allowed[codes[row]]);
    };
    if (state.off.length) only("severity", (value) => !state.off.includes(value));
    for (const name of CHOICES) {
      if (state[name] === EMPTY) { const codes = columns[name].codes; tests.push((row) => codes[row] < 0); }
      else if (state[name]) only(name, (value) => value === state[name]);
    }
    if (state.waived) tests.push((row) => (columns.waived.codes[row] >= 0) === (state.waived === "yes"));
    const wanted = state.subject.trim().toLowerCase();
    const exact = columns.subject.values.some((value) => value.toLowerCase() === wanted);
    if (wanted) only("subject", (value) => exact ? value.toLowerCase() === wanted : value.toLowerCase().includes(wanted));
    for (const word of state.text.toLowerCase().split(/\s+/).filter(Boolean)) {
      const hits = SEARCHED.map((name) => [columns[name].codes, columns[name].values.map((value) => value.toLowerCase().includes(word))]);
      tests.push((row) => hits.some(([codes, hit]) => codes[row] >= 0 && hit[codes[row]]));
    }
    const rows = [];
    for (let row = 0; row < size; row++) if (tests.every((test) => test(row))) rows.push(row);
    return rows;
  }
  const causeOf = new Int32Array(size).fill(-1);
  causes.forEach((rows, cause) => rows.forEach((row) => { causeOf[row] = cause; }));
  function folded(rows) {   // one entry per cause: the finding that speaks for it, then the others
    const fits = new Set(rows), seen = new Set(), entries = [];
    for (const row of rows) {
      const cause = causeOf[row];
      if (cause < 0) entries.push([row]);
      else if (!seen.has(cause)) { seen.add(cause); entries.push(causes[cause].filter((r) => fits.has(r))); }
    }
    return entries;
  }
  function sorted(entries) {
    if (!state.sort) return entries;
    const down = state.sort.startsWith("-");
    const name = state.sort.replace("-", "");
    const by = (name === "source" ? ["file", "line", "column"] : [name]).filter((n) => columns[n]).map(rank);
    const sign = down ? -1 : 1;
    return entries.sort(([a], [b]) => {
      for (const places of by) if (places[a] !== places[b]) return sign * (places[a] - places[b]);
      return a - b;
    });
  }

  // ------------------------------------------------ the table; every text goes in as text
  const add = (parent, tag, text, kind) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    parent.append(made);
    return made;
  };
  const mark = (parent, row) => {
    const severity = cell("severity", row);
    parent.className = "severity " + severity;
    parent.textContent = severity;
  };
  const WORD = /^\S{1,20} ?$/;   // stays on one line; a longer one may break where its column ends
  const whole = (parent, tag, text, kind = "") => add(parent, tag, text, WORD.test(text) ? `${kind} whole`.trim() : kind);
  const code = (td, text) => { if (text !== "") whole(td, "code", text); };
  const pieces = (parent, text) => {   // may break after these signs and blanks, and nowhere within a word or a date
    if (text !== "") for (const piece of text.split(/(?<=[:=_ ])/)) { whole(parent, "span", piece); add(parent, "wbr"); }
  };
  const block = (td, text) => { if (text !== "") pieces(add(td, "div"), text); };
  const FILL = {
    severity: (td, row) => mark(add(td, "span"), row),
    message: (td, row, others) => {
      add(td, "p", cell("message", row));
      if (cell("waived", row) !== "") add(td, "p", "Waived: " + cell("waived", row), "waiver");
      if (cell("answer", row) !== "") add(td, "p", "Answer: " + cell("answer", row), "answer");
      if (!others.length) return;
      const fold = add(td, "details");
      add(fold, "summary", `${count(others.length)} more on this cell`);
      const list = add(fold, "ul");
      for (const other of others) {
        const item = add(list, "li");
        mark(add(item, "span"), other);
        item.append(" ");
        add(item, "span", cell("message", other));
        const place = [cell("dataset", other), cell("variable", other), cell("rule", other), cell("fingerprint", other)];
        pieces(add(item, "small"), place.filter((part) => part !== "").join(" · "));
        if (cell("waived", other) !== "") add(item, "p", "Waived: " + cell("waived", other), "waiver");
        if (cell("answer", other) !== "") add(item, "p", "Answer: " + cell("answer", other), "answer");
      }
    },
    source: (td, row) => { if (source(row) !== "") pieces(add(td, "code"), source(row)); },
    verbatim: (td, row) => code(td, cell("verbatim", row)),
    variable: (td, row) => {
      block(td, cell("variable", row));
      const value = cell("value", row);
      if (value !== "" && value !== cell("verbatim", row)) whole(td, "span", value, "value");
    },
    rule: (td, row) => {
      if (cell("rule", row) !== "") add(td, "code", cell("rule", row));
      if (cell("fingerprint", row) !== "") whole(td, "code", cell("fingerprint", row), "print");
    },
  };
  function line([row, ...others]) {
    const tr = document.createElement("tr");
    tr.className = cell("severity", row) + (cell("waived", row) !== "" ? " waived" : "");
    for (const [name, label] of HEADS) {
      const td = add(tr, "td", undefined, "of-" + name);
      td.dataset.label = label;
      if (FILL[name]) FILL[name](td, row, others); else block(td, cell(name, row));
    }
    return tr;
  }
  const count = (n) => n.toLocaleString("en");
  const counted = (n, word) => `${count(n)} ${word}${n === 1 ? "" : "s"}`;
  const problems = size - causes.reduce((sum, rows) => sum + rows.length - 1, 0);
  let found = [], matched = 0;
  function show(whole) {
    const last = Math.max(1, Math.ceil(found.length / PAGE));
    state.page = Math.min(state.page, last);
    const from = whole ? 0 : (state.page - 1) * PAGE;
    const rows = found.slice(from, whole ? PRINTED : from + PAGE);
    const body = document.createDocumentFragment();
    for (const entry of rows) body.append(line(entry));
    element("body").replaceChildren(body);
    element("table").hidden = !found.length;
    element("none").hidden = found.length > 0 || !size;
    element("tools").hidden = !size;
    element("pages").hidden = last < 2;
    element("page").textContent = `Page ${count(state.page)} of ${count(last)}`;
    element("previous").disabled = state.page === 1;
    element("next").disabled = state.page === last;
    element("status").textContent = matched === size
      ? `${counted(problems, "cause")}, ${counted(size, "finding")}`
      : `${count(found.length)} of ${counted(problems, "cause")}, ${count(matched)} of ${counted(size, "finding")}`;
  }
  function update(keep) {
    if (!keep) state.page = 1;
    const rows = matching();
    matched = rows.length;
    found = sorted(folded(rows));
    show(false);
    reflect();
    write();
  }
  const chosen = ({dataset}) => state.site === (dataset.site || EMPTY) && state.file === (dataset.file || EMPTY);
  function reflect() {   // controls show the state
    for (const name of FILTERS) if (element(name).value !== state[name]) element(name).value = state[name];
    for (const button of document.querySelectorAll("[data-severity]")) button.setAttribute("aria-pressed", !state.off.includes(button.dataset.severity));
    for (const button of document.querySelectorAll(".bar")) button.setAttribute("aria-pressed", state[button.dataset.column] === (button.dataset.value || EMPTY));
    for (const button of document.querySelectorAll(".cell")) button.setAttribute("aria-pressed", chosen(button));
    for (const th of element("head").children) {
      const name = th.dataset.name;
      if (state.sort.replace("-", "") !== name) th.removeAttribute("aria-sort");
      else th.setAttribute("aria-sort", state.sort.startsWith("-") ? "descending" : "ascending");
    }
    element("reset").disabled = !(state.off.length || FILTERS.some((name) => state[name]));
  }

  // ------------------------------------------------ controls
  const toFindings = () => element("findings").scrollIntoView();
  function options(name, all) {
    const select = element(name);
    add(select, "option", all).value = "";
    for (const value of [...columns[name].values].sort(collator.compare)) add(select, "option", value).value = value;
    if (columns[name].codes.some((c) => c < 0)) add(select, "option", "(none)").value = EMPTY;
    select.addEventListener("change", () => { state[name] = select.value; update(); });
  }
  function typed(name) {
    let waiting;
    element(name).addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { state[name] = element(name).value; update(); }, 120);
    });
  }
  for (const [name, label] of HEADS) {
    const th = add(element("head"), "th");
    th.scope = "col";
    th.dataset.name = name;
    th.dataset.label = label;   // printed instead of the button
    const button = add(th, "button", label);
    button.type = "button";
    button.addEventListener("click", () => { state.sort = state.sort === name ? "-" + name : name; update(); });
  }
  options("file", "All");
  options("dataset", "All");
  options("site", "All");
  element("waivers").hidden = !columns.waived.values.length;
  element("waived").addEventListener("change", () => { state.waived = element("waived").value; update(); });
  for (const value of [...columns.subject.values].sort(collator.compare)) add(element("subjects"), "option").value = value;
  typed("subject");
  typed("text");
  for (const button of document.querySelectorAll("[data-severity]")) button.addEventListener("click", () => {
    const name = button.dataset.severity;
    state.off = state.off.includes(name) ? state.off.filter((s) => s !== name) : [...state.off, name];
    update();
  });
  for (const button of document.querySelectorAll(".bar")) button.addEventListener("click", () => {
    const {column} = button.dataset, value = button.dataset.value || EMPTY;
    state[column] = state[column] === value ? "" : value;
    update();
    toFindings();
  });
  for (const button of document.querySelectorAll(".cell")) button.addEventListener("click", () => {
    const {site, file} = button.dataset;
    state = chosen(button) ? {...start(), sort: state.sort} : {...start(), sort: state.sort, off: ["note"], site: site || EMPTY, file: file || EMPTY};
    update();
    toFindings();
  });
  for (const button of document.querySelectorAll("[data-rule]")) button.addEventListener("click", () => {
    state = {...start(), sort: state.sort, text: button.dataset.rule};
    update();
    toFindings();
  });
  element("tools").addEventListener("submit", (event) => event.preventDefault());
  element("reset").addEventListener("click", () => { state = {...start(), sort: state.sort}; update(); });
  const turn = (step) => { state.page += step; update(true); toFindings(); };
  element("previous").addEventListener("click", () => turn(-1));
  element("next").addEventListener("click", () => turn(1));
  addEventListener("hashchange", () => {
    const named = document.getElementById(location.hash.slice(1));   // a link to a part of the page, not a view
    if (!named) { read(); update(true); }
  });
  for (const part of document.querySelectorAll(".part")) {
    const link = add(element("parts"), "a", part.querySelector("h2").textContent);
    link.href = "#" + part.id;
    link.addEventListener("click", (event) => {   // keeps the filters in the address
      event.preventDefault();
      part.scrollIntoView();
      for (const fold of part.querySelectorAll(":scope > details:only-of-type")) fold.open = true;
    });
  }
  let opened = [];
  addEventListener("beforeprint", () => {
    show(true);
    opened = [...document.querySelectorAll(".part details:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => { show(false); for (const fold of opened) fold.open = false; });
  const stick = () => document.documentElement.style.setProperty("--tools", element("tools").offsetHeight + "px");
  if (window.ResizeObserver) new ResizeObserver(stick).observe(element("tools"));

  read();
  update(true);
  stick();
  document.documentElement.dataset.ready = "yes";
})();
