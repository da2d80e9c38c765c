# The same words as in CI and README. Needs make and Python 3.11 or newer, nothing else.

RAW := examples/ntr6160/raw
OUT := out/ntr6160
BIN := .venv/bin
FAST := $(addprefix tests/,derive engine iso8601 metadata test_conditions.py test_text.py) \
	$(addprefix src/ivig_cdisc/,derive iso8601.py text.py)
# pip shows what it loads where somebody watches, and is quiet in a log
QUIET := $(if $(CI),--quiet,$(shell test -t 2 || echo --quiet))
INSTALL := $(BIN)/python -m pip install $(QUIET) --disable-pip-version-check --constraint constraints.txt

# the first of these that is new enough; override with: make demo PYTHON=/path/to/python
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python; do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$python; break; fi; done)

.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-fast coverage check bench constraints clean

help:
	@echo 'make demo         convert the example study to $(OUT) and show what came out'
	@echo 'make test         run all tests, the long suites by a sample'
	@echo 'make test-all     run them in full'
	@echo 'make test-fast    run the quick tests of derivations, engine, dates, text and specs: under a minute'
	@echo 'make coverage     which lines of derivations and engine their own tests do not run'
	@echo 'make check        lint, formatting, types, specs'
	@echo 'make bench        measure speed and memory'
	@echo 'make constraints  pin the newest versions that pyproject.toml allows'
	@echo 'make clean        remove the environment and everything made'

# ivig-cdisc convert ends with 0 (clean), 1 (converted, with findings of severity error) or 2 (not converted). A crash of
# Python is a 1 too: so what was written must be newer than the start.
demo: .venv/installed
	@echo 'make: converting $(RAW)'
	@touch .venv/started
	@$(BIN)/ivig-cdisc convert $(RAW) $(OUT) --overwrite; code=$$?; \
	if [ $$code -gt 1 ] || [ ! $(OUT)/manifest.json -nt .venv/started ]; then \
		echo "make demo: the conversion failed with exit code $$code" >&2; exit 2; fi; \
	echo; \
	if [ $$code -eq 1 ]; then \
		echo 'The conversion ended with exit code 1: it is complete, and there are findings of severity error.'; \
		echo 'Here that is as it should be: the example holds deliberate problems, see examples/ntr6160/problems.csv.'; \
	else echo 'The conversion ended with exit code 0: no finding of severity error.'; fi; \
	echo 'Written to $(OUT):'; \
	cd $(OUT) && find . -type f | sed 's|^\./||; s|/[^/]*$$|/|' | sort | uniq -c

test: .venv/developing
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

test-all: .venv/developing
	TESTS=all $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

test-fast: .venv/developing
	$(BIN)/python -m pytest --quiet --numprocesses 2 -m 'not slow' $(FAST)

coverage: .venv/developing
	$(BIN)/python -m coverage run -m pytest --quiet -p no:cacheprovider tests/derive tests/engine src/ivig_cdisc/derive
	$(BIN)/python -m coverage report

check: .venv/developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/ivig-cdisc spec check

bench: .venv/developing
	$(BIN)/python benchmarks/run.py

# into an empty environment, so that nothing installed by hand gets in
constraints: .venv/created
	rm -rf build/constraints
	$(BIN)/python -m venv build/constraints
	build/constraints/bin/python -m pip install --quiet --disable-pip-version-check '.[dev]'
	{ sed -n '/^#/p' constraints.txt; \
	  build/constraints/bin/python -m pip freeze --exclude ivig-cdisc | grep -v '^#'; } > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/constraints

clean:
	rm -rf .coverage .venv build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis

# stamps: what is newer than its stamp is installed again, the rest is left alone
.venv/created:
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer was not found; say PYTHON=/path/to/python' >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		echo 'make: making the environment .venv with $(PYTHON)'; $(PYTHON) -m venv --clear .venv; }
	@touch $@

.venv/installed: .venv/created pyproject.toml constraints.txt
	@echo 'make: installing the package and what it needs into .venv; the first time this takes a minute or two'
	@$(INSTALL) --editable .
	@touch $@

.venv/developing: .venv/created pyproject.toml constraints.txt
	@echo 'make: installing the package and what its tests need into .venv; the first time this takes a minute or two'
	@$(INSTALL) --editable '.[dev]'
	@touch $@ .venv/installed
