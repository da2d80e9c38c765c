"""Small raw exports."""

SMALL = {
    "demog": """\
SUBJID,SITEID,BRTHDAT,SEX,RACE,RFICDAT,COUNTRY
1001,10,03-May-1960,Female,White,10-Jan-2024,NLD
1002,10,14-Jun-1971,Male,Asian,11-Jan-2024,NLD
1003,20,UN-UNK-1955,Female,White,12-Jan-2024,BEL
""",
    "ae": """\
SUBJID,AESPID,AETERM,AESTDAT,AEENDAT,AESEV,AESER
1001,1,"Headache, severe",20-Jan-2024,21-Jan-2024,Severe,No
1001,2,Nausea,UN-Feb-2024,,Mild,No
1002,1,Fracture,03-Mar-2024,20-Mar-2024,Moderate,Yes
""",
    "dosing": """\
SUBJID,VISIT,Start Date,Start Time,Dose,Dose Unit
1001,DAY 1,15-Jan-2024,09:30,250,Milligram
1002,DAY 1,16-Jan-2024,10:00,250,Milligram
1003,DAY 1,17-Jan-2024,09:15,-99,Milligram
""",
    "vitals": """\
SUBJID,VISIT,VSDAT,SYSBP,DIABP,weight_kg,Checked by
1001,SCREENING,10-Jan-2024,120,80,70.5,A. Jansen
1001,DAY 1,15-Jan-2024,118,-99,70.1,A. Jansen
1002,SCREENING,11-Jan-2024,135,85,82.0,B. Smit
1002,DAY 1,16-Jan-2024,131,84,,B. Smit
1003,SCREENING,12-Jan-2024,110,70,64.2,A. Jansen
""",
}
SUBJECTS = "subject_id;site_id;sex\n01;A;M\n02;A;F\n03;B;F\n"
