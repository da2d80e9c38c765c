"""What SDTM wants beyond rows and variables."""
