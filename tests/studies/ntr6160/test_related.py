"""RELREC: each infusion and the weight that its dose was calculated from."""

from __future__ import annotations

from pathlib import Path

from ivig_cdisc.testing import records

from .small_export import datasets

FORMS = {
    "subjects": """
        subject_id site_id country consent_date sex inclusion_date
        01         S1      NLD     01-03-2018   1   08-03-2018
        02         S1      NLD     01-03-2018   1   08-03-2018
    """,
    "infusions": """
        subject_id cycle infusion_date start_time stop_time weight_kg dose_g
        01         1     12-03-2018    10:00      12:30     70        70
        01         1     13-03-2018    14:00      16:00     69        70
        01         1     13-03-2018    10:00      12:30     70        70
        01         2     02-04-2018    .          .         71        70
        02         1     12-03-2018    10:00      12:30     .         70
        02         1     13-03-2018    10:00      12:30     82        70
    """,
    "vitals": """
        subject_id visit date       time  weight_kg sbp
        01         BL    12-03-2018 09:00 70        120
        02         BL    13-03-2018 .     82        130
    """,
}


def test_infusion_and_weight(tmp_path: Path) -> None:
    """The weight of the visit on that day is another record; an infusion without a weight has none."""
    made = datasets(tmp_path, ["RELREC", "EX", "VS"], **FORMS)
    related = made["RELREC"]
    assert records(related, "USUBJID", "RELID", "RDOMAIN", "IDVAR", "RELTYPE") == [
        ("NTR6160-01", "INFUSION-1", "EX", "EXSEQ", None),
        ("NTR6160-01", "INFUSION-1", "VS", "VSSEQ", None),
        ("NTR6160-01", "INFUSION-2", "EX", "EXSEQ", None),
        ("NTR6160-01", "INFUSION-2", "VS", "VSSEQ", None),
        ("NTR6160-01", "INFUSION-3", "EX", "EXSEQ", None),
        ("NTR6160-01", "INFUSION-3", "VS", "VSSEQ", None),
        ("NTR6160-01", "INFUSION-4", "EX", "EXSEQ", None),
        ("NTR6160-01", "INFUSION-4", "VS", "VSSEQ", None),
        ("NTR6160-02", "INFUSION-2", "EX", "EXSEQ", None),
        ("NTR6160-02", "INFUSION-2", "VS", "VSSEQ", None),
    ]
    infusions = related[related["RDOMAIN"] == "EX"]
    assert records(infusions, "IDVARVAL") == [("1",), ("2",), ("3",), ("4",), ("2",)]
    weights = related[related["RDOMAIN"] == "VS"]
    numbered = dict(
        zip(records(made["VS"], "USUBJID", "VSSEQ"), records(made["VS"], "VSSTRESN"), strict=True)
    )
    found = [
        numbered[subject, int(value)] for subject, value in records(weights, "USUBJID", "IDVARVAL")
    ]
    assert found == [(70.0,), (70.0,), (69.0,), (71.0,), (82.0,)]
