"""A study of one form and one dataset, for tests that convert it hundreds of times."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ivig_cdisc.testing import write_raw

STUDY = """
id: TINY
title: A tiny study [/b] in brackets
cutoff: 2024-12-31
intake: {subjects: dm, subject: subject_id, site: site}
forms:
  dm:
    key: [subject_id]
    columns:
      subject_id: {required: true}
      site: {}
      sex: {type: code, terms: SEX}
      birth_date: {type: date}
terms:
  SEX: {M: M, F: F}
"""
DM = """
dataset: DM
keys: [STUDYID, USUBJID]
rows: [{take: dm}]
variables:
  STUDYID: {value: {fact: study}}
  DOMAIN: {value: DM}
  USUBJID: {derive: subject_key, from: {subject: subject_id}, with: {study: {fact: study}}}
  SUBJID: {from: subject_id}
  SITEID: {from: site}
  SEX: {derive: recode, from: {value: sex}, with: {terms: {terms: SEX}}}
  BRTHDTC: {from: birth_date}
  COUNTRY: {value: NLD}
"""
FORM = """\
subject_id,site,sex,birth_date
01,A,M,1980-01-01
02,A,X,1981-13-01
03,B,F,1982-02-02
"""


def study(folder: Path) -> Path:
    """The specs in a folder."""
    (folder / "sdtm").mkdir(parents=True)
    (folder / "study.yaml").write_text(STUDY, "utf-8")
    (folder / "sdtm" / "dm.yaml").write_text(DM, "utf-8")
    return folder


def raw(folder: Path, form: str = FORM) -> Path:
    """The raw export in a folder. Two cells are wrong: a code and a date of subject 02."""
    return write_raw(folder, {"dm": form})


def whole(out: Path) -> bool:
    """Whether the folder holds just what its manifest lists, with the SHA-256 that it lists."""
    listed = json.loads((out / "manifest.json").read_bytes())["outputs"]
    there = {
        p.relative_to(out).as_posix(): p
        for p in out.rglob("*")
        if p.is_file() and p.name != "manifest.json"
    }
    return listed == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()
    }
