"""From any cell back to the raw cells behind it."""
