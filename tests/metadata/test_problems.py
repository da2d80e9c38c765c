"""Every mistake of the YAML is said at once, with file, line, entry and reason."""

from __future__ import annotations

import pytest

from .conftest import StudyFolder

BRANCH = "the first step of a branch, and only that, is take; there is no stack in a stack"
COLON = "a colon is not allowed here; quote text that holds a colon and a blank"
TYPES = "should be text, code, number, result, date or time"
TAKE_VS = "  - take: VS\n    where: {VSSTRESN: present}"

Change = tuple[str, str, str, tuple[str, ...]]  # file, old text, new text, problems

CALLS: list[Change] = [
    (
        "sdtm/dm.yaml",
        "derive: recode",
        "derive: recod",
        ("sdtm/dm.yaml:8: DM.SEX: there is no derivation recod (did you mean recode?)",),
    ),
    (
        "sdtm/dm.yaml",
        "derive: recode",
        "derive: zzz",
        ("sdtm/dm.yaml:8: DM.SEX: there is no derivation zzz",),
    ),
    (
        "adam/advs.yaml",
        "source_sequence",
        "source_sequenz",  # what the kernel itself derives is suggested too
        (
            "adam/advs.yaml:17: ADVS.SRCSEQ: there is no derivation source_sequenz (did you mean source_sequence?)",
        ),
    ),
    (
        "sdtm/dm.yaml",
        ", with: {terms: {terms: SEX}}",
        "",
        ("sdtm/dm.yaml:8: DM.SEX: recode: the argument terms is missing",),
    ),
    (
        "sdtm/dm.yaml",
        "with: {terms: ",
        "with: {term: ",
        ("sdtm/dm.yaml:8: DM.SEX: recode: there is no argument term (did you mean terms?)",),
    ),
    (
        "sdtm/dm.yaml",
        "from: {value: sex}, with: {terms: {terms: SEX}}",
        "from: {value: sex, terms: site}",
        ("sdtm/dm.yaml:8: DM.SEX: recode: terms is a constant: it goes into with, not from",),
    ),
    (
        "sdtm/dm.yaml",
        "from: {value: sex}, with: {terms: {terms: SEX}}",
        "with: {value: sex, terms: {terms: SEX}}",
        ("sdtm/dm.yaml:8: DM.SEX: recode: value is a column: it goes into from, not with",),
    ),
    (
        "sdtm/dm.yaml",
        "{value: sex}",
        "{value: [sex, site]}",
        ("sdtm/dm.yaml:8: DM.SEX: recode: value is one column, not a list",),
    ),
    (
        "sdtm/dm.yaml",
        "from: {value: sex}",
        "from: sex",
        (
            "sdtm/dm.yaml:8: variables.SEX.from: names a column; a derivation wants {parameter: column}",
        ),
    ),
    (
        "adam/advs.yaml",
        "{of: AVAL}",
        "{off: AVAL}",
        (
            "adam/advs.yaml:17: ADVS.SRCSEQ: source_sequence: there is no argument off (did you mean of?)",
        ),
    ),
    (
        "sdtm/dm.yaml",
        "derive: recode, ",
        "",
        (
            "sdtm/dm.yaml:8: variables.SEX: a derivation is missing: from {parameter: column} and with need derive",
        ),
    ),
    (
        "sdtm/dm.yaml",
        "{from: country}",
        "{value: NOR, from: country}",
        (
            "sdtm/dm.yaml:9: variables.COUNTRY: has value and from: only one of them says where values come from",
        ),
    ),
    (
        "sdtm/dm.yaml",
        "{from: country}",
        "{value: {facts: heavy}}",  # fact, not facts
        ("sdtm/dm.yaml:9: variables.COUNTRY.value: facts refers to nothing (did you mean fact?)",),
    ),
    (
        "sdtm/dm.yaml",
        "with: {terms: {terms: SEX}}",
        "with: {terms: {M: 1}}",  # constants are of the type that the function names
        ("sdtm/dm.yaml:8: DM.SEX: recode: terms.M should be text, not 1",),
    ),
    (
        "study.yaml",
        "facts:",
        "lengths: {USUBJID: -5, VISIT: 300, others: data}\nfacts:",
        (
            "study.yaml:26: lengths.USUBJID: is not a length of text: 1 to 200 bytes, or data",
            "study.yaml:26: lengths.VISIT: is not a length of text: 1 to 200 bytes, or data",
        ),
    ),
    (
        "study.yaml",
        "facts:",
        "lengths: {others: 40}\nfacts:",
        (
            "study.yaml:26: lengths: others can only be data: what is in them decides how long they are",
        ),
    ),
    (
        "study.yaml",
        "facts:",
        "lengths: date\nfacts:",
        ("study.yaml:26: lengths: should be data, or entries of the form variable: bytes",),
    ),
    (
        "study.yaml",
        "heavy: 100",
        "heavy: a lot",
        (
            "study.yaml:27: facts.heavy: should be a number, not the text 'a lot' (the threshold of at_least)",
        ),
    ),
]

VARIABLES: list[Change] = [
    (
        "sdtm/dm.yaml",
        "{from: country}",
        "{from: county}",
        ("sdtm/dm.yaml:9: DM.COUNTRY: there is no column county here (did you mean country?)",),
    ),
    (
        "sdtm/dm.yaml",
        "{value: sex}",
        "{value: gender}",
        ("sdtm/dm.yaml:8: DM.SEX: there is no column gender here",),
    ),
    (
        "sdtm/dm.yaml",
        "COUNTRY: {from: country}",
        "COUNTRY: {}",  # copies the column of the same name; names of raw columns are as the form writes them
        (
            "sdtm/dm.yaml:9: DM.COUNTRY: there is no column COUNTRY to take it from (did you mean country?)",
        ),
    ),
    (
        "adam/advs.yaml",
        "  PARAM: {from: VSTEST}",
        "  PARAM: {from: PARCAT1}\n  PARCAT1: {from: PARAM}",
        ("adam/advs.yaml:13: ADVS.PARAM: is derived from itself: PARAM <- PARCAT1 <- PARAM",),
    ),
    (
        "sdtm/vs.yaml",
        "VSDTC: {from: date}",
        "VSDTC: {from: date}\n  VSTDTC: {from: date}",
        (
            "sdtm/vs.yaml:17: variables.VSTDTC: VSTDTC is not a variable of VS in SDTMIG 3.4 (did you mean VSDTC?)",
        ),
    ),
    (
        "adam/advs.yaml",
        ", label: Heavy, type: Char",
        "",
        (
            "adam/advs.yaml:16: variables.HEAVYFL: HEAVYFL is not in ADaMIG 1.3: give label and type",
        ),
    ),
    (
        "sdtm/dm.yaml",
        "  SEX: {derive: recode, from: {value: sex}, with: {terms: {terms: SEX}}}\n",
        "",
        ("sdtm/dm.yaml:5: variables: SEX is required in DM and not wired",),
    ),
    (
        "sdtm/dm.yaml",
        "shared: [STUDYID, DOMAIN, USUBJID]",
        "shared: [STUDYID, DOMAIN, USUBJID]\nkeep: [SITEID]",
        ("sdtm/dm.yaml:8: variables.SITEID: is given more than once (shared, keep or variables)",),
    ),
    (
        "sdtm/vs.yaml",
        "VSSEQ, VSDY]",
        "VSSEQ, VSDY, VSBLFL]",
        ("sdtm/vs.yaml:3: shared.6: VSBLFL is not wired in shared.yaml",),
    ),
    (
        "sdtm/dm.yaml",
        "COUNTRY: {",
        "COUNTRY: {codelist: C66742X, ",
        (
            "sdtm/dm.yaml:9: variables.COUNTRY.codelist: there is no codelist C66742X (did you mean C66742?)",
        ),
    ),
    (
        "study.yaml",
        "C66741: {terms: [WAIST]}",
        "C66742: {terms: [PERHAPS]}",
        ("study.yaml:25: codelists.C66742: No Yes Response is not extensible",),
    ),
    (
        "adam/advs.yaml",
        "label: Heavy",
        "label: Schwerer als die übrigen Prüfteilnehmer",  # 39 characters, but ü is two bytes
        ("adam/advs.yaml:16: variables.HEAVYFL: the label has 41 bytes, more than 40",),
    ),
    (
        "sdtm/dm.yaml",
        "shared:",
        "label: Demographics of All Subjects That Were Included\nshared:",
        ("sdtm/dm.yaml:2: label: the label has more than 40 bytes",),
    ),
    (
        "sdtm/dm.yaml",
        "  COUNTRY: {from: country}",
        "  COUNTRY: {from: country}\n  FIRSTDOSE: {supplemental: First Dose, from: dosed}",
        (
            "sdtm/dm.yaml:10: variables.FIRSTDOSE: FIRSTDOSE: a variable name has 1 to 8 capitals, digits or _",
        ),
    ),
    (
        "adam/advs.yaml",
        "dataset: ADVS",
        "dataset: ADVSBYDAY",
        ("adam/advs.yaml:1: dataset: ADVSBYDAY: a dataset name has 1 to 8 capitals and digits",),
    ),
    (
        "adam/advs.yaml",
        "label: Vital Signs Analysis Data\n",
        "",
        ("adam/advs.yaml:1: dataset: an ADaM dataset needs structure, label and keys",),
    ),
    (
        "sdtm/vs.yaml",
        "VSTESTCD, VSDTC]",
        "VSTESTCD, VSDAT]",
        ("sdtm/vs.yaml:2: VS.keys: VSDAT is not a variable of the dataset (did you mean VSDTC?)",),
    ),
    (
        "sdtm/vs.yaml",
        "VSTESTCD, VSDTC]",
        "VSTESTCD, VSSEQ]",
        ("sdtm/vs.yaml:2: VS.keys: VSSEQ is derived from the order that the keys give",),
    ),
]

ROWS: list[Change] = [
    (  # what a step reads is derived before it, where the column of a later step is not there
        "adam/advs.yaml",
        "  - join: {with: DM, on: [USUBJID], take: [SITEID], unmatched: drop}\nvariables:\n  SITEID: {}",
        "  - first: {by: [USUBJID], order: [near]}\n  - join: {with: DM, on: [USUBJID], take: {place: SITEID}, unmatched: drop}\nworking:\n  near: {from: place}\nvariables:\n  SITEID: {from: place}",
        (
            "adam/advs.yaml:12: ADVS.near: there is no column place here; near is derived before rows.2, which reads it",
        ),
    ),
    (
        "sdtm/vs.yaml",
        "take: vitals",
        "take: vital",  # and nothing on all the columns that are unknown with it
        (
            "sdtm/vs.yaml:5: VS.rows.1: there is no form or dataset vital to read here (did you mean vitals?)",
        ),
    ),
    (
        "sdtm/dm.yaml",
        "  - take: subjects",
        "  - take: subjects\n    where: {sex: [1, 3]}",  # it would take no record whose sex is 3
        ("sdtm/dm.yaml:4: DM.rows.1: sex of subjects is never 3",),
    ),
    (
        "sdtm/dm.yaml",
        "  RFSTDTC: {from: dosed}",
        "  RFSTDTC: {from: dosed}\n  DMDY: {derive: number, from: {value: SEX}}",
        (
            "sdtm/dm.yaml:11: DM.DMDY: number: the term F of SEX is not a number",
            "sdtm/dm.yaml:11: DM.DMDY: number: the term M of SEX is not a number",
        ),
    ),
    (
        "adam/advs.yaml",
        "with: DM",
        "with: DMM",
        (
            "adam/advs.yaml:9: ADVS.rows.2: there is no form or dataset DMM to read here (did you mean DM?)",
        ),
    ),
    (
        "adam/advs.yaml",
        "{VSSTRESN: present}",
        "{VSTRESN: present}",
        ("adam/advs.yaml:7: ADVS.rows.1: VS has no column VSTRESN (did you mean VSSTRESN?)",),
    ),
    (
        "adam/advs.yaml",
        "[SITEID]",
        "[SITEID, SEXX]",
        ("adam/advs.yaml:9: ADVS.rows.2: DM has no column SEXX (did you mean SEX?)",),
    ),
    (
        "adam/advs.yaml",
        "take: VS",
        "take: VS\n    rename: {day: VSDAY}",
        ("adam/advs.yaml:7: ADVS.rows.1: VS has no column VSDAY (did you mean VSDY?)",),
    ),
    (
        "adam/advs.yaml",
        "take: VS",
        "take: VS\n    rename: {VSTEST: VSREASND}",
        (
            "adam/advs.yaml:7: ADVS.rows.1: there is a column VSTEST already; rename it too, or take another name",
        ),
    ),
    (
        "adam/advs.yaml",
        "{with: DM, on: [USUBJID], take: [SITEID], unmatched: drop}",
        "{with: VS, on: [USUBJID], take: {SITEID: VSORRESU}}",
        (
            "adam/advs.yaml:9: ADVS.rows.2: VS may have several records for USUBJID: add VSTESTCD, VSDTC to on, or choose: latest, earliest, nearest or matches: all",
        ),
    ),
    (
        "sdtm/vs.yaml",
        "take: [RFSTDTC]",
        "take: {RFSTDTC: RFSTDTC, date: SEX}",
        ("sdtm/vs.yaml:7: VS.rows.3: there is a column date already; take it under another name",),
    ),
    (
        "sdtm/vs.yaml",
        "{weight: WEIGHT",
        "{date: WEIGHT",  # and VSDTC has lost its column: that is said on the line of VSDTC
        ("sdtm/vs.yaml:16: VS.VSDTC: there is no column date here",),
    ),
    (
        "sdtm/vs.yaml",
        "name: test, value: result",
        "name: test, value: date",
        (
            "sdtm/vs.yaml:6: VS.rows.2: there is a column date already; take another name",
            "sdtm/vs.yaml:11: VS.VSORRES: there is no column result here (did you mean test?)",
        ),
    ),
    (
        "adam/advs.yaml",
        "    where: {VSSTRESN: present}",
        "  - melt: {columns: {VSSTRESC: A}, name: n, value: v, reason: why}",  # only forms know why a cell is empty
        (
            "adam/advs.yaml:8: ADVS.rows.2: there is no column VSSTRESC.missing here (did you mean VSSTRESC?)",
        ),
    ),
    (
        "sdtm/vs.yaml",
        "take: [RFSTDTC]}",
        "take: [RFSTDTC]}\n  - first: {by: [USUBJID], order: [VSSEQ]}",
        ("sdtm/vs.yaml:8: VS.rows.4: VSSEQ is derived from the order of the finished rows",),
    ),
    (
        "sdtm/vs.yaml",
        "  - take: vitals\n",
        "",
        (
            "sdtm/vs.yaml:5: VS.rows.1: the first step, and only that, is take, stack, values or events",
        ),
    ),
    (
        "adam/advs.yaml",
        TAKE_VS,
        "  - stack: []",
        ("adam/advs.yaml:7: ADVS.rows.1: a stack has at least one branch",),
    ),
    (
        "adam/advs.yaml",
        TAKE_VS,
        "  - stack:\n      - {take: VS}\n      - [{take: VS}, {take: VS}]",
        (f"adam/advs.yaml:9: ADVS.rows.1.stack.2: {BRANCH}",),
    ),
    (
        "adam/advs.yaml",
        TAKE_VS,
        "  - stack:\n      - [{take: VS}, {first: {by: [USUBJID], order: [VSDTX]}}]",
        (
            "adam/advs.yaml:8: ADVS.rows.1.stack.1.2: there is no column VSDTX here (did you mean VSDTC?)",
        ),
    ),
    (
        "sdtm/dm.yaml",
        "  - take: subjects\n",
        "  - take: subjects\n  - join: {with: VS, on: [USUBJID], take: [VSDTC]}\n",
        (
            "sdtm/dm.yaml:1: rows: datasets read each other: DM <- VS <- DM",
            "sdtm/dm.yaml:5: DM.rows.2: there is no form or dataset VS to read here",
        ),
    ),
]

LANGUAGE: list[Change] = [
    (
        "sdtm/dm.yaml",
        "COUNTRY: {",
        "COUNTRY: {colour: red, ",
        (
            "sdtm/dm.yaml:9: variables.COUNTRY.colour: is not a word of the spec language (did you mean core?)",
        ),
    ),
    (
        "adam/advs.yaml",
        "    where: {V",
        "    were: {V",
        (
            "adam/advs.yaml:8: rows.1.were: is not a word of the spec language (did you mean where?)",
        ),
    ),
    (
        "sdtm/vs.yaml",
        "name: test, ",
        "nam: test, ",
        (
            "sdtm/vs.yaml:6: rows.2.melt.nam: is not a word of the spec language (did you mean name?)",
        ),
    ),
    (
        "sdtm/vs.yaml",
        "on: [USUBJID], ",
        "",
        ("sdtm/vs.yaml:7: rows.3.join.on: is missing",),
    ),
    (
        "sdtm/vs.yaml",
        "- take: vitals",
        "- grab: vitals",
        (
            "sdtm/vs.yaml:5: rows.1: a row step starts with one of take, stack, values, melt, transpose, join, lookup, cross, filter, first, last, summarize, events",
        ),
    ),
    (
        "adam/advs.yaml",
        "unmatched: drop",
        "unmatched: lose",
        ("adam/advs.yaml:9: rows.2.join.unmatched: should be keep or drop",),
    ),
    (
        "sdtm/vs.yaml",
        "VSSTRESC: {from: VSORRES}",
        "VSSTRESC: VSORRES",
        (
            "sdtm/vs.yaml:13: variables.VSSTRESC: should be entries of the form key: value, as {from: VSORRES}",
        ),
    ),
    (
        "sdtm/dm.yaml",
        "  SITEID: {from: site}\n",
        "  SITEID: {from: site}\n  SEX: {from: sex}\n",  # the second one is the wrong one
        ("sdtm/dm.yaml:9: variables.SEX: is a duplicate",),
    ),
    (
        "sdtm/vs.yaml",
        "rows:",
        "rows: [",
        (
            "sdtm/vs.yaml:5: (document): is not valid YAML: a value is missing here, or a bracket is not closed",
        ),
    ),
    (
        "sdtm/dm.yaml",
        "{terms: SEX}",
        "{terms: SEXE}",
        ("sdtm/dm.yaml:8: variables.SEX.with.terms: there are no terms SEXE (did you mean SEX?)",),
    ),
    (
        "adam/advs.yaml",
        "{fact: heavy}",
        "{fact: heavi}",
        (
            "adam/advs.yaml:16: variables.HEAVYFL.with.threshold: there is no fact heavi (did you mean heavy?)",
        ),
    ),
    (
        "sdtm/vs.yaml",
        "[C66741, C67153]",
        "[C66741, C6715]",
        (
            "sdtm/vs.yaml:10: variables.VSTEST.with.terms: there is no codelist C6715 (did you mean C67154?)",
        ),
    ),
]

STUDY: list[Change] = [
    ("study.yaml", "cutoff: 2018-12-31\n", "", ("study.yaml:1: cutoff: is missing",)),
    ("study.yaml", "2018-12-31", "31-12-2018", ("study.yaml:3: cutoff: is not a date YYYY-MM-DD",)),
    ("study.yaml", "2018-12-31", "2018", ("study.yaml:3: cutoff: is not a date YYYY-MM-DD",)),
    (
        "study.yaml",
        "2018-12-31",
        "2018-13-31",
        ("study.yaml:3: cutoff: is not a day of the calendar",),
    ),
    (
        "study.yaml",
        "cutoff:",
        "colour: red\ncutoff:",
        ("study.yaml:3: colour: is not a word of the spec language",),
    ),
    (
        "study.yaml",
        "cutoff: ",
        "cutoff: : ",
        (f"study.yaml:3: (document): is not valid YAML: {COLON}",),
    ),
    (
        "study.yaml",
        "terms:\n  SEX",
        "terms:\n  SEX: {}\n  SEX",
        ("study.yaml:23: terms.SEX: is a duplicate",),
    ),
    (
        "study.yaml",
        "subjects: subjects",
        "subjects: subject",
        ("study.yaml:4: intake.subjects: subject is not a form (did you mean subjects?)",),
    ),
    (
        "study.yaml",
        "site: site}",
        "site: sight}",
        ("study.yaml:4: intake.site: sight is not a column of subjects (did you mean site?)",),
    ),
    (
        "study.yaml",
        "site: site}",
        'site: site, thousands: "."}',  # the decimal sign of a study that says nothing is the point
        (
            "study.yaml:4: intake: . cannot be decimal and thousands at once; say both decimal and thousands",
        ),
    ),
    (
        "study.yaml",
        "weight: {type: number}",
        'weight: {type: number, thousands: "."}',
        (
            "study.yaml:19: forms.vitals.columns.weight.thousands: . is the decimal sign already; set decimal, too",
        ),
    ),
    (
        "study.yaml",
        "dosed: {type: date}",
        'dosed: {type: date, decimal: ","}',
        (
            "study.yaml:13: forms.subjects.columns.dosed.decimal: goes with type number or result, and this is date",
        ),
    ),
    (
        "study.yaml",
        "key: [subject_id, date]",
        "key: [subject_id, dat]",
        (
            "study.yaml:15: forms.vitals.key.2: dat is not a column of the form (did you mean date?)",
        ),
    ),
    (
        "study.yaml",
        "terms: SEX",
        "terms: SXE",
        (
            "study.yaml:11: forms.subjects.columns.sex.terms: there are no terms SXE (did you mean SEX?)",
        ),
    ),
    (
        "study.yaml",
        "      subject_id: {required: true}\n      date",
        "      date",
        (
            "sdtm/shared.yaml:3: VS.USUBJID: there is no column subject_id here",
            "study.yaml:14: forms.vitals: has no column subject_id, which names the subject",
            "study.yaml:15: forms.vitals.key.1: subject_id is not a column of the form",
        ),
    ),
    (
        "study.yaml",
        "dosed: {type: date}",
        "dosed: {type: day}",
        (f"study.yaml:13: forms.subjects.columns.dosed.type: {TYPES}",),
    ),
]


CIRCLE = "is derived from itself: VSTEST <- VSPOS <- VSTEST"
TAKES_OVER = (
    "VSTEST is the variable here, not the source's column: "
    "take the source's column under another name, as in rename: {collected_VSTEST: VSTEST}"
)
TAKEN_OVER: list[Change] = [
    (
        "adam/advs.yaml",
        "  PARAM: {from: VSTEST}",
        "  PARAM: {from: VSTEST}\n  VSPOS: {from: VSTEST}\n  VSTEST: {from: VSPOS}",
        (f"adam/advs.yaml:15: ADVS.VSTEST: {CIRCLE}; {TAKES_OVER}",),
    ),
]

KINDS: list[Change] = [
    (
        "sdtm/vs.yaml",
        "VSSTRESN: {derive: number, from: {value: VSSTRESC}}",
        "VSSTRESN: {from: VSSTRESC}",  # a Num, and what the form holds is text
        ("sdtm/vs.yaml:14: VS.VSSTRESN: is Num and VSSTRESC is text: derive number",),
    ),
    (
        "sdtm/vs.yaml",
        "VSSTRESN: {derive: number, from: {value: VSSTRESC}}",
        "VSSTRESN: {value: heavy}",
        ("sdtm/vs.yaml:14: VS.VSSTRESN: is Num and heavy is text: derive number",),
    ),
    (
        "adam/advs.yaml",
        "PARAM: {from: VSTEST}",
        "PARAM: {derive: calendar_date, from: {date: VSDTC}}",
        (
            "adam/advs.yaml:13: ADVS.PARAM: is Char and what calendar_date gives is a date: say type: Num",
        ),
    ),
    (
        "adam/advs.yaml",
        "{from: VSSTRESN}",
        "{derive: quotient, from: {dividend: VSSTRESC, divisor: VSSTRESN}}",
        (
            "adam/advs.yaml:14: ADVS.AVAL: quotient: dividend wants a number and VSSTRESC is text: derive number before",
        ),
    ),
    (
        "adam/advs.yaml",
        "PARAM: {from: VSTEST}",
        "PARAM: {derive: coalesce, from: {values: [VSTEST, VSSTRESN]}}",
        (
            "adam/advs.yaml:13: ADVS.PARAM: coalesce: all should be of one kind: VSTEST is text, VSSTRESN is a number",
        ),
    ),
    (
        "adam/advs.yaml",
        "PARAM: {from: VSTEST}",
        "PARAM: {from: VSSTRESN}",
        (),
    ),  # a number in a Char is written as text
    (
        "adam/advs.yaml",
        "on: [USUBJID], take: [SITEID]",
        "on: {AVAL: USUBJID}, take: [SITEID]",
        (
            "adam/advs.yaml:9: ADVS.rows.2: AVAL is a number, USUBJID of DM is text: they never match",
        ),
    ),
]

FORMS: list[Change] = [
    (
        "study.yaml",
        "site: site}",
        "site: site, date: DD-MM-YYYY | YYYY}",
        (),
    ),  # blanks around | are none of the format
    (
        "study.yaml",
        "site: site}",
        "site: site, date: DD-MMM-YYYY}",
        (
            "study.yaml:4: intake.date: MMM is not a part of a date (did you mean Mon?); parts are DD, MM, Mon and YYYY",
        ),
    ),
    (
        "study.yaml",
        "dosed: {type: date}",
        "dosed: {type: date, format: DD-MM-DD}",
        (
            "study.yaml:13: forms.subjects.columns.dosed.format: DD-MM-DD has no year (YYYY)",
            "study.yaml:13: forms.subjects.columns.dosed.format: DD-MM-DD has the day twice",
        ),
    ),
    (
        "study.yaml",
        "site: site}",
        "site: site, unknown: {day: 99, month: jan}}",  # these can be read as a day and as a month
        (
            "study.yaml:4: intake.unknown.day: 99 is read as a day that is known",
            "study.yaml:4: intake.unknown.month: jan is read as a month that is known",
        ),
    ),
    (
        "study.yaml",
        "site: site}",
        "site: site, encodings: [utf-9], delimiter: ;;}",
        (
            "study.yaml:4: intake.delimiter: should be one character",
            "study.yaml:4: intake.encodings.1: there is no encoding utf-9",
        ),
    ),
    (
        "study.yaml",
        "country:\n",
        "country: {range: [1, 2]}\n",
        (
            "study.yaml:12: forms.subjects.columns.country.range: goes with type number or result, and this is text",
        ),
    ),
    (
        "study.yaml",
        "    key: [subject_id]\n",
        "    file: ../subjects.csv\n    key: [subject_id]\n",
        (
            "study.yaml:7: forms.subjects.file: ../subjects.csv is not a file of the export's folder: give its name",
        ),
    ),
    (
        "study.yaml",
        "site: site}",
        "site: site, redcap: {forms: {vital: {}, vitals: {fields: {puls: p}}}}}",
        (
            "study.yaml:4: intake.redcap.forms.vital: the study has no form vital (did you mean vitals?)",
            "study.yaml:4: intake.redcap.forms.vitals.fields.puls: the form has no column puls (did you mean pulse?)",
        ),
    ),
]
HOLDS = "study.yaml, waivers.yaml, differences.yaml, narrative.yaml, schema.json, sdtm, adam, rules, results"
FILES = {  # what lies in the folder, and what is said of it
    "sdtm/ae.yml": ["sdtm/ae.yml:1: (file): is not read: rename it to .yaml"],
    "sdmt/ae.yaml": [
        f"sdmt:1: (file): is not read: a study holds {HOLDS} (did you mean sdtm?)",
    ],
    "waiver.yaml": [
        f"waiver.yaml:1: (file): is not read: a study holds {HOLDS} (did you mean waivers.yaml?)",
    ],
    "adam/old/adsl.yaml": ["adam/old:1: (file): is not read: adam holds .yaml files"],
    "README.md": [],  # for people
    "sdtm/.dm.yaml.swp": [],  # of an editor
}


def test_a_sum_of_text(study: StudyFolder) -> None:
    study.write(
        "adam/total.yaml",
        """\
dataset: TOTAL
internal: true
keys: [USUBJID]
rows:
  - {take: VS}
  - summarize: {by: [USUBJID], take: {sum: {sum: VSSTRESC}, last: {max: VSDTC}}}
variables: {USUBJID: {}, sum: {type: Num}, last: {}}
""",
    )
    assert study.problems() == [
        "adam/total.yaml:6: TOTAL.rows.2: VSSTRESC is text and has no sum: derive number before"
    ]


@pytest.mark.parametrize("name", FILES)
def test_files_that_nothing_reads_are_told(study: StudyFolder, name: str) -> None:
    study.write(name, "dataset: AE\n")
    assert study.problems() == FILES[name]


def test_the_small_study_is_valid(study: StudyFolder) -> None:
    assert study.problems() == []


SITE = "site: site}"


@pytest.mark.parametrize(
    ("layout", "problem"),
    [
        (
            "redcap: {forms: {vital: {}}}",
            "redcap.forms.vital: the study has no form vital (did you mean vitals?)",
        ),
        (
            "redcap: {forms: {vitals: {fields: {puls: x}}}}",
            "redcap.forms.vitals.fields.puls: the form has no column puls (did you mean pulse?)",
        ),
        ("odm: {forms: {zzz: {groups: [A]}}}", "odm.forms.zzz: the study has no form zzz"),
        (
            "odm: {forms: {vitals: {fields: {puls: IT.PULSE}}}}",
            "odm.forms.vitals.fields.puls: the form has no column puls (did you mean pulse?)",
        ),
        (
            "odm: {forms: {vitals: {fields: {pulse: StudyEventOid}}}}",  # too near to be an ItemOID
            "odm.forms.vitals.fields.pulse: ODM has no StudyEventOid (did you mean StudyEventOID?)",
        ),
        (
            "odm: {forms: {vitals: {fields: {pulse: weigt/Symbol}}}}",
            (
                "odm.forms.vitals.fields.pulse: weigt is not a column of the form (did you mean weight?); before / stands "
                "the column of an item"
            ),
        ),
        (
            "odm: {forms: {vitals: {fields: {pulse: weight/Symbols}}}}",
            (
                "odm.forms.vitals.fields.pulse: Symbols is not read of an item (did you mean Symbol?); expected "
                "MeasurementUnitOID, Symbol or a vendor's attribute prefix:name"
            ),
        ),
        (
            "odm: {forms: {vitals: {fields: {subject_id: SubjectKey}}}}",
            "odm.forms.vitals.fields.subject_id: what names the subject is said once, under intake.odm.subject",
        ),
        (
            "odm: {subject: SubjectName}",
            "odm.subject: SubjectName is neither SubjectKey nor a vendor's attribute, as in mdsol:SubjectName",
        ),
        (
            "odm: {forms: {vitals: {groups: [A]}, subjects: {groups: [B, A]}}}",
            "odm.forms.subjects.groups.2: the item group A is of the form vitals already",
        ),
        ("odm: {form: {}}", "odm.form: is not a word of the spec language (did you mean forms?)"),
    ],
)
def test_layout_of_exports_of_all_forms(study: StudyFolder, layout: str, problem: str) -> None:
    study.change("study.yaml", SITE, f"{SITE[:-1]}, {layout}}}")
    assert study.problems() == [f"study.yaml:4: intake.{problem}"]


@pytest.mark.parametrize(
    ("file", "old", "new", "problems"),
    [*CALLS, *VARIABLES, *ROWS, *TAKEN_OVER, *KINDS, *LANGUAGE, *STUDY, *FORMS],
)
def test_mistake(
    study: StudyFolder, file: str, old: str, new: str, problems: tuple[str, ...]
) -> None:
    study.change(file, old, new)
    assert study.problems() == list(problems)


def test_problems_of_several_files_are_listed_together(study: StudyFolder) -> None:
    study.change("study.yaml", "site: site}", "site: sight}")
    study.change("sdtm/vs.yaml", "{from: reason}", "{from: why}")
    study.change("sdtm/vs.yaml", "VSORRES: {from: result}", "VSORRES: {from: outcome}")
    study.change("sdtm/dm.yaml", "derive: recode", "derive: recod")
    study.change("adam/advs.yaml", "{of: AVAL}", "{}")
    assert study.problems() == [
        "adam/advs.yaml:17: ADVS.SRCSEQ: source_sequence: the argument of is missing",
        "sdtm/dm.yaml:8: DM.SEX: there is no derivation recod (did you mean recode?)",
        "sdtm/vs.yaml:11: VS.VSORRES: there is no column outcome here",
        "sdtm/vs.yaml:15: VS.VSREASND: there is no column why here",  # by line, not by text
        "study.yaml:4: intake.site: sight is not a column of subjects (did you mean site?)",
    ]


def test_two_files_make_one_dataset(study: StudyFolder) -> None:
    study.write("sdtm/zz.yaml", (study.folder / "sdtm/dm.yaml").read_text("utf-8"))
    assert study.problems() == [
        f"sdtm/zz.yaml:1: dataset: DM is also made by {study.folder / 'sdtm/dm.yaml'}",
    ]


def test_a_join_needs_the_key_of_its_form(study: StudyFolder) -> None:
    study.change("study.yaml", "    key: [subject_id]\n", "    key: []\n")
    study.change(
        "sdtm/vs.yaml",
        "{with: DM, on: [USUBJID], take: [RFSTDTC]}",
        "{with: subjects, on: [subject_id], take: {RFSTDTC: dosed}}",
    )
    assert study.problems() == [
        "sdtm/vs.yaml:7: VS.rows.3: subjects has no key, so it may have several records for subject_id: choose: latest, earliest, nearest or matches: all",
    ]


def test_empty_files(study: StudyFolder) -> None:
    study.write("adam/advs.yaml", "")
    assert study.problems() == [
        "adam/advs.yaml:1: (document): should be entries of the form key: value"
    ]
    study.write("study.yaml", "")
    assert study.problems() == [
        "adam/advs.yaml:1: (document): should be entries of the form key: value",
        "study.yaml:1: (document): should be entries of the form key: value",
    ]


def test_a_file_that_is_not_utf8(study: StudyFolder) -> None:
    (study.folder / "adam/advs.yaml").write_bytes("label: Prüfung".encode("cp1252"))
    assert study.problems() == [
        "adam/advs.yaml:1: (document): is not UTF-8 text after 9 byte(s) of this line; save it as UTF-8",
    ]


def test_rules_of_the_study(study: StudyFolder) -> None:
    rule = (
        "id: HEAVY, severity: note, dataset: VS, check: present, variable: VSORRES, message: Heavy"
    )
    study.write(
        "rules/own.yaml",
        f"- {{{rule}}}\n- {{{rule}, with: {{a: {{fact: heavi}}}}}}\n- {{{rule}}}\n- {{id: X}}\n",
    )
    assert study.problems() == [
        "rules/own.yaml:2: 2.with.a: there is no fact heavi (did you mean heavy?)",
        "rules/own.yaml:3: 3.id: rule HEAVY is a duplicate for VS",
        "rules/own.yaml:4: 4.check: is missing",
        "rules/own.yaml:4: 4.dataset: is missing",
        "rules/own.yaml:4: 4.message: is missing",
        "rules/own.yaml:4: 4.severity: is missing",
        "rules/own.yaml:4: 4.variable: is missing",
    ]
    study.write(
        "rules/own.yaml",
        f"- {{{rule}}}\n- {{{rule}, with: {{a: {{fact: heavi}}}}}}\n- {{{rule}}}\n",
    )
    assert study.problems() == [
        "rules/own.yaml:2: 2.with.a: there is no fact heavi (did you mean heavy?)",
        "rules/own.yaml:3: 3.id: rule HEAVY is a duplicate for VS",
    ]
