"""python -m ivig_cdisc."""

from .cli import main

main()
