"""What a newcomer is told of a mistake: what should stand there, once, and nothing of what follows from it."""

from __future__ import annotations

import re

import pytest

from ivig_cdisc.study_check import check
from ivig_cdisc.text import nearest, suggest

from .conftest import StudyFolder

Change = tuple[str, str, str, list[str]]  # file, old text, new text, problems

TAKEN_OVER = "AVAL is the variable here, not the source's column of that name"
MISTAKES: list[Change] = [
    (
        "adam/advs.yaml",
        "AVAL: {from: VSSTRESN}",
        "AVAL: {from: VSSTRESC, label: This Label Is Much Too Long For A Transport File}",
        [
            "adam/advs.yaml:14: ADVS.AVAL: is Num and VSSTRESC is text: derive number",
            "adam/advs.yaml:14: variables.AVAL: the label has 48 bytes, more than 40",
        ],
    ),
    (
        "adam/advs.yaml",
        "  PARAM: {from: VSTEST}\n  AVAL: {from: VSSTRESN}",
        "  PARAM: VSTEST\n  AVAL: {from: VSSTRESC, lenght: 8}\n  XX: {from: nothere}",
        [
            "adam/advs.yaml:13: variables.PARAM: should be entries of the form key: value, as {from: VSTEST}",
            "adam/advs.yaml:14: variables.AVAL.lenght: is not a word of the spec language (did you mean length?)",
            "adam/advs.yaml:15: ADVS.XX: there is no column nothere here",
            "adam/advs.yaml:15: variables.XX: XX is not in ADaMIG 1.3: give label and type",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "VSSTRESC: {from: VSORRES}",
        "VSSTRESC: VSORRES",
        [
            "sdtm/vs.yaml:13: variables.VSSTRESC: should be entries of the form key: value, as {from: VSORRES}",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "VSSTRESC: {from: VSORRES}",
        "VSSTRESC: [VSORRES]",
        [
            "sdtm/vs.yaml:13: variables.VSSTRESC: should be entries of the form key: value",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "VSSTRESC: {from: VSORRES}",
        "VSSTRESC:",
        [
            "sdtm/vs.yaml:13: variables.VSSTRESC: should be entries of the form key: value, as {}",
        ],
    ),
    (
        "adam/advs.yaml",
        "length: 8",
        "length: eight",
        [
            "adam/advs.yaml:12: variables.PARAMCD.length: should be a whole number, not the text 'eight'",
        ],
    ),
    (
        "adam/advs.yaml",
        "length: 8",
        "length: 8.5",
        [
            "adam/advs.yaml:12: variables.PARAMCD.length: should be a whole number",
        ],
    ),
    (
        "adam/advs.yaml",
        "length: 8",
        "length: '8'",
        [
            "adam/advs.yaml:12: variables.PARAMCD.length: should be a whole number, not the text '8'",
        ],
    ),
    (
        "adam/advs.yaml",
        "length: 8",
        "length: 300",
        [
            "adam/advs.yaml:12: variables.PARAMCD.length: is not a length of text: 1 to 200 bytes",
        ],
    ),
    (
        "adam/advs.yaml",
        "length: 8",
        "length: true",
        [
            "adam/advs.yaml:12: variables.PARAMCD.length: should be a whole number, not true",
        ],
    ),
    (
        "adam/advs.yaml",
        "type: Char",
        "type: Text",
        [
            "adam/advs.yaml:16: variables.HEAVYFL.type: should be Char or Num",
        ],
    ),
    (
        "adam/advs.yaml",
        "type: Char",
        "type: num",
        [
            "adam/advs.yaml:16: variables.HEAVYFL.type: should be Char or Num (did you mean Num?)",
        ],
    ),
    (
        "adam/advs.yaml",
        "AVAL: {from: VSSTRESN}",
        "AVAL: {from: VSSTRESN, range: [1]}",
        [
            "adam/advs.yaml:14: variables.AVAL.range: should have 2 items",
        ],
    ),
    (
        "adam/advs.yaml",
        "AVAL: {from: VSSTRESN}",
        "AVAL: {from: VSSTRESN, range: [1,2,3]}",
        [
            "adam/advs.yaml:14: variables.AVAL.range: should have 2 items",
        ],
    ),
    (
        "adam/advs.yaml",
        "AVAL: {from: VSSTRESN}",
        "AVAL: {from: VSSTRESN, range: 1-2}",
        [
            "adam/advs.yaml:14: variables.AVAL.range: should be a list, as [1-2]",
        ],
    ),
    (
        "adam/advs.yaml",
        "AVAL: {from: VSSTRESN}",
        "AVAL: {from: VSSTRESN, range: [2,1]}",
        [
            "adam/advs.yaml:14: variables.AVAL.range: begins with the higher bound",
        ],
    ),
    (
        "adam/advs.yaml",
        "AVAL: {from: VSSTRESN}",
        "AVAL: {from: VSSTRESN, range: [low, high]}",
        [
            "adam/advs.yaml:14: variables.AVAL.range: should be a number, not the text 'low'",
        ],
    ),
    (
        "adam/advs.yaml",
        "AVAL: {from: VSSTRESN}",
        "AVAL: {from: [VSSTRESN]}",
        [
            "adam/advs.yaml:14: variables.AVAL.from: should be text or entries of the form key: value",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "from: {value: sex}",
        "from: {value: {from: sex}}",
        [
            "sdtm/dm.yaml:8: variables.SEX.from.value: should be text or a list",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "with: {terms: {terms: SEX}}",
        "with: [SEX]",
        [
            "sdtm/dm.yaml:8: variables.SEX.with: should be entries of the form key: value",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "with: {terms: {terms: SEX}}",
        "with: SEX",
        [
            "sdtm/dm.yaml:8: variables.SEX.with: should be entries of the form key: value",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "with: {terms: {terms: SEX}}",
        "with: {terms: SEX}",
        [
            "sdtm/dm.yaml:8: DM.SEX: recode: terms should be entries of the form key: value, not the text 'SEX'",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "with: {terms: {terms: SEX}}",
        "with: {terms: {terms: [SEX]}}",
        [
            "sdtm/dm.yaml:8: variables.SEX.with.terms: terms should be one name",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "{decode: [C66741, C67153]}",
        "{decode: C66741}",
        [
            "sdtm/vs.yaml:10: variables.VSTEST.with.terms: decode should be two codelists, as [C66741, C67153]",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "derive: recode",
        "derive: [recode]",
        [
            "sdtm/dm.yaml:8: variables.SEX.derive: should be text",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "COUNTRY: {from: country}",
        "COUNTRY: {value: [NOR]}",
        [
            "sdtm/dm.yaml:9: variables.COUNTRY.value: should be text, a number or entries of the form key: value",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "COUNTRY: {from: country}",
        "COUNTRY: {value: true}",
        [
            "sdtm/dm.yaml:9: variables.COUNTRY.value: should be text or a number, not true: quote it where it is text",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "rows:\n  - take: subjects",
        "rows:\n  take: subjects",
        [
            "sdtm/dm.yaml:3: rows: should be a list",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "  - take: subjects",
        "  - subjects",
        [
            "sdtm/dm.yaml:4: rows.1: a row step starts with one of take, stack, values, melt, transpose, join, lookup, cross, filter, first, last, summarize, events",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "rows:\n  - take: subjects\n",
        "",
        [
            "sdtm/dm.yaml:1: rows: is missing",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "rows:\n  - take: subjects\n",
        "rows: []\n",
        [
            "sdtm/dm.yaml:3: rows: is empty; the first step is take or stack",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "rows:\n  - take: subjects\n",
        "rows:\n",
        [
            "sdtm/dm.yaml:3: rows: should be a list",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "take: subjects",
        "take: [subjects]",
        [
            "sdtm/dm.yaml:4: rows.1.take: should be text",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "  - take: vitals",
        "  - take: vitals\n    first: {by: [USUBJID], order: [date]}",
        [
            "sdtm/vs.yaml:6: rows.1.first: does not go with take: it begins an entry (-) of its own",
        ],
    ),
    (
        "adam/advs.yaml",
        "where: {VSSTRESN: present}",
        "where: VSSTRESN",
        [
            "adam/advs.yaml:7: ADVS.rows.1: is a value and not a condition: compare it, or write is present",
        ],
    ),
    (
        "adam/advs.yaml",
        "where: {VSSTRESN: present}",
        "where: {VSTESTCD: WEIGHT}",
        [
            "adam/advs.yaml:8: rows.1.where.VSTESTCD: should be present, absent or a list, as [WEIGHT]",
        ],
    ),
    (
        "adam/advs.yaml",
        "where: {VSSTRESN: present}",
        "where: {VSSTRESN: presnt}",
        [
            "adam/advs.yaml:8: rows.1.where.VSSTRESN: should be present, absent or a list (did you mean present?)",
        ],
    ),
    (
        "adam/advs.yaml",
        "where: {VSSTRESN: present}",
        "where: [VSSTRESN]",
        [
            "adam/advs.yaml:8: rows.1.where: should be a condition, or entries of the form column: values",
        ],
    ),
    (
        "adam/advs.yaml",
        "where: {VSSTRESN: present}",
        "where: {VSSTRESN: 5}",
        [
            "adam/advs.yaml:8: rows.1.where.VSSTRESN: should be present, absent or a list",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "columns: {weight: WEIGHT, pulse: PULSE}",
        "columns: [weight, pulse]",
        [
            "sdtm/vs.yaml:6: rows.2.melt.columns: should be entries of the form key: value",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "on: [USUBJID]",
        "on: USUBJID",
        [
            "sdtm/vs.yaml:7: rows.3.join.on: should be a list or entries of the form key: value, as [USUBJID]",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "take: [RFSTDTC]",
        "take: RFSTDTC",
        [
            "sdtm/vs.yaml:7: rows.3.join.take: should be a list or entries of the form key: value, as [RFSTDTC]",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "on: [USUBJID], take",
        "onn: [USUBJID], take",
        [
            "sdtm/vs.yaml:7: rows.3.join.onn: is not a word of the spec language (did you mean on?)",
        ],
    ),
    (
        "adam/advs.yaml",
        "unmatched: drop",
        "unmatched: dropp",
        [
            "adam/advs.yaml:9: rows.2.join.unmatched: should be keep or drop (did you mean drop?)",
        ],
    ),
    (
        "adam/advs.yaml",
        "  - join: {with: DM, on: [USUBJID], take: [SITEID], unmatched: drop}",
        "  - summarize: {by: [USUBJID, VSTESTCD], take: {VSSTRESN: {min: VSSTRESN, max: VSSTRESN}}}",
        [
            "adam/advs.yaml:9: rows.2.summarize.take.VSSTRESN: names one statistic: sum, mean, std, median, quantile, count, distinct, min, max, first, last",
        ],
    ),
    (
        "adam/advs.yaml",
        "  - join: {with: DM, on: [USUBJID], take: [SITEID], unmatched: drop}",
        "  - summarize: {by: [USUBJID, VSTESTCD], take: {VSSTRESN: {}}}",
        [
            "adam/advs.yaml:9: rows.2.summarize.take.VSSTRESN: names one statistic: sum, mean, std, median, quantile, count, distinct, min, max, first, last",
        ],
    ),
    (
        "adam/advs.yaml",
        "  - join: {with: DM, on: [USUBJID], take: [SITEID], unmatched: drop}",
        "  - summarize: {by: [USUBJID, VSTESTCD], take: {VSSTRESN: {avg: VSSTRESN}}}",
        [
            "adam/advs.yaml:9: rows.2.summarize.take.VSSTRESN.avg: is not a word of the spec language",
        ],
    ),
    (
        "adam/advs.yaml",
        "  - join: {with: DM, on: [USUBJID], take: [SITEID], unmatched: drop}",
        "  - summarize: {by: USUBJID, take: {VSSTRESN: min}}",
        [
            "adam/advs.yaml:9: rows.2.summarize.by: should be a list, as [USUBJID]",
            "adam/advs.yaml:9: rows.2.summarize.take.VSSTRESN: should be entries of the form key: value",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "take: [RFSTDTC]}",
        "take: [RFSTDTC]}\n  - first: {by: [USUBJID, -date], order: [-VSTDC]}",
        [
            "sdtm/vs.yaml:8: VS.rows.4: there is no column -date here; there is no descending order (-) here",
            "sdtm/vs.yaml:8: VS.rows.4: there is no column VSTDC here (did you mean VSDTC?)",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "take: [RFSTDTC]}",
        "take: [RFSTDTC]}\n  - first: {by: [USUBJID], order: [-dat]}",
        [
            "sdtm/vs.yaml:8: VS.rows.4: there is no column dat here (did you mean date?)",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "VSTESTCD, VSDTC]",
        "VSTESTCD, -VSDTC]",
        [
            "sdtm/vs.yaml:2: VS.keys: -VSDTC is not a variable of the dataset; there is no descending order (-) here",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "keys: [STUDYID, USUBJID, VSTESTCD, VSDTC]",
        "keys: USUBJID",
        [
            "sdtm/vs.yaml:2: keys: should be a list, as [USUBJID]",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "shared: [STUDYID, DOMAIN, USUBJID, VSSEQ, VSDY]",
        "shared: STUDYID",
        [
            "sdtm/vs.yaml:3: shared: should be a list, as [STUDYID]",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "VSSEQ, VSDY]",
        "VSSEQ, VSDT]",
        [
            "sdtm/vs.yaml:3: shared.5: VSDT is not wired in shared.yaml",
        ],
    ),
    (
        "adam/advs.yaml",
        "keep: [STUDYID, USUBJID]",
        "keep: {STUDYID: , USUBJID: }",
        [
            "adam/advs.yaml:5: keep: should be a list of names, all, or {from: ADSL, set: core}",
        ],
    ),
    (
        "sdtm/shared.yaml",
        "derive: subject_key",
        "derive: subject_kex",
        [
            "sdtm/shared.yaml:3: DM.USUBJID, VS.USUBJID: there is no derivation subject_kex (did you mean subject_key?)",
        ],
    ),
    (
        "sdtm/shared.yaml",
        "with: {study: {fact: study}}",
        "with: {study: {fact: studie}}",
        [
            "sdtm/shared.yaml:3: USUBJID.with.study: there is no fact studie (did you mean study?)",
        ],
    ),
    (
        "sdtm/shared.yaml",
        "--DY: {derive: study_day",
        "--DY: {deriv: study_day",
        [
            "sdtm/shared.yaml:5: --DY.deriv: is not a word of the spec language (did you mean derive?)",
        ],
    ),
    (
        "sdtm/shared.yaml",
        "--DY: {",
        "--DY: {{",
        [
            "sdtm/shared.yaml:6: (document): is not valid YAML: what opens with { on line 5 is not closed, or a comma is missing",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "rows:\n",
        "rows: [\n",
        [
            "sdtm/dm.yaml:4: (document): is not valid YAML: a value is missing here, or a bracket is not closed",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "dataset: DM\n",
        "",
        [
            "sdtm/dm.yaml:1: dataset: is missing",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "dataset: DM\n",
        "dataset: [DM]\n",
        [
            "sdtm/dm.yaml:1: dataset: should be text",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "  SITEID: {from: site}",
        "  SITEID: {from: site}\n  SITEID: {from: country}",
        [
            "sdtm/dm.yaml:8: variables.SITEID: is a duplicate",
        ],
    ),
    (
        "adam/advs.yaml",
        "structure: BDS",
        "structure: BSD",
        [
            "adam/advs.yaml:2: structure: should be ADSL, BDS, OCCDS or TTE (did you mean BDS?)",
        ],
    ),
    (
        "adam/advs.yaml",
        "structure: BDS",
        "structure: BDS\ninternal: yes",
        [
            "adam/advs.yaml:3: internal: should be true or false, not yes",
        ],
    ),
    (
        "study.yaml",
        "    key: [subject_id]\n",
        "    key: subject_id\n",
        [
            "study.yaml:7: forms.subjects.key: should be a list, as [subject_id]",
        ],
    ),
    (
        "study.yaml",
        "    key: [subject_id]\n",
        "",
        [
            "study.yaml:6: forms.subjects.key: is missing",
        ],
    ),
    (
        "study.yaml",
        "      country:\n",
        "      country: [text]\n",
        [
            "study.yaml:12: forms.subjects.columns.country: should be entries of the form key: value",
        ],
    ),
    (
        "study.yaml",
        "      country:\n",
        "      country: text\n",
        [
            "study.yaml:12: forms.subjects.columns.country: should be entries of the form key: value",
        ],
    ),
    (
        "study.yaml",
        "dosed: {type: date}",
        "dosed: {type: datum}",
        [
            "study.yaml:13: forms.subjects.columns.dosed.type: should be text, code, number, result, date or time (did you mean date?)",
        ],
    ),
    (
        "study.yaml",
        "dosed: {type: date}",
        "dosed: {typ: date}",
        [
            "study.yaml:13: forms.subjects.columns.dosed.typ: is not a word of the spec language (did you mean type?)",
        ],
    ),
    (
        "study.yaml",
        "SEX: {1: M, 2: F}",
        "SEX: [M, F]",
        [
            "study.yaml:22: terms.SEX: should be entries of the form key: value",
        ],
    ),
    (
        "study.yaml",
        "SEX: {1: M, 2: F}",
        "SEX: {1: [M], 2: F}",
        [
            "study.yaml:22: terms.SEX.1: should be text",
        ],
    ),
    (
        "study.yaml",
        "C66741: {terms: [WAIST]}",
        "C66741: [WAIST]",
        [
            "study.yaml:25: codelists.C66741: should be entries of the form key: value",
        ],
    ),
    (
        "study.yaml",
        "facts:",
        "lengths: {VISIT: long}\nfacts:",
        [
            "study.yaml:26: lengths.VISIT: is not a length of text: 1 to 200 bytes, or data",
        ],
    ),
    (
        "study.yaml",
        "facts:\n  heavy: 100",
        "facts: [100]",
        [
            "study.yaml:26: facts: should be entries of the form key: value",
        ],
    ),
    (
        "study.yaml",
        "intake: {subjects: subjects, subject: subject_id, site: site}",
        "intake: subjects",
        [
            "study.yaml:4: intake: should be entries of the form key: value",
        ],
    ),
    (
        "study.yaml",
        "cutoff: 2018-12-31",
        "cutoff: yesterday",
        [
            "study.yaml:3: cutoff: is not a date YYYY-MM-DD",
        ],
    ),
    (
        "study.yaml",
        "id: TRIAL",
        "id: [TRIAL]",
        [
            "study.yaml:1: id: should be text",
        ],
    ),
    (
        "sdtm/dm.yaml",
        "SITEID: {from: site}",
        "SITEID:{from: site}",
        [
            "sdtm/dm.yaml:7: variables.SITEID: a blank is missing after the colon",
        ],
    ),
    (
        "adam/advs.yaml",
        "threshold: {fact: heavy}",
        "threshold: '100'",
        [
            "adam/advs.yaml:16: ADVS.HEAVYFL: at_least: threshold should be a number, not the text '100'",
        ],
    ),
    (
        "adam/advs.yaml",
        "threshold: {fact: heavy}",
        "threshold: heavy",
        [
            "adam/advs.yaml:16: ADVS.HEAVYFL: at_least: threshold should be a number, not the text 'heavy'",
        ],
    ),
    (
        "adam/advs.yaml",
        "ADT: {derive: calendar_date, from: {date: VSDTC}}",
        "ADT: {from: VSDTC}",
        [
            "adam/advs.yaml:15: ADVS.ADT: is Num and VSDTC is text: derive calendar_date",
        ],
    ),
    (
        "adam/advs.yaml",
        "label: Heavy, type: Char",
        "label: Heavy",
        [
            "adam/advs.yaml:16: variables.HEAVYFL: HEAVYFL is not in ADaMIG 1.3: give type",
        ],
    ),
    (
        "adam/advs.yaml",
        "AVAL: {from: VSSTRESN}",
        "AVAL: {from: VSSTRESC}\n  XAVAL: {from: VSSTRESC, type: Num, label: Some very long label that has more than forty bytes}",
        [
            "adam/advs.yaml:14: ADVS.AVAL: is Num and VSSTRESC is text: derive number",
            "adam/advs.yaml:15: ADVS.XAVAL: is Num and VSSTRESC is text: derive number",
            "adam/advs.yaml:15: variables.XAVAL: the label has 51 bytes, more than 40",
        ],
    ),
    (
        "sdtm/shared.yaml",
        "from: {date: --DTC, reference: RFSTDTC}",
        "from: {dat: --DTC, referenc: RFSTDTC}",
        [
            "sdtm/shared.yaml:5: VS.VSDY: study_day: there is no argument dat (did you mean date?)",
            "sdtm/shared.yaml:5: VS.VSDY: study_day: there is no argument referenc (did you mean reference?)",
        ],
    ),
    (
        "adam/advs.yaml",
        "PARAMCD: {from: VSTESTCD, length: 8}",
        "PARAMCD: {from: VSTESTCD, core: required}",
        [
            "adam/advs.yaml:12: variables.PARAMCD.core: should be Req, Exp, Perm or Cond",
        ],
    ),
    (
        "sdtm/vs.yaml",
        "take: [RFSTDTC]}",
        "take: [RFSTDTC]}\n  - first: {by: [USUBJID], order: [VSSEQ]}",
        [
            "sdtm/vs.yaml:8: VS.rows.4: VSSEQ is derived from the order of the finished rows",
        ],
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "problems"), MISTAKES)
def test_what_is_told(
    study: StudyFolder, file: str, old: str, new: str, problems: list[str]
) -> None:
    study.change(file, old, new)
    assert study.problems() == problems


FOREIGN = re.compile(
    r"pydantic|Input should|[Ff]ield required|validation error|dictionary|"
    r"mapping values|block mapping|flow sequence|could not find|did not find|found character"
)


def test_words_of_libraries_are_in_no_message() -> None:
    told = [reason for *_, problems in MISTAKES for reason in problems]
    assert [reason for reason in told if FOREIGN.search(reason)] == []


def test_all_mistakes_of_all_files_at_once(study: StudyFolder) -> None:
    """Shape, names, labels, lengths and types, in whatever order they are found."""
    study.change("study.yaml", "dosed: {type: date}", "dosed: {type: datum}")
    study.change("study.yaml", "UNIT: {WEIGHT: kg, PULSE: beats/min}", "UNIT: [kg]")
    study.change("sdtm/shared.yaml", "with: {study: {fact: study}}", "with: {study: {fact: stud}}")
    study.change("sdtm/vs.yaml", "VSREASND: {from: reason}", "VSREASND: reason")
    study.change("sdtm/vs.yaml", "{derive: number, from: {value: VSSTRESC}}", "{from: VSSTRESC}")
    study.change("sdtm/dm.yaml", "{from: country}", "{from: county, length: 300}")
    study.change("adam/advs.yaml", "PARAM: {from: VSTEST}", "PARAM: {from: VSTEST, typ: Char}")
    study.change("adam/advs.yaml", "label: Heavy,", f"label: {'Heavy ' * 8},")
    study.change("adam/advs.yaml", "{derive: calendar_date, from: {date: VSDTC}}", "{from: VSDTC}")
    assert study.problems() == [
        "adam/advs.yaml:13: variables.PARAM.typ: is not a word of the spec language (did you mean type?)",
        "adam/advs.yaml:15: ADVS.ADT: is Num and VSDTC is text: derive calendar_date",
        "adam/advs.yaml:16: variables.HEAVYFL: the label has 47 bytes, more than 40",
        "sdtm/dm.yaml:9: DM.COUNTRY: there is no column county here (did you mean country?)",
        "sdtm/dm.yaml:9: variables.COUNTRY.length: is not a length of text: 1 to 200 bytes",
        "sdtm/shared.yaml:3: USUBJID.with.study: there is no fact stud (did you mean study?)",
        "sdtm/vs.yaml:14: VS.VSSTRESN: is Num and VSSTRESC is text: derive number",
        "sdtm/vs.yaml:15: variables.VSREASND: should be entries of the form key: value, as {from: reason}",
        "study.yaml:13: forms.subjects.columns.dosed.type: should be text, code, number, result, date or time (did you mean date?)",
        "study.yaml:23: terms.UNIT: should be entries of the form key: value",
    ]


def test_rules_and_results_say_nothing_of_a_dataset_that_cannot_be_read(
    study: StudyFolder,
) -> None:
    study.change("sdtm/vs.yaml", "keys: [", "keys: [[")
    study.write(
        "rules/own.yaml",
        "- {id: R, severity: note, dataset: VS, check: present, from: {value: VSORRES}, variable: VSORRES, message: No.}\n",
    )
    study.write(
        "results/own.yaml",
        "- {id: R1, title: R1, set: {take: VS}, method: share, event: {VSORRES: present}}\n",
    )
    study.write("narrative.yaml", '- {section: S, take: VS, says: "{VSORRES}"}\n')
    told = [f"{p.file.name}:{p.line}: {p.reason}" for p in check(study.folder).problems]
    closed = "the list that opens with [ on line 2 is not closed, or a comma is missing"
    assert told == [f"vs.yaml:3: is not valid YAML: {closed}"]


def test_a_variable_that_takes_over_a_name(study: StudyFolder) -> None:
    """AVAL of the source would be a number; the variable of that name is text."""
    study.change("adam/advs.yaml", "take: VS\n", "take: VS\n    rename: {AVAL: VSSTRESN}\n")
    study.change("adam/advs.yaml", "{VSSTRESN: present}", "{VSORRES: present}")
    study.change("adam/advs.yaml", "AVAL: {from: VSSTRESN}", "AVAL: {from: VSSTRESC, type: Char}")
    assert study.problems() == [
        f"adam/advs.yaml:17: ADVS.HEAVYFL: at_least: value wants a number and AVAL is text: derive number before; {TAKEN_OVER}"
    ]


def test_variables_that_a_broken_dataset_may_define_are_no_strangers(study: StudyFolder) -> None:
    """ADSL may give OWNVAR its label and type; nothing is said of it until ADSL can be read."""
    study.write("adam/adsl.yaml", "dataset: ADSL\nstructure: ADSL\nrows: [\n")
    study.change("adam/advs.yaml", "  SITEID: {}\n", "  SITEID: {}\n  OWNVAR: {from: VSDTC}\n")
    assert study.problems() == [
        "adam/adsl.yaml:4: (document): is not valid YAML: a value is missing here, or a bracket is not closed"
    ]


def test_a_reference_with_a_slip_is_not_a_list_of_its_own(study: StudyFolder) -> None:
    study.change("sdtm/dm.yaml", "{terms: {terms: SEX}}", "{terms: {term: SEX}}")
    assert study.problems() == [
        "sdtm/dm.yaml:8: variables.SEX.with.terms: term refers to nothing (did you mean terms?)"
    ]


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("AEENDTC", ["AESTDTC"], ""),  # the end is not the start
        ("AEENDTC", ["AESTDTC", "AEENDDTC"], "AEENDDTC"),
        ("LBORNRHI", ["LBORNRLO"], ""),
        ("where_absent", ["where_present"], ""),
        ("not_befor", ["not_before", "not_after"], "not_before"),
        ("first_dose", ["last_dose"], ""),
        ("AESTDT", ["AESTDTC"], "AESTDTC"),
        ("low_dos", ["high_dose", "low_dose"], "low_dose"),
    ],
)
def test_no_suggestion_says_the_opposite(name: str, known: list[str], meant: str) -> None:
    assert nearest(name, known) == meant


def test_a_minus_is_not_taken_away() -> None:
    assert suggest("-VSDTC", ["VSDTC", "VSTESTCD"]) == "; there is no descending order (-) here"
    assert suggest("-X", ["VSDTC"]) == ""


def test_the_step_of_a_branch_is_named(study: StudyFolder) -> None:
    """Branches and their steps are counted from 1; a branch of one step is the step."""
    study.change(
        "adam/advs.yaml",
        "  - take: VS\n    where: {VSSTRESN: present}\n",
        "  - stack:\n"
        "      - {take: VS, where: {VSX: present}}\n"
        "      - - take: VS\n"
        "        - first:\n"
        "            by: [USUBJID]\n"
        "            order: [VSY]\n",
    )
    assert study.problems() == [
        "adam/advs.yaml:8: ADVS.rows.1.stack.1: VS has no column VSX",
        "adam/advs.yaml:10: ADVS.rows.1.stack.2.2: there is no column VSY here (did you mean VSDY?)",
    ]


def test_a_schema_beside_the_study_is_no_stranger(study: StudyFolder) -> None:
    study.write("schema.json", "{}")
    assert study.problems() == []
