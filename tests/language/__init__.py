"""The pages on the spec language, example by example."""
