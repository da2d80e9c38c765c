"""What happened to the subjects beside the course: events, medications, medical history.

The tokens of dates are those of `story.py`.
"""

from typing import NamedTuple

SOC = {
    "blood": "BLOOD AND LYMPHATIC SYSTEM DISORDERS",
    "cardiac": "CARDIAC DISORDERS",
    "ear": "EAR AND LABYRINTH DISORDERS",
    "endocrine": "ENDOCRINE DISORDERS",
    "gastro": "GASTROINTESTINAL DISORDERS",
    "general": "GENERAL DISORDERS AND ADMINISTRATION SITE CONDITIONS",
    "infect": "INFECTIONS AND INFESTATIONS",
    "injury": "INJURY, POISONING AND PROCEDURAL COMPLICATIONS",
    "metab": "METABOLISM AND NUTRITION DISORDERS",
    "musculo": "MUSCULOSKELETAL AND CONNECTIVE TISSUE DISORDERS",
    "neoplasm": "NEOPLASMS BENIGN, MALIGNANT AND UNSPECIFIED (INCL CYSTS AND POLYPS)",
    "nervous": "NERVOUS SYSTEM DISORDERS",
    "resp": "RESPIRATORY, THORACIC AND MEDIASTINAL DISORDERS",
    "skin": "SKIN AND SUBCUTANEOUS TISSUE DISORDERS",
    "surgery": "SURGICAL AND MEDICAL PROCEDURES",
    "vascular": "VASCULAR DISORDERS",
}


class Event(NamedTuple):
    """One adverse event.

    `criteria` is empty for an event that is not serious, `none` for a serious one without a
    criterion, else a list such as `hosp life`.
    """

    subject: str
    description: str
    term: str
    soc: str
    start: str
    end: str
    severity: int
    criteria: str
    related: int
    action: int
    outcome: int


EVENTS = (
    Event("01-001", "Headache after infusion", "HEADACHE", "nervous", "d2", "d4", 1, "", 3, 1, 1),
    Event("01-001", "Itchy rash on both hands; faded by itself", "RASH", "skin", "d25", "d31",
          1, "", 2, 0, 1),
    Event("01-001", "Fatigue", "FATIGUE", "general", "m5", "", 1, "", 2, 0, 9),
    Event("01-002", "Chills during infusion", "INFUSION RELATED REACTION", "injury", "d1", "d1",
          1, "", 4, 2, 1),
    Event("01-002", "Fell at home, bruised hip", "FALL", "injury", "d18", "d26", 1, "", 0, 0, 1),
    Event("01-003", "Migraineuze hoofdpijn, lichtschuw (één dag)", "HEADACHE", "nervous", "d3",
          "d4", 2, "", 3, 1, 1),
    Event("01-003", "Hypertension, observed at the day ward", "HYPERTENSION", "vascular", "d23",
          "d24", 2, "", 2, 1, 1),
    Event("01-004", "Naïeve patiënt: rillingen en koorts tijdens infuus\n"
          'Patiënt zegt: "alsof ik griep heb"; na 2 uur over', "INFUSION RELATED REACTION",
          "injury", "d1", "d1", 2, "", 4, 2, 1),
    Event("01-004", "Nausea", "NAUSEA", "gastro", "d24", "d26", 1, "", 2, 0, 1),
    Event("01-006", "Headache", "HEADACHE", "nervous", "d2", "d3", 1, "", 3, 0, 1),
    Event("01-006", "Choking on thin fluids", "DYSPHAGIA", "gastro", "d-6", "ongoing", 2, "",
          0, 9, 3),
    Event("01-007", "Huiduitslag, café-au-lait-kleurig, Ø 5 cm", "RASH", "skin", "m8", "m30",
          1, "", 2, 0, 1),
    Event("01-007", "Common cold", "NASOPHARYNGITIS", "infect", "d40", "d47", 1, "", 0, 0, 1),
    Event("01-008", "Hoofdpijn", "HEADACHE", "nervous", "d3", "d5", 1, "", 3, 0, 1),
    Event("01-008", "Back pain", "BACK PAIN", "musculo", "y20", "", 1, "", 1, 0, 9),
    Event("02-001", "Haemolysis (blood group A), Hb 6.1", "HAEMOLYSIS", "blood", "d25", "d46",
          2, "", 4, 0, 1),
    Event("02-001", "Moe en bleek", "FATIGUE", "general", "d24", "ongoing", 1, "", 3, 0, 2),
    Event("02-002", "Aseptische meningitis na oplaaddosis, liquor 310 cellen/µl",
          "MENINGITIS ASEPTIC", "nervous", "d4", "d11", 3, "hosp", 4, 0, 1),
    Event("02-002", "Headache", "HEADACHE", "nervous", "d22", "d23", 1, "", 3, 1, 1),
    Event("02-003", "Blood pressure raised", "HYPERTENSION", "vascular", "m22", "ongoing",
          1, "", 2, 0, 3),
    Event("02-004", "Prikkende huid, übergevoelig", "PRURITUS", "skin", "d6", "d9", 1, "",
          2, 0, 1),
    Event("02-004", "Headache", "HEADACHE", "nervous", "d2", "d2", 1, "", 3, 0, 1),
    Event("02-005", "Gastro-enteritis", "GASTROENTERITIS", "infect", "d30", "d33", 2, "",
          0, 0, 1),
    Event("02-005", "Injection site bruise", "INFUSION SITE BRUISING", "general", "d3", "d8",
          1, "", 3, 0, 1),
    Event("02-006", "Acute longembolie, segmenteel; opname via SEH", "PULMONARY EMBOLISM",
          "resp", "d26", "d40", 3, "hosp life", 3, 0, 1),
    Event("02-006", "Headache", "HEADACHE", "nervous", "d4", "d6", 2, "", 3, 1, 1),
    Event("03-001", "Headache", "HEADACHE", "nervous", "d2", "d3", 1, "", 3, 0, 1),
    Event("03-001", "Oedema of both ankles", "OEDEMA PERIPHERAL", "general", "m26", "ongoing",
          1, "", 1, 0, 2),
    Event("03-002", "Urinary tract infection", "URINARY TRACT INFECTION", "infect", "d12", "d19",
          2, "", 0, 0, 1),
    Event("03-004", "Migraine", "MIGRAINE", "nervous", "d3", "d4", 2, "", 3, 0, 1),
    Event("03-004", "Flu-like feeling", "INFLUENZA LIKE ILLNESS", "general", "m10", "m10",
          1, "", 3, 0, 1),
    Event("03-005", "Aspiration pneumonia, antibiotics", "PNEUMONIA ASPIRATION", "infect", "d30",
          "d39", 3, "none", 1, 0, 1),
    Event("03-005", "Fever during infusion", "INFUSION RELATED REACTION", "injury", "d2", "d2",
          1, "", 4, 1, 1),
    Event("04-001", "Headache", "HEADACHE", "nervous", "d2", "d4", 1, "", 3, 0, 1),
    Event("04-001", "Dyshidrotic eczema of palms", "DYSHIDROTIC ECZEMA", "skin", "d12", "d50",
          1, "", 4, 0, 1),
    Event("04-002", "Cough", "COUGH", "resp", "d-4", "d20", 1, "", 0, 9, 1),
    Event("04-002", "Headache and neck pain", "HEADACHE", "nervous", "d5", "d7", 2, "", 3, 0, 1),
    Event("04-003", "Dizziness after infusion", "DIZZINESS", "nervous", "d44", "d44", 1, "",
          3, 0, 1),
    Event("04-003", "Leucocytes low, found by chance", "LEUKOPENIA", "blood", "", "", 1, "",
          2, 0, 9),
)  # fmt: skip

# (subject, cycle, number of the infusion day in it): why the infusion was interrupted
INTERRUPTED = {
    ("01-002", 1, 1): "Chills",
    ("01-004", 1, 1): "Koorts en rillingen; na 60 min hervat",
    ("04-003", 3, 2): "-98",
}


class Medication(NamedTuple):
    """One concomitant medication that is not rescue."""

    subject: str
    drug: str
    atc: str
    indication: str
    dose: str
    unit: str
    frequency: str
    route: str
    start: str
    stop: str


MEDICATIONS = (
    Medication("01-001", "Paracetamol", "N02BE01", "Headache", "1000", "mg", "BID", "ORAL",
               "d2", "d4"),
    Medication("01-001", "Levothyroxine", "H03AA01", "Hypothyroidism", "75", "ug", "QD", "ORAL",
               "y-2600", "ongoing"),
    Medication("01-002", "Omeprazole", "A02BC01", "Reflux", "20", "mg", "QD", "ORAL", "m-90",
               "ongoing"),
    Medication("01-003", "Amlodipine", "C08CA01", "Hypertension", "5", "mg", "QD", "ORAL", "d23",
               "ongoing"),
    Medication("01-004", "Clemastine", "R06AA04", "Infusion reaction; premedication", "2", "mg",
               "ONCE", "INTRAVENOUS", "d22", "d22"),
    Medication("01-006", "Thickening powder", "V06DX", "Dysphagia", "-98", "", "", "ORAL", "m-5",
               "ongoing"),
    Medication("01-007", "Paracetamol", "N02BE01", "Common cold", "500", "mg", "BID", "ORAL",
               "d40", "d47"),
    Medication("02-001", "Folic acid", "B03BB01", "Haemolysis", "5", "mg", "QD", "ORAL", "d26",
               "m46"),
    Medication("02-002", "Paracetamol", "N02BE01", "Aseptic meningitis", "1000", "mg", "BID",
               "ORAL", "d4", "d11"),
    Medication("02-003", "Metformin", "A10BA02", "Diabetes mellitus type 2", "500", "mg", "BID",
               "ORAL", "y-1500", "ongoing"),
    Medication("02-003", "Diclofenac", "M01AB05", "Shoulder pain", "50", "mg", "BID", "ORAL",
               "d12", "d16"),
    Medication("02-006", "Apixaban", "B01AF02", "Pulmonary embolism", "5", "mg", "BID", "ORAL",
               "d26", "ongoing"),
    Medication("02-006", "Nadroparin", "B01AB06", "Pulmonary embolism", "0.6", "mL", "BID",
               "SUBCUTANEOUS", "d26", "d27"),
    Medication("03-001", "Atorvastatin", "C10AA05", "Hypercholesterolaemia", "20", "mg", "QD",
               "ORAL", "", "m-75"),
    Medication("03-002", "Nitrofurantoin", "J01XE01", "Urinary tract infection", "100", "mg",
               "BID", "ORAL", "d13", "d18"),
    Medication("03-005", "Amoxicillin and clavulanic acid", "J01CR02", "Aspiration pneumonia",
               "1000", "mg", "BID", "INTRAVENOUS", "d30", "d37"),
    Medication("04-001", "Triamcinolone cream", "D07AB09", "Dyshidrotic eczema", "-96", "", "BID",
               "-96", "d14", "m45"),
    Medication("04-002", "Cholecalciferol", "A11CC05", "Supplementation", "800", "IU", "QD",
               "ORAL", "y-300", "ongoing"),
)  # fmt: skip


class Condition(NamedTuple):
    """One line of medical history."""

    subject: str
    condition: str
    term: str
    soc: str
    start: str
    end: str


HISTORY = (
    Condition("01-001", "Hypothyroidism", "HYPOTHYROIDISM", "endocrine", "y-2600", "ongoing"),
    Condition("01-002", "Hypercholesterolaemia, statin stopped", "HYPERCHOLESTEROLAEMIA",
              "metab", "y-3000", "ongoing"),
    Condition("01-002", "Reflux", "GASTROOESOPHAGEAL REFLUX DISEASE", "gastro", "m-120",
              "ongoing"),
    Condition("01-003", "Appendectomy", "APPENDICECTOMY", "surgery", "y-11000", "y-11000"),
    Condition("01-004", 'Raynaud, "koude vingers"; beide handen', "RAYNAUD'S PHENOMENON",
              "vascular", "m-400", "ongoing"),
    Condition("01-006", "Cataract surgery, left", "CATARACT OPERATION", "surgery", "d-700",
              "d-700"),
    Condition("01-008", "Seizoensgebonden hooikoorts (graspollen)", "SEASONAL ALLERGY", "resp",
              "", "ongoing"),
    Condition("02-001", "Sprained ankle", "LIGAMENT SPRAIN", "injury", "m-800", "m-770"),
    Condition("02-003", "Diabetes mellitus type 2", "TYPE 2 DIABETES MELLITUS", "metab",
              "y-1500", "ongoing"),
    Condition("02-005", "Frozen shoulder", "PERIARTHRITIS", "musculo", "m-30", "ongoing"),
    Condition("02-006", "Deep vein thrombosis, left leg", "DEEP VEIN THROMBOSIS", "vascular",
              "y-4000", "y-4000"),
    Condition("03-001", "Hypercholesterolaemia", "HYPERCHOLESTEROLAEMIA", "metab", "-98",
              "ongoing"),
    Condition("03-002", "Ménière, één aanval", "MENIERE'S DISEASE", "ear", "y-1200",
              "y-1000"),
    Condition("03-004", "Atrial fibrillation, ablation", "ATRIAL FIBRILLATION", "cardiac",
              "m-900", "d-610"),
    Condition("03-005", "Basal cell carcinoma, forehead", "BASAL CELL CARCINOMA", "neoplasm",
              "d-1100", "d-1060"),
    Condition("04-002", "Interstitial lung disease", "INTERSTITIAL LUNG DISEASE", "resp",
              "m-100", "ongoing"),
    Condition("04-003", "Eczeem als kind (coördinatie: dermatoloog)", "ECZEMA", "skin",
              "y-14000", ""),
)  # fmt: skip
