"""What the YAML can say: entries, the page, the JSON schema."""
