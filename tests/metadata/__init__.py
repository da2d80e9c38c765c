"""The spec language: what it says, and what it says of mistakes."""
