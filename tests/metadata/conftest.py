"""A small valid study: two forms, DM, a findings domain and an analysis dataset; tests change one thing in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import engine, metadata
from ivig_cdisc.errors import SpecError

FILES = {
    "study.yaml": """\
id: TRIAL
title: A trial
cutoff: 2018-12-31
intake: {subjects: subjects, subject: subject_id, site: site}
forms:
  subjects:
    key: [subject_id]
    columns:
      subject_id: {required: true}
      site: {required: true}
      sex: {type: code, terms: SEX}
      country:
      dosed: {type: date}
  vitals:
    key: [subject_id, date]
    columns:
      subject_id: {required: true}
      date: {type: date}
      weight: {type: number}
      pulse: {type: number}
terms:
  SEX: {1: M, 2: F}
  UNIT: {WEIGHT: kg, PULSE: beats/min}
codelists:
  C66741: {terms: [WAIST]}
facts:
  heavy: 100
""",
    "sdtm/shared.yaml": """\
STUDYID: {value: {fact: study}}
DOMAIN: {value: "--"}
USUBJID: {derive: subject_key, from: {subject: subject_id}, with: {study: {fact: study}}}
--SEQ: {derive: sequence, from: {subject: USUBJID}}
--DY: {derive: study_day, from: {date: --DTC, reference: RFSTDTC}}
""",
    "sdtm/dm.yaml": """\
dataset: DM
shared: [STUDYID, DOMAIN, USUBJID]
rows:
  - take: subjects
variables:
  SUBJID: {from: subject_id}
  SITEID: {from: site}
  SEX: {derive: recode, from: {value: sex}, with: {terms: {terms: SEX}}}
  COUNTRY: {from: country}
  RFSTDTC: {from: dosed}
""",
    "sdtm/vs.yaml": """\
dataset: VS
keys: [STUDYID, USUBJID, VSTESTCD, VSDTC]
shared: [STUDYID, DOMAIN, USUBJID, VSSEQ, VSDY]
rows:
  - take: vitals
  - melt: {columns: {weight: WEIGHT, pulse: PULSE}, name: test, value: result, reason: reason}
  - join: {with: DM, on: [USUBJID], take: [RFSTDTC]}
variables:
  VSTESTCD: {from: test}
  VSTEST: {derive: recode, from: {value: test}, with: {terms: {decode: [C66741, C67153]}}}
  VSORRES: {from: result}
  VSORRESU: {derive: recode_where, from: {value: test, present: result}, with: {terms: {terms: UNIT}}}
  VSSTRESC: {from: VSORRES}
  VSSTRESN: {derive: number, from: {value: VSSTRESC}}
  VSREASND: {from: reason}
  VSDTC: {from: date}
""",
    "adam/advs.yaml": """\
dataset: ADVS
structure: BDS
label: Vital Signs Analysis Data
keys: [STUDYID, USUBJID, PARAMCD, ADT]
keep: [STUDYID, USUBJID]
rows:
  - take: VS
    where: {VSSTRESN: present}
  - join: {with: DM, on: [USUBJID], take: [SITEID], unmatched: drop}
variables:
  SITEID: {}
  PARAMCD: {from: VSTESTCD, length: 8}
  PARAM: {from: VSTEST}
  AVAL: {from: VSSTRESN}
  ADT: {derive: calendar_date, from: {date: VSDTC}}
  HEAVYFL: {derive: at_least, from: {value: AVAL}, with: {threshold: {fact: heavy}}, label: Heavy, type: Char}
  SRCSEQ: {derive: source_sequence, from: {of: AVAL}}
""",
}


class StudyFolder:
    """A study's YAML on disk, and what the specs say of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def problems(self) -> list[str]:
        """All problems as `file:line: path: reason`, the file as seen from the study's folder."""
        try:
            study, found = metadata.load(self.folder)
            found = [*found, *engine.bind(study)[1]]
        except SpecError as error:
            found = list(error.problems)
        return [
            str(problem).removeprefix(f"{self.folder}/") for problem in SpecError(found).problems
        ]

    def load(self) -> metadata.Study:
        """The study, which must be valid."""
        assert self.problems() == []
        return metadata.load(self.folder)[0]


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    return StudyFolder(tmp_path / "trial")


# ---------------------------------------------------------------- with tables
TABLES = """\
tables:
  parameters: {file: parameters.csv}
  visits:
    - {VISITNUM: 1, VISIT: BASELINE, VISITDY: 1}
    - {VISITNUM: 2, VISIT: WEEK 1}
"""
PARAMETERS = "PARAMCD,PARAM,PARAMN\nWEIGHT,Weight (kg),1\nPULSE,Pulse (/min),2\n"
LOOKUP = "{table: parameters, on: {VSTESTCD: PARAMCD}, take: [PARAM, PARAMN]}"
TV = """\
dataset: TV
per: study
keys: [STUDYID, VISITNUM]
shared: [STUDYID, DOMAIN]
rows:
  - values: {table: visits}
variables: {VISITNUM: {}, VISIT: {}, VISITDY: {}, TVSTRL: {value: Start}}
"""
PLANNED = """\
dataset: PLANNED
internal: true
keys: [USUBJID, VISITNUM]
rows:
  - take: DM
  - cross: {with: TV, take: [VISITNUM, VISIT]}
variables: {USUBJID: {}, VISITNUM: {type: Num}, VISIT: {}}
"""


@pytest.fixture
def tabled(study: StudyFolder) -> StudyFolder:
    """The study with a lookup in ADVS, planned visits, and a dataset of every subject and visit."""
    study.change("study.yaml", "facts:\n", f"{TABLES}facts:\n")
    study.write("parameters.csv", PARAMETERS)
    study.change(
        "adam/advs.yaml", "unmatched: drop}\n", f"unmatched: drop}}\n  - lookup: {LOOKUP}\n"
    )
    study.change("adam/advs.yaml", "  PARAM: {from: VSTEST}\n", "  PARAM: {}\n  PARAMN: {}\n")
    study.write("sdtm/tv.yaml", TV)
    study.write("adam/planned.yaml", PLANNED)
    return study
