# make demo    set up, then make a synthetic twin of the 2021 set and triage it
# make test    set up, then run the tests
# make check   every check, then the tests
# make docs    the documentation, as HTML
# make bundle  the script of the pages, from its sources in browser/

ifndef PYTHON
PYTHON := $(shell tools/find-python 2>/dev/null)
endif
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
MODULES := browser/node_modules/.ready
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
TABLES := $(addprefix table-,numbering browser_data letters country_names number_words messages population)

.PHONY: setup demo test check lint types layers dependencies tables $(TABLES) browser bundle documentation doctests help sphinx docs clean
.DEFAULT_GOAL := test

setup: $(READY)

# The pins first, checked by hash; then the package itself, which adds nothing to them.
$(READY): constraints.txt pyproject.toml tools/setup-system tools/find-python hatch_build.py $(wildcard src/floodmark/kernel/c/*.* src/floodmark/kernel/c/oprf/*.*)
	@test -n "$(PYTHON)" || tools/find-python
	@tools/setup-system "$(PYTHON)"
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

# The browser's side, with the Node.js that was installed with the rest; no package runs a script of its own.
$(MODULES): $(READY) browser/package.json browser/package-lock.json
	cd browser && $(NODE) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $(MODULES)

demo: $(READY)
	@mkdir -p demo
	$(BIN)/floodmark synth leak --twin facebook-2021 --rows 300000 --seed 2021 -o demo/facebook-2021.txt
	$(BIN)/floodmark triage demo/facebook-2021.txt --html demo/report.html
	@echo
	@echo "The report, of synthetic data: $(CURDIR)/demo/report.html"

test: $(READY) $(MODULES)
	$(BIN)/python -m pytest -n $(WORKERS)

# What takes longest comes first; each check's output comes in one piece where make can hold it back.
# What `help` and the other tables check is among the tests.
CHECKS := doctests types table-numbering browser sphinx table-browser_data table-letters table-messages lint layers dependencies
AT_ONCE := --jobs=$(WORKERS) $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

check: $(READY) $(MODULES)
	@$(MAKE) --no-print-directory $(AT_ONCE) $(CHECKS)
	@$(MAKE) --no-print-directory test

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

dependencies: $(READY)
	$(BIN)/deptry src
	$(BIN)/python tools/update_constraints.py --check

# The numbering plans, the translations and the population ship compiled, in which a review sees nothing; so both are made again and compared.
tables: $(TABLES)

$(TABLES): table-%: $(READY) $(MODULES)
	$(BIN)/python tools/compile_$*.py --check

# The script that ships is made again from its sources and compared; a review sees only those.
browser: $(MODULES)
	cd browser && $(NODE) npm run --silent types
	cd browser && $(NODE) npm run --silent test
	cd browser && $(NODE) npm run --silent build -- --check

bundle: $(MODULES)
	cd browser && $(NODE) npm run --silent build

documentation: doctests help sphinx

doctests: $(READY)
	$(BIN)/python -m pytest --doctest-modules src

help: $(READY)
	$(BIN)/python tools/update_docs.py --check

sphinx: $(READY)
	$(BIN)/python -m sphinx -W --keep-going -q -E -b html docs docs/_build/html

docs: documentation
	@echo "$(CURDIR)/docs/_build/html/index.html"

clean:
	rm -rf $(VENV) browser/node_modules demo docs/_build build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
