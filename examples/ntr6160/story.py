"""The invented story of the 22 subjects: the literal tables that `forms.py` turns into forms.

Days are study days: day 1 is the first infusion, day -1 the day before it, there is no day 0.
A date token is `d24` (full date), `m24` (month and year of that day), `y24` (year only),
`ongoing`, an empty string, or literal text.
A course is a list of assessments `visit@day=level`; the levels are in LEVELS below.
"""

from datetime import date
from typing import NamedTuple

SEED = "NTR6160 synthetic example 1"
COUNTRY = "NLD"

DM, IMNM, NSM, ASYS = "1", "2", "3", "4"
MALE, FEMALE = "1", "2"

# Order of the tuples of multiples of the upper limit, and the range k used for improvement.
ENZYMES = ("CK", "ALDOLASE", "LDH", "AST", "ALT")
ENZYME_RANGE = {"CK": 15.0, "ALDOLASE": 6.0, "LDH": 3.0, "AST": 3.0, "ALT": 3.0}

# Intended improvement in % of range: physician, patient, MMT-8, HAQ-DI, enzyme, extramuscular.
# One line of a level is drawn for each assessment; each number lies in the middle of a band.
LEVELS: dict[str, tuple[tuple[float, ...], ...]] = {
    "base": ((0, 0, 0, 0, 0, 0),),
    "worse": ((-8, -6, -4, -8, -6, -4), (-10, -3, -6, -4, -9, 0)),
    "none": ((9, 2, 0, 0, 2, 2), (2, 9, 0, 0, 9, 2), (10, 9, 0, 0, 2, 0)),
    "minimal": (
        (10, 9, 6, 10, 9, 10),
        (10, 9, 6, 0, 9, 10),
        (20, 9, 6, 0, 9, 0),
        (10, 2, 6, 10, 2, 0),
    ),
    "moderate": (
        (20, 20, 6, 10, 20, 10),
        (10, 20, 14, 10, 20, 10),
        (20, 20, 6, 20, 20, 10),
        (20, 9, 14, 10, 9, 2),
    ),
    "major": (
        (33, 32, 14, 20, 33, 20),
        (33, 20, 14, 20, 20, 10),
        (45, 45, 24, 33, 33, 33),
    ),
}


class Subject(NamedTuple):
    """One included subject."""

    id: str
    sex: str
    birth: str
    diagnosis: str
    start: date  # first infusion
    weight: float
    height: int
    baseline: str  # physician VAS, patient VAS, MMT-8, HAQ-DI, extramuscular VAS
    enzymes: tuple[float, ...]  # multiples of the upper limit, in the order of ENZYMES
    cycles: tuple[tuple[int, int], ...]  # (first study day, number of infusion days)
    course: str
    end_day: int  # last day in the study


class ScreenFailure(NamedTuple):
    """One screened subject who was not included."""

    id: str
    sex: str
    birth: str
    diagnosis: str
    consent: date
    failed: str  # eligibility criterion
    reason: str


SUBJECTS = (
    # --- six responders from Week 3 on -------------------------------------------------------
    Subject("01-001", FEMALE, "14-03-1962", DM, date(2017, 3, 6), 68.0, 167,
            "6.8 6.4 112 1.625 4.6", (11.2, 4.1, 2.1, 2.4, 1.7), ((1, 5), (22, 2), (43, 2)),
            "BL@-3=base W3@22=moderate W6@43=major UNS@50=major W9@64=major", 64),
    # W3 and an unscheduled visit lie equally far from day 22: the later one is analysed
    Subject("02-001", FEMALE, "02-11-1970", DM, date(2017, 5, 8), 74.0, 171,
            "6.1 5.8 118 1.5 3.9", (8.6, 3.2, 1.9, 2.0, 1.5), ((1, 5), (22, 2), (43, 2)),
            "BL@1=base W3@19=minimal UNS@25=moderate W6@43=moderate W9@65=major", 65),
    # HAQ-DI not asked in Week 6: no score at that visit
    Subject("01-004", FEMALE, "UN-UNK-1958", NSM, date(2017, 9, 4), 81.0, 164,
            "6.5 7.1 109 1.75 3.4", (14.5, 4.8, 2.2, 3.0, 2.6), ((1, 5), (22, 2), (43, 2)),
            "BL@-4=base W3@22=moderate W6@44=major W9@64=major", 65),
    # Week 3 components on three dates; CK and aldolase almost equal at baseline
    Subject("01-007", MALE, "27-08-1966", DM, date(2018, 2, 5), 88.0, 183,
            "5.9 6.2 121 1.375 4.1", (3.06, 3.04, 1.7, 1.9, 1.4), ((1, 4), (22, 2), (43, 2)),
            "BL@-3=base W3@22=major UNS@24=major W6@43=major W9@66=major", 66),
    # CK sampled on the first infusion day before the start, and again after it
    Subject("02-006", MALE, "09-05-1953", IMNM, date(2018, 9, 10), 79.0, 178,
            "6.9 6.6 101 1.875 2.9", (27.4, 6.2, 3.1, 5.2, 4.6), ((1, 5), (22, 2), (43, 2)),
            "BL@1=base W3@22=moderate W6@43=moderate W9@64=moderate", 64),
    # CK above the measuring range at baseline (reported as >n), in ukat/L
    Subject("03-001", FEMALE, "21-01-1949", IMNM, date(2017, 10, 2), 63.0, 161,
            "7.4 7.0 98 2.0 3.2", (35.0, 7.4, 3.4, 6.1, 5.4), ((1, 4), (22, 1), (43, 1)),
            "BL@-3=base W3@22=moderate W6@43=major W9@64=major", 64),
    # --- two later responders ----------------------------------------------------------------
    # patient VAS missing at the baseline visit: baseline comes from the screening visit
    Subject("02-004", MALE, "30-06-1975", DM, date(2018, 1, 15), 71.0, 180,
            "6.3 6.0 120 1.375 4.2", (1.3, 3.6, 1.9, 1.8, 1.4), ((1, 3), (22, 1), (43, 1)),
            "UNS@-10=base BL@-3=base W3@22=minimal W6@43=moderate W9@64=moderate", 64),
    # CK failed in Week 6 and was repeated three days later
    Subject("04-001", FEMALE, "11-12-1980", DM, date(2018, 6, 4), 59.0, 169,
            "5.6 5.9 123 1.25 3.8", (9.4, 3.7, 1.9, 2.6, 2.0), ((1, 2), (22, 1), (43, 1)),
            "BL@-5=base W3@23=none W6@43=minimal W9@64=moderate", 64),
    # --- four completers without response ----------------------------------------------------
    # physician VAS 8.3 to 6.8 in Week 9 is exactly 15 %: 37.5 points, not 45
    # cycle 3 came 30 days after cycle 2 (a deliberate problem)
    Subject("01-003", FEMALE, "UN-UNK-1964", DM, date(2017, 6, 12), 66.0, 170,
            "8.3 6.0 118 1.5 3.0", (6.2, 2.8, 1.8, 1.9, 1.6), ((1, 4), (22, 1), (52, 1)),
            "BL@-4=base W3@22=none W6@43=minimal W9@64=minimal", 64),
    # Week 9: 40 or more on day 57, but the unscheduled visit of day 66 is nearer to day 64
    Subject("03-004", MALE, "18-04-1957", DM, date(2018, 8, 27), 92.0, 186,
            "6.0 5.5 119 1.5 3.6", (1.8, 1.5, 1.4, 2.6, 2.1), ((1, 5), (22, 2), (43, 2)),
            "BL@1=base W3@23=none W6@43=minimal W9@57=moderate UNS@66=minimal", 66),
    # CK and AST tie at exactly twice the upper limit: CK is the enzyme (AST would give 40 points)
    Subject("02-003", MALE, "25-09-1968", NSM, date(2017, 10, 16), 84.0, 176,
            "5.8 5.4 124 1.25 1.9", (2.0, 1.4, 1.3, 2.0, 1.2), ((1, 5), (22, 2), (43, 2)),
            "BL@-3=base W3@22=none W6@44=none W9@64=minimal", 64),
    # MMT-8 not done in Week 9: no score, counted as non-responder
    Subject("04-003", FEMALE, "06-07-1972", NSM, date(2019, 2, 11), 72.0, 166,
            "5.2 5.7 126 1.125 2.2", (5.8, 2.4, 1.6, 1.8, 1.5), ((1, 4), (22, 2), (43, 2)),
            "BL@-3=base W3@22=none W6@43=minimal W9@65=none", 65),
    # --- completer excluded from the efficacy set: minimal weakness, ceiling effect -----------
    Subject("01-008", MALE, "UN-UNK-1985", DM, date(2018, 5, 14), 77.0, 181,
            "2.8 3.0 148 0.25 2.0", (1.2, 1.1, 1.5, 1.1, 0.9), ((1, 4), (22, 2), (43, 2)),
            "BL@-3=base W3@22=none W6@43=none W9@64=minimal", 64),
    # --- seven rescued subjects, see RESCUE --------------------------------------------------
    Subject("01-002", MALE, "05-02-1951", IMNM, date(2017, 4, 10), 85.0, 175,
            "7.5 7.0 95 2.125 2.6", (31.0, 6.8, 3.3, 5.6, 5.0), ((1, 5), (22, 2)),
            "BL@-4=base W3@22=worse", 30),
    # rescue on the day of the Week 6 assessment, which counts (first score of 20 or more)
    Subject("02-002", FEMALE, "19-10-1960", IMNM, date(2017, 8, 21), 69.0, 168,
            "7.1 6.8 104 1.875 2.4", (22.5, 5.9, 2.8, 4.4, 4.0), ((1, 5), (22, 1)),
            "BL@-3=base W3@22=none W6@43=minimal", 44),
    # 40 or more in Week 6, but after rescue: does not count
    Subject("01-006", FEMALE, "23-05-1946", IMNM, date(2017, 11, 13), 62.0, 159,
            "7.8 7.4 92 2.25 2.8", (38.0, 7.7, 3.6, 6.4, 5.9), ((1, 4), (22, 1)),
            "BL@-3=base W3@22=none W6@45=moderate", 45),
    Subject("03-005", MALE, "12-12-1955", IMNM, date(2019, 1, 14), 95.0, 182,
            "7.2 6.9 99 1.75 2.5", (25.6, 6.1, 3.0, 4.9, 4.3), ((1, 5), (22, 2)),
            "BL@-4=base W3@22=none", 40),
    # early termination visit booked as Week 9, on day 52
    Subject("02-005", FEMALE, "08-01-1969", NSM, date(2018, 4, 9), 76.0, 172,
            "6.4 6.1 115 1.5 2.1", (10.8, 4.0, 2.1, 2.7, 2.2), ((1, 5), (22, 2), (43, 2)),
            "BL@1=base W3@22=none W6@43=none W9@52=minimal", 52),
    Subject("04-002", FEMALE, "16-08-1963", ASYS, date(2018, 10, 15), 70.0, 165,
            "6.2 6.5 117 1.625 5.1", (12.3, 4.4, 2.3, 2.9, 2.5), ((1, 4), (22, 2), (43, 2)),
            "BL@-4=base W3@22=minimal W6@45=minimal W9@57=minimal", 57),
    # rescue on the Week 6 visit, blood the day after: that score is dated after rescue
    Subject("03-002", FEMALE, "UN-UNK-1978", DM, date(2018, 3, 5), 57.0, 163,
            "6.6 6.3 113 1.625 4.0", (1.1, 1.6, 2.3, 1.7, 1.3), ((1, 3), (22, 1)),
            "BL@-3=base W3@22=none W6@43=minimal", 45),
)  # fmt: skip

SCREEN_FAILURES = (
    ScreenFailure("01-005", MALE, "03-03-1944", "", date(2017, 10, 9), "E01",
                  'Biopsy revised: inclusion body myositis ("IBM"); not eligible'),
    ScreenFailure("03-003", FEMALE, "UN-UNK-1959", DM, date(2018, 5, 22), "E02",
                  "Prednisolone started by the referring hospital"),
)  # fmt: skip

# Rescue for insufficient efficacy: first day, and the drugs of DRUGS with their own start days.
RESCUE: dict[str, tuple[tuple[str, int], ...]] = {
    "01-002": (("prednisolone", 24), ("methotrexate", 26)),
    "02-002": (("prednisolone", 43),),
    "01-006": (("methylprednisolone", 29), ("prednisolone", 32)),
    "03-005": (("prednisolone", 36), ("azathioprine", 38)),
    "02-005": (("prednisolone", 46),),
    "04-002": (("prednisolone", 50), ("azathioprine", 54)),
    "03-002": (("methylprednisolone", 43), ("prednisolone", 45)),
}
# ATC, dose, unit, frequency, route
DRUGS = {
    "prednisolone": ("H02AB06", "60", "mg", "QD", "ORAL"),
    "methylprednisolone": ("H02AB04", "1000", "mg", "ONCE", "INTRAVENOUS"),
    "methotrexate": ("L04AX03", "15", "mg", "QW", "SUBCUTANEOUS"),
    "azathioprine": ("L04AX01", "50", "mg", "BID", "ORAL"),
}

EXCLUDED_FROM_EFFICACY = {"01-008": "Minimal weakness at baseline, ceiling effect"}

# --- what does not follow the ordinary course ------------------------------------------------
# Values written as they are into the core set form, by subject and assessment.
CORE_EDITS: dict[tuple[str, str], dict[str, str]] = {
    ("01-003", "W9@64"): {"physician_vas": "6.8", "patient_vas": "4.0", "mmt8": "127",
                          "haq_di": "1.25", "extramuscular_vas": "2.0"},
    ("02-003", "W9@64"): {"physician_vas": "3.8", "patient_vas": "4.5", "mmt8": "133",
                          "haq_di": "1", "extramuscular_vas": "1.8"},
    ("03-005", "W3@22"): {"physician_vas": "5.7"},
    ("01-004", "W6@44"): {"haq_di": "-97"},
    ("01-007", "W3@22"): {"mmt8": ""},
    ("01-007", "UNS@24"): {"physician_vas": "", "patient_vas": "", "haq_di": "",
                           "extramuscular_vas": ""},
    ("02-004", "UNS@-10"): {"physician_vas": "6.5", "mmt8": "119", "haq_di": "-97"},
    ("02-004", "BL@-3"): {"patient_vas": "-97"},
    ("04-003", "W9@65"): {"mmt8": "-99"},
    ("04-002", "W9@57"): {"patient_vas": "-98"},
    ("02-005", "W9@52"): {"extramuscular_vas": "-95"},
}  # fmt: skip

# Improvement of the enzyme in % of range where the draw of LEVELS must not decide.
ENZYME_EDITS = {("01-003", "W9@64"): 9.0, ("02-003", "W9@64"): 100 * 1.0 / 15}

# Blood taken on another day than the assessment; 0: none taken.
LAB_DAYS = {
    ("01-007", "W3@22"): 25,
    ("01-007", "UNS@24"): 0,
    ("03-002", "W6@43"): 44,
    ("02-004", "UNS@-10"): 0,
    ("04-003", "W6@43"): 40,
    ("02-006", "W9@64"): 61,
}

# Results written as they are.
LAB_EDITS: dict[tuple[str, str, str], str] = {
    ("03-001", "BL@-3", "CK"): ">85.00",
    ("04-001", "W6@43", "CK"): "-95",
    ("01-004", "W3@22", "ALDOLASE"): "-99",
    ("02-001", "W9@65", "ALDOLASE"): "<1.0",
    ("03-004", "W6@43", "LDH"): "-95",
    ("01-008", "W6@43", "AST"): "<10",
    ("01-001", "W3@22", "IGG"): ">30.0",
    ("03-001", "W3@22", "IGG"): ">30.0",
    ("02-005", "BL@1", "IGG"): "-98",
    ("02-001", "UNS@25", "HB"): "6.1",
}

# Extra samples: subject, visit, day, time, test, multiple of the upper limit.
EXTRA_LABS = (
    ("02-006", "UNS", -10, "11:20", "CK", 29.9),
    ("02-006", "UNS", 1, "14:45", "CK", 19.8),
    ("01-001", "UNS", 1, "15:10", "CK", 6.3),
    ("04-001", "UNS", 46, "10:05", "CK", 8.0),
)
