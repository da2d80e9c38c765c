"""What a report says above its table: the findings in one sentence, by site, by subject, and by site and form."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from html import escape

import pandas as pd

from ..findings import SEVERITIES, is_open
from ..metadata import Study

SHOWN = 8  # bars of a panel before the rest is folded away
PLURAL = {"reject": "rejects", "error": "errors", "warning": "warnings", "note": "notes"}
CALLING = tuple(severity for severity in SEVERITIES if severity != "note")  # for somebody to act
NONE = "(none)"


def severities(found: pd.DataFrame) -> dict[str, int]:
    """How many open findings of each severity there are, worst first."""
    there = found.loc[is_open(found), "severity"]
    return {severity: int(there.eq(severity).sum()) for severity in SEVERITIES}


def waived(found: pd.DataFrame) -> int:
    """How many findings are waived."""
    return int((~is_open(found)).sum())


def answered(found: pd.DataFrame) -> int:
    """How many findings have an answer."""
    return int(found["answer"].notna().sum())


# ---------------------------------------------------------------- words
def counted(n: int, severity: str) -> str:
    """A number of findings of one severity in words."""
    return f"{n:,} {severity if n == 1 else PLURAL[severity]}"


def listed(parts: list[str]) -> str:
    """Parts of a sentence with commas and "and"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def verdict(found: pd.DataFrame) -> str:
    """The findings in one sentence, and those that are waived or answered in others."""
    if found.empty:
        return "Nothing was found. Every record meets its spec and every rule."
    told = [counted(n, s) for s, n in severities(found).items() if n]
    subjects = found.loc[is_open(found), "subject"].nunique()
    people = f" in the records of {subjects:,} {'subject' if subjects == 1 else 'subjects'}" if subjects else ""
    left = waived(found)
    also = f" {left:,} {'finding is' if left == 1 else 'findings are'} waived." if left else ""
    said = answered(found)
    also += f" {said:,} {'finding is' if said == 1 else 'findings are'} answered." if said else ""
    return f"{listed(told)}{people}.{also}" if told else f"No open finding.{also}"


def primary(label: str, result: str) -> str:
    """The primary result, in bold."""
    if not result:
        return ""
    return f'<div class="primary"><dt>{escape(label)}</dt><dd>{escape(result)}</dd></div>'


def facts(given: Mapping[str, str]) -> str:
    """What else there is to know at a glance."""
    return "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>" for label, text in given.items())


def switches(found: pd.DataFrame) -> str:
    """One switch per severity."""
    return "".join(
        f'<button type="button" class="count {s}" data-severity="{s}" aria-pressed="true">'
        f'<span class="number">{n:,}</span> <span class="word">{s if n == 1 else PLURAL[s]}</span></button>'
        for s, n in severities(found).items()
    )


# ---------------------------------------------------------------- panels
def panels(found: pd.DataFrame) -> str:
    """Open findings by site, and the subjects with most of them."""
    still = found[is_open(found)]
    people = still[still["subject"].notna()]
    return _panel("By site", still, "site") + _panel("Subjects with most findings", people, "subject")


def _panel(title: str, found: pd.DataFrame, column: str) -> str:
    """How many findings there are per value of a column, as bars that filter the table."""
    table = pd.crosstab(found[column].fillna(""), found["severity"]).reindex(columns=SEVERITIES, fill_value=0)
    table = table.assign(calling=table[list(CALLING)].sum(axis=1), total=table.sum(axis=1)).reset_index(names="name")
    order = table.sort_values(["calling", "total", "name"], ascending=[False, False, True], kind="stable")
    bars = [_bar(column, row, int(table["total"].max())) for row in order.head(60).to_dict("records")]
    if not bars:
        return ""
    rest = f"<p>{len(table) - len(bars):,} more are in the table.</p>" if len(table) > len(bars) else ""
    folded = f"<details><summary>{len(bars) - SHOWN} more</summary>{''.join(bars[SHOWN:])}{rest}</details>"
    shown = "".join(bars[:SHOWN]) + (folded if len(bars) > SHOWN else "")
    return f'<section class="panel"><h2>{title}</h2>{shown}</section>'


def _bar(column: str, row: Mapping[Hashable, object], most: int) -> str:
    counts = {s: int(str(row[s])) for s in SEVERITIES}
    name, total = str(row["name"]), sum(counts.values())
    parts = "".join(f'<i class="{s}" style="width:{100 * n / most:.2f}%"></i>' for s, n in counts.items() if n)
    return (
        f'<button type="button" class="bar" data-column="{column}" data-value="{escape(name)}" '
        f'title="{_spoken(counts)}"><span class="name">{escape(name) or NONE}</span>'
        f'<span class="track" aria-hidden="true">{parts}</span><span class="number">{total:,}</span></button>'
    )


def _spoken(counts: Mapping[str, int]) -> str:
    return ", ".join(counted(n, s) for s, n in counts.items() if n)


def rows(made: Mapping[str, int]) -> str:
    """Records per dataset."""
    if not made:
        return ""
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{n:,}</dd></div>" for name, n in made.items())
    return f'<section class="panel"><h2>Records made</h2><dl class="rows">{cells}</dl></section>'


# ---------------------------------------------------------------- heat map
def heat(found: pd.DataFrame, study: Study) -> str:
    """Open findings that call for somebody to act, by site and form."""
    calling = found[found["severity"].isin(CALLING) & is_open(found)]
    if calling.empty:
        return ""
    forms = [form.file for form in study.forms.values()]
    there = calling.assign(site=calling["site"].fillna(""), file=calling["file"].fillna(""))
    counts = there.groupby(["site", "file", "severity"]).size()
    files = [f for f in [*forms, *sorted(set(there["file"]) - {*forms, ""}), ""] if f in set(there["file"])]
    heads = "".join(f'<th scope="col">{_form(file)}</th>' for file in files)
    most = int(there.groupby(["site", "file"]).size().max())
    sites = sorted(set(there["site"]), key=lambda site: (site == "", site))
    lines = "".join(_heat_row(site, files, counts, most) for site in sites)
    return (
        '<section class="panel heat"><h2>Rejects, errors and warnings by site and form</h2>'
        '<div class="wide" tabindex="0" role="region" aria-label="Findings by site and form"><table>'
        f'<thead><tr><th scope="col">Site</th>{heads}<th scope="col">All</th></tr></thead><tbody>{lines}</tbody>'
        "</table></div></section>"
    )


def _form(file: str) -> str:
    return escape(file.removesuffix(".csv").replace("_", " ")) or NONE


def _heat_row(site: str, files: list[str], counts: pd.Series, most: int) -> str:
    cells = "".join(_heat_cell(site, file, counts, most) for file in files)
    total = int(counts.xs(site, level="site").sum())
    return f'<tr><th scope="row">{escape(site) or NONE}</th>{cells}<td class="sum">{total:,}</td></tr>'


def _heat_cell(site: str, file: str, counts: pd.Series, most: int) -> str:
    by = {severity: int(counts.get((site, file, severity), 0)) for severity in CALLING}
    total = sum(by.values())
    if not total:
        return '<td class="zero">0</td>'
    spoken = escape(f"Site {site or NONE}, {file or NONE}: {_spoken(by)}")
    return (
        f'<td style="--share:{total / most:.2f}"><button type="button" class="cell" data-site="{escape(site)}" '
        f'data-file="{escape(file)}" title="{spoken}" aria-label="{spoken}">{total:,}</button></td>'
    )


# ---------------------------------------------------------------- answers to findings that are gone
def earlier(answers: pd.DataFrame) -> str:
    """The answers to findings that are gone, folded away."""
    if answers.empty:
        return ""
    lines = "".join(_earlier(row) for row in answers.to_dict("records"))
    return (
        '<section class="part" aria-labelledby="earlier-heading">'
        f'<h2 id="earlier-heading">Answers to findings that are gone ({len(answers):,})</h2>'
        f"<details><summary>Show them</summary><ul>{lines}</ul></details></section>"
    )


def _earlier(row: Mapping[Hashable, object]) -> str:
    asked = str(row["query"]) or str(row["wrong"])
    return f'<li><p>{escape(asked)}</p><p class="answer">Answer: {escape(str(row["answer"]))}</p></li>'
