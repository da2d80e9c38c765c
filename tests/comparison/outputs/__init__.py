"""Two outputs of one study, compared."""
