"""SAS XPORT, version 5, and version 8 to read."""
