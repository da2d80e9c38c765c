"""For each derivation one set of inputs that it is meant for: three records, a constant or a list of columns."""

from __future__ import annotations

from typing import Any

import pandas as pd

VISITS = {
    "BL": {"name": "BASELINE", "number": 1, "day": 1},
    "W3": {"name": "WEEK 3", "number": 2, "day": 22},
}
WINDOWS = [{"name": "Week 3", "number": 3, "target": 22, "low": 12, "high": 32}]
UNITS = {"ukat/L": {"to": "U/L", "factor": 60}}


def text(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")


def number(*values: float | None) -> pd.Series:
    return pd.Series(values, dtype="float64")


def day(*values: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(pd.Series(values, dtype="str")), dtype="datetime64[s]")


SUBJECT = text("S1", "S2", "S1")
DATE = text("2018-05-03T09:30", "2018-05", "2018-05-01")
REFERENCE = text("2018-05-03T09:00", "2018-05-04T09:00", "2018-05-03T09:00")
DAY, FIRST, LAST = (
    day("2018-05-03", None, "2018-05-01"),
    day(*["2018-05-02"] * 3),
    day(*["2018-06-02"] * 3),
)
VALUE, ONE = number(7.2, 5.7, None), number(1, 1, 1)
FLAG = text("Y", None, "N")
CODE = text("1", "2", None)
MEASURE = {
    "measure": text("PGA", "CK", "CK"),
    "value": number(6.8, 141, 90),
    "reference": number(1, 170, 170),
}
BASE = {"base": number(8.3, 900, None), "base_reference": number(1, 170, 170)}

SAMPLES: dict[str, dict[str, Any]] = {
    # terms
    "coalesce": {"values": [text("a", None, None), text("b", "c", None)]},
    "copy": {"value": CODE},
    "first_absent": {
        "values": [text("a", None, "b"), text(None, None, "c")],
        "terms": ["NO A", "NO B"],
    },
    "paste": {"values": [CODE, SUBJECT], "prefix": "X-", "separator": "/"},
    "piece": {"value": text("701-1015", "702", None), "separator": "-", "number": 2},
    "recode": {"value": CODE, "terms": {"1": "MILD"}},
    "recode_where": {
        "value": text("WEIGHT", "HEIGHT", "WEIGHT"),
        "present": CODE,
        "terms": {"WEIGHT": "kg"},
    },
    "study_status": {"disposition": text("COMPLETED", "SCREEN FAILURE", None)},
    "upper_case": {"value": text("Rash", None, "x")},
    "when_present": {"values": [CODE, FLAG], "term": "Y", "otherwise": "N"},
    "where_absent": {"value": VALUE, "flag": FLAG},
    "where_present": {"value": VALUE, "present": CODE},
    "where_is": {"value": VALUE, "flag": FLAG, "values": ["Y"]},
    # dates
    "age_in_years": {"birth": text("1960-06-02", "1960", None), "reference": DATE},
    "calendar_date": {"date": DATE},
    "calendar_datetime": {"date": DATE},
    "date_part": {"date": DATE},
    "days_from": {"date": DAY, "start": FIRST},
    "days_since_previous": {"groups": [SUBJECT], "date": DAY},
    "imputation_flag": {"date": DATE},
    "imputed_end": {"date": DATE, "ceiling": LAST},
    "imputed_start": {"date": DATE, "floor": FIRST, "end": LAST},
    "iso8601": {
        "date": text("2018-05-03", "2018-05", None),
        "time": text("09:30", "09:30", "09:30"),
    },
    "months_between": {"start": text("2018-01", "2018", "2018-02-01"), "end": DATE},
    "relative_day": {"date": DAY, "reference": FIRST},
    "years_before": {"date": text("2013-12-26", "2012-02-29", None), "years": number(63, 1, 2)},
    "study_day": {"date": DATE, "reference": REFERENCE},
    # numbers
    "age_group": {"value": number(64, 65, None), "groups": {"18-64": [18, 64], ">=65": [65, 150]}},
    "distance": {"value": VALUE, "target": ONE},
    "indicator": {"flag": FLAG},
    "number": {"value": text("12.5", "<5", None)},
    "quotient": {"dividend": VALUE, "divisor": number(2, 0, 1)},
    # keys
    "sequence": {"subject": SUBJECT},
    "subject_key": {"subject": SUBJECT, "study": "T"},
    # visits
    "analysed": {
        "groups": [SUBJECT],
        "number": number(3, 3, 3),
        "day": number(20, 22, 24),
        "windows": WINDOWS,
        "order": [DATE],
    },
    "named_visit_number": {"visit": text("W3", "Unscheduled 2.1", None), "visits": VISITS},
    "visit_day": {"visit": text("W3", "UNS", None), "visits": VISITS},
    "visit_name": {
        "visit": text("W3", "UNS", "X"),
        "number": number(2, 2.009, None),
        "visits": VISITS,
        "unscheduled": "UNS",
    },
    "visit_number": {
        "visit": text("W3", "UNS", "X"),
        "day": number(30, 30, None),
        "visits": VISITS,
        "unscheduled": "UNS",
    },
    "window": {"day": number(11, 12, None), "windows": WINDOWS},
    "window_fact": {"number": number(3, 4, None), "windows": WINDOWS, "fact": "low"},
    "window_name": {"number": number(3, 0, None), "windows": WINDOWS, "baseline": "Baseline"},
    # flags
    "at_least": {"value": number(40, 37.5, None), "threshold": 40},
    "carried": {"groups": [SUBJECT], "flag": FLAG, "value": VALUE},
    "classify": {"value": text("DEATH", "RASH", None), "terms": {"DEATH": "SERIOUS"}},
    "first_occurrence": {"groups": [SUBJECT], "among": text("Y", "Y", "Y"), "order": [DAY, VALUE]},
    "is_after": {"date": DATE, "reference": REFERENCE},
    "last_before": {
        "groups": [SUBJECT],
        "value": number(1, 2, 3),
        "date": DATE,
        "reference": REFERENCE,
        "order": [DATE, VALUE],
    },
    "later_than": {"date": DAY, "reference": FIRST},
    "population": {"require": [CODE, FLAG], "exclude": [FLAG]},
    "treatment_emergent": {
        "start": DAY,
        "first": FIRST,
        "last": LAST,
        "days": 30,
        "begun": DATE,
        "ended": REFERENCE,
        "moment": FIRST,
    },
    # findings
    "limit_sign": {"result": text("<5", "12.5", None)},
    "not_done": {"reason": CODE},
    "range_indicator": {
        "result": text("<5", "51", None),
        "low": number(10, 10, 10),
        "high": number(50, 50, 50),
    },
    "result_limit": {"result": text("<5", "12.5", "trace")},
    "standard_result": {
        "result": text("0.83", "<0.5", None),
        "unit": text("ukat/L", "U/L", "ukat/L"),
        "test": text("CK", "CK", None),
        "conversions": UNITS,
    },
    "standard_unit": {
        "result": text("0.83", "trace", None),
        "unit": text("ukat/L", "g/L", None),
        "test": text("CK", "IGG", None),
        "conversions": UNITS,
    },
    "standard_limit": {
        "limit": text("3.2", "n.a.", None),
        "result": text("0.83", "trace", None),
        "unit": text("ukat/L", "g/L", None),
        "test": text("CK", "IGG", None),
        "conversions": UNITS,
    },
    # tis
    "change": {k: v for k, v in {**MEASURE, **BASE}.items() if k != "measure"},
    "improvement_category": {"score": number(17.5, 60, None)},
    "improvement_percent": {**MEASURE, **BASE},
    "improvement_points": {**MEASURE, **BASE},
    "leading_enzyme": {
        "subject": SUBJECT,
        "measure": text("CK", "PGA", "AST"),
        "base": number(4, 7.2, 3),
    },
    "multiple": {"value": VALUE, "reference": number(1, 0, 2)},
}
