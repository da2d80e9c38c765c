"""A small study that uses every word of the spec language, and what two studies have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ivig_cdisc.metadata import load
from tests.study_files import write_study

STUDY = """\
# a study of everything
id: T1
title: "NO: a title, with = and 'quotes'"
cutoff: 2024-06-30   # planned
intake:
  delimiter: ";"
  encodings: [utf-8-sig]
  decimal: [".", ","]
  thousands: [" ", "'"]
  date: DD-MM-YYYY|YYYY
  unknown: {day: UN}
  missing: {-99: NOT DONE}
  subjects: people
  subject: id
  site: place
  redcap: {record: rec, events: {base_1: BL}, separator: ",", forms: {people: {prefix: p_, fields: {id: who}}}}
forms:
  people:
    file: 012.csv
    key: [id]
    columns:
      id: {required: true}
      place:
      born: {type: date, format: YYYY}
      sex: {type: code, terms: SEX}
  vitals:
    required: false
    thousands: []
    key: [id, day]
    columns:
      id: {required: true}
      day: {type: date}
      sbp: {type: number, range: [30, 260.5]}
      dbp: {type: number, decimal: ".", thousands: ","}
      note: {not_submitted: "=read by the monitor"}
  gone: {key: [id], not_submitted: not part of this, columns: {id: }}
terms:
  SEX: {1: M, 2: F, 012: "U"}
  EMPTY: {}
codelists:
  C66741: {terms: [NEW]}
  OWN: {name: A list, extensible: true, terms: ["1", TWO]}
lengths: {USUBJID: 20, --CAT: 40, others: data}
dictionaries: {MedDRA: {version: "23.10"}, LOINC: {version: "2.72"}}   # coded with
adsl_core: [OWN, NUMB]
tables:
  units: {file: units.csv}   # from the protocol
  visits: [{VISITNUM: 1, VISIT: "1"}, {VISITNUM: 2.5, VISIT: "A: b", note: }]
facts: {windows: [{name: Week 3, low: 12, share: 0.5}], flag: true, no: NO, none: null, digits: "012"}
"""
SHARED = """\
# wired once
STUDYID: {value: {fact: study}}
DOMAIN: {value: "--"}
USUBJID: {derive: subject_key, from: {subject: id}, with: {study: {fact: study}}}
--SEQ: {derive: sequence, from: {subject: USUBJID}}
--STRESC: {from: --ORRES, codelist: none, length: 12}
"""
DM = """\
dataset: DM
label: People
transliterate: false
shared: [STUDYID, DOMAIN, USUBJID]
rows:
  - {take: people, where: {sex: ["1", "2"]}, rename: {born_on: born}, set: {arm: A}}
working:
  one: {value: 1}   # on the way
variables:
  SUBJID: {from: id}
  SITEID: {from: place}
  SEX: {derive: recode, from: {value: sex}, with: {terms: {terms: SEX}}}
  COUNTRY: {value: NLD, label: Land, length: 5, codelist: none, core: Perm}
  BORN: {supplemental: Year of Birth, from: born_on, length: 4}
  GUESS: {supplemental: {label: Guessed Sex, origin: Assigned, evaluator: INVESTIGATOR}, from: sex}
  MADE: {supplemental: {label: Made of It, origin: Derived}, from: sex}
  JUDGE: {supplemental: {label: Judged, evaluator: SPOUSE}, from: sex}
"""
VS = """\
dataset: VS
keys: [STUDYID, USUBJID, VSTESTCD, VSDTC]
description: One of each
shared: [STUDYID, DOMAIN, USUBJID, VSSEQ, VSSTRESC]
rows:
  - stack:
      - {take: vitals}
      - [{take: vitals}, {first: {by: [id], order: [day, -sbp]}}]
  - melt: {columns: {sbp: SYSBP, dbp: DIABP}, name: test, value: result, reason: why, empty: keep}
  - join: {with: DM, on: [USUBJID], take: {sex: SEX}, unmatched: drop}
variables:
  VSTESTCD: {from: test}
  VSTEST: {derive: recode, from: {value: VSTESTCD}, with: {terms: {decode: [C66741, C67153]}}}
  VSORRES: {from: result, range: [0, 300], codelist: {by: VSTESTCD, of: {SYSBP: OWN, "1": none, "A: b": C66770; OWN}}}
  VSLOINC: {value: X, dictionary: none}
  VSMETHOD: {value: X, dictionary: MedDRA}
  VSDTC: {from: day}
"""
ADSL = """\
dataset: ADSL
structure: ADSL
label: Subjects
keys: [USUBJID]
keep: [STUDYID, USUBJID]
rows: [{take: DM}]
variables:
  OWN: {from: SEX, label: Own, type: Char, length: 1, codelist: OWN, format: $1.}
  NUMB: {value: -0.5, label: Number, type: Num, format: BEST8.}
"""
UNITS = """\
code,label,note
SYSBP,"a ""quoted"", label",
012,=1+1,x
"""
TV = """\
dataset: TV
per: study
keys: [STUDYID, VISITNUM]
shared: [STUDYID, DOMAIN]
rows: [{values: {table: visits}}]   # planned
variables: {VISITNUM: {}, VISIT: {}, TVSTRL: {value: X}}
"""
TE = """\
dataset: TE
per: study
shared: [STUDYID, DOMAIN]
rows:
  - values: [{ETCD: SCRN, ELEMENT: Screening}, {ETCD: "1", ELEMENT: Treatment}]
variables: {ETCD: {}, ELEMENT: {}, TESTRL: {value: X}}
"""
PLANNED = """\
dataset: PLANNED
internal: true
keys: [USUBJID, planned]
keep: [all, {from: ADSL, set: core}]
rows:
  - take: VS
  - lookup: {table: units, on: {VSTESTCD: code}, take: {unit: label}}
  - cross: {with: TV, take: {planned: VISITNUM}}
variables: {extra: {from: unit}}
"""
COUNT = """\
dataset: COUNT
internal: true
keys: [USUBJID]
keep: {from: ADSL, set: core}
rows: [{take: DM}]
variables: {USUBJID: {}}
"""
SUM = """\
dataset: TOTAL
internal: true
keys: [USUBJID]
rows:
  - take: VS
  - join: {with: VS, on: [USUBJID], between: {VSSEQ: [VSSEQ, VSSEQ]}, matches: all, take: {a: VSDTC}}
  - join: {with: VS, on: [USUBJID], nearest: {VSSEQ: VSSEQ}, within: 0.5, latest: VSDTC, take: {b: VSDTC}}
  - join: {with: VS, on: {USUBJID: USUBJID}, not_before: {VSSEQ: VSSEQ}, not_after: {VSSEQ: VSSEQ}, earliest: VSDTC, take: {c: VSDTC}}
  - join: {with: VS, on: [USUBJID], during: {VSDTC: [VSDTC, VSDTC]}, latest: VSDTC, take: {d: VSDTC}}
  - last: {by: [USUBJID, VSTESTCD], order: [-VSDTC]}
  - summarize:
      by: [USUBJID]
      take: {n: {count: VSORRES}, q: {quantile: VSSEQ, share: 0.25}, f: {first: VSTESTCD, order: [VSDTC, -VSSEQ]}}
working:
  once: {derive: first_occurrence, from: {groups: [USUBJID], among: f, order: [-q, n]}}
variables:
  USUBJID: {}
  n: {}
"""
TURNED = """\
dataset: TURNED
internal: true
keys: [USUBJID]
rows:
  - take: VS
  - transpose: {by: [USUBJID], name: VSTESTCD, value: VSORRES, columns: {SYSBP: high, DIABP: "low"}}
variables:
  USUBJID: {}
  high: {}
"""
RULES = """\
- id: OWN-RULE
  severity: note
  dataset: [VS, DM]
  where: {--SEQ: present}
  join: [{with: DM, on: [USUBJID], take: [SEX]}]
  check: present
  from: {value: USUBJID}
  variable: USUBJID
  message: "Nobody: {SEX}"
"""
WAIVERS = """\
# looked at
- rule: OWN-RULE
  dataset: VS
  reason: It is so.
  who: A. Person
  date: 2024-01-12
"""
RESULTS = """\
# what is told
- id: R1
  title: "Those weighed: all"
  set: {take: ADSL, where: {USUBJID: present}}
  data: {take: ADSL}
  method: share
  event: {NUMB: [1, 2.5]}
  by: [OWN]
  reason: SPECIFIED IN SAP
  purpose: PRIMARY OUTCOME MEASURE
  order: 1
  follow: [NUMB]
"""
NARRATIVE = """\
- {section: Who, general: subject}   # as for any study
- section: Weight
  rows: [{take: VS}, {first: {by: [USUBJID], order: [-VSDTC]}}]
  working: {one: {value: 1}}
  where: {VSTESTCD: present}
  by: VSTESTCD
  order: [-VSDTC]
  lists: {all: {take: VS, on: [VSTESTCD], says: "{VSTESTCD}"}}
  table: {columns: {"A: b": "{VSDTC}"}}
  says: ["{VSTESTCD}[ on {VSDTC:when}]: {all}.", Something.]
  none: 'Nobody has a "weight".'
- {section: First, take: VS, says: "{VSTESTCD}.", lead: true}
"""
FILES = {
    "study.yaml": STUDY,
    "sdtm/shared.yaml": SHARED,
    "sdtm/dm.yaml": DM,
    "sdtm/vs.yaml": VS,
    "adam/adsl.yaml": ADSL,
    "adam/total.yaml": SUM,
    "adam/count.yaml": COUNT,
    "adam/planned.yaml": PLANNED,
    "sdtm/te.yaml": TE,
    "sdtm/tv.yaml": TV,
    "units.csv": UNITS,
    "adam/turned.yaml": TURNED,
    "rules/own.yaml": RULES,
    "results/own.yaml": RESULTS,
    "narrative.yaml": NARRATIVE,
    "waivers.yaml": WAIVERS,
}


def small(folder: Path, **changed: str) -> Path:
    return write_study(folder, {**FILES, **changed})


def said(study: str | Path) -> Any:
    """All that a study says, without where it says it; its specs have no problem."""
    found, problems = load(study)
    assert problems == []
    return _without_places(found.model_dump(exclude={"folder"}))


def _without_places(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_places(value) for key, value in data.items() if key != "place"}
    return [_without_places(item) for item in data] if isinstance(data, list | tuple) else data


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted([*folder.rglob("*.yaml"), *folder.glob("*.csv")])
    }
