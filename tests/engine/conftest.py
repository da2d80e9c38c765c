"""A small trial that uses all row verbs, from raw files to an analysis dataset with its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc import engine, metadata, raw
from ivig_cdisc.dataset import Dataset
from ivig_cdisc.metadata import Study

SPECS = {
    "study.yaml": """\
id: T
title: A trial
cutoff: 2018-12-31
intake: {subjects: subjects, subject: subject, missing: {-99: NOT DONE}}
forms:
  subjects:
    key: [subject]
    columns: {subject: , sex: , site: , country: }
  doses:
    key: [subject, date]
    columns: {subject: , date: {type: date}, gram: {type: number}, weight: {type: number}}
  vitals:
    key: [subject, date, time]
    columns: {subject: , date: {type: date}, time: {type: time}, sbp: {type: number}, dbp: {type: number}}
""",
    "sdtm/exposed.yaml": """\
dataset: EXPOSED
internal: true
keys: [subject]
rows:
  - take: doses
  - summarize: {by: [subject], take: {begin: {min: date}}}
variables:
  subject: {}
  begin: {}
""",
    "sdtm/dm.yaml": """\
dataset: DM
rows:
  - take: subjects
  - join: {with: EXPOSED, on: [subject], take: [begin]}
variables:
  STUDYID: {value: {fact: study}}
  DOMAIN: {value: DM}
  USUBJID: {derive: subject_key, from: {subject: subject}, with: {study: {fact: study}}}
  SUBJID: {from: subject}
  SITEID: {from: site}
  SEX: {from: sex}
  COUNTRY: {from: country}
  RFSTDTC: {from: begin}
""",
    "sdtm/vs.yaml": """\
dataset: VS
keys: [STUDYID, USUBJID, VSTESTCD, VSDTC]
rows:
  - stack:
      - - take: vitals
        - melt: {columns: {sbp: SYSBP, dbp: DIABP}, name: test, value: result, reason: reason}
      - {take: doses, where: {weight: present}, rename: {result: weight}, set: {test: WEIGHT}}
  - join: {with: DM, on: [USUBJID], take: [RFSTDTC]}
variables:
  STUDYID: {value: {fact: study}}
  DOMAIN: {value: VS}
  USUBJID: {derive: subject_key, from: {subject: subject}, with: {study: {fact: study}}}
  VSSEQ: {derive: sequence, from: {subject: USUBJID}}
  VSTESTCD: {from: test}
  VSTEST: {derive: recode, from: {value: test}, with: {terms: {decode: [C66741, C67153]}}}
  VSORRES: {from: result}
  VSSTRESC: {from: VSORRES}
  VSSTRESN: {derive: number, from: {value: VSSTRESC}}
  VSSTAT: {derive: not_done, from: {reason: reason}}
  VSREASND: {from: reason}
  VSDTC: {derive: iso8601, from: {date: date, time: time}}
  VSDY: {derive: study_day, from: {date: VSDTC, reference: RFSTDTC}}
""",
    "adam/lowest.yaml": """\
dataset: LOWEST              # one record each, which carries where it was taken from
internal: true
keys: [USUBJID, VSTESTCD]
rows:
  - {take: VS, where: {VSSTRESN: present}}
  - first: {by: [USUBJID, VSTESTCD], order: [VSSTRESN]}
variables:
  USUBJID: {}
  VSTESTCD: {}
  AVAL: {from: VSSTRESN, type: Num}
  from_dataset: {derive: source_dataset, from: {of: AVAL}}
  from_variable: {derive: source_variable, from: {of: AVAL}}
  from_number: {derive: source_sequence, from: {of: AVAL}, type: Num}
""",
    "adam/highest.yaml": """\
dataset: HIGHEST             # one record made of many
internal: true
keys: [USUBJID, VSTESTCD]
rows:
  - take: VS
  - summarize: {by: [USUBJID, VSTESTCD], take: {HIGH: {max: VSSTRESN}, N: {count: VSSTRESN}}}
variables:
  USUBJID: {}
  VSTESTCD: {}
  HIGH: {type: Num}
  N: {type: Num}
""",
    "adam/advs.yaml": """\
dataset: ADVS
structure: BDS
label: Vital Signs
keys: [STUDYID, USUBJID, PARAMCD, DTYPE, ASEQ0]
rows:
  - stack:
      - {take: VS, where: {VSSTRESN: present}, rename: {PARAMCD: VSTESTCD, value: VSSTRESN}}
      - {take: LOWEST, rename: {PARAMCD: VSTESTCD, low: AVAL}, set: {DTYPE: MINIMUM}}
      - {take: HIGHEST, rename: {PARAMCD: VSTESTCD, value: HIGH}, set: {DTYPE: MAXIMUM}}
  - join: {with: DM, on: [USUBJID], take: {site: SITEID, study: STUDYID}, unmatched: drop}
working:
  number: {derive: coalesce, from: {values: [value, low]}}
variables:
  STUDYID: {from: study}
  USUBJID: {}
  SITEID: {from: site}
  PARAMCD: {}
  ASEQ0: {from: VSSEQ, label: Number in VS, type: Num}
  AVAL: {from: number}
  DTYPE: {}
  ASEQ: {derive: sequence, from: {subject: USUBJID}}
  SRCDOM: {derive: source_dataset, from: {of: AVAL}}
  SRCVAR: {derive: source_variable, from: {of: AVAL}}
  SRCSEQ: {derive: source_sequence, from: {of: AVAL}}
""",
}

RAW = {
    "subjects": """\
subject,sex,site,country
S2,F,02,NLD
S1,M,01,NLD
S3,F,01,NO
""",
    "doses": """\
subject,date,gram,weight
S1,2018-05-24,40,
S1,2018-05-03,80,78.5
S2,2018-05-04,90,
""",
    "vitals": """\
subject,date,time,sbp,dbp
S2,2018-05-04,09:00,140,90
S1,2018-05-03,08:30,121,-99
S1,2018-05-02,,118,
S9,2018-05-02,,111,
""",
}


@dataclass
class Trial:
    """A study's YAML and raw files, and what the kernel makes of them."""

    folder: Path

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def load(self) -> Study:
        study, problems = metadata.load(self.folder)
        assert problems == []
        return study

    def build(self, study: Study | None = None) -> dict[str, Dataset]:
        study = study or self.load()
        return built(study, raw.read(self.folder.parent / "raw", study).forms)


def built(study: Study, forms: Mapping[str, pd.DataFrame]) -> dict[str, Dataset]:
    """All datasets of the study, which must have no problem."""
    plans, problems = engine.bind(study)
    assert problems == []
    done: dict[str, Dataset] = {}
    for name, plan in plans.items():
        done[name] = engine.run(plan, forms, done)
    return done


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    trial = Trial(tmp_path / "study")
    for name, text in SPECS.items():
        trial.write(name, text)
    for name, text in RAW.items():
        trial.write(f"../raw/{name}.csv", text)
    return trial
