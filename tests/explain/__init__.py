"""One subject's story."""
