# Yiti 一体. `make demo` shows it, `make test` proves it. Needs Debian 12 with python3.11, python3-venv, make.
PYTHON ?= python3.11
PORT   ?= 8000
RESET  ?=
BIN    := .venv/bin
WORKERS ?= 3

# Many images set this; each process would then compile all of Django anew, 3 s instead of 1.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: demo test dev lint lint-all prove bench lock guide words clean help ruff format types imports templates migrations

demo: .venv/.core  ## try it: server, tables, the example county of Liannan, pages (PORT=8000, RESET=1)
	@$(BIN)/yiti demo --port $(PORT) $(if $(RESET),--reset)

test: lint  ## every check: lint, then all tests (journeys need Chromium)
	@$(BIN)/pytest -n$(WORKERS) --dist worksteal

help:
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 10

dev: .venv/.dev  ## the demo with debug pages that start again when a file changes
	@$(BIN)/yiti demo --dev --port $(PORT) $(if $(RESET),--reset)

lint: .venv/.dev  ## all static checks, two at a time
	@$(MAKE) --no-print-directory -j2 -k --output-sync=target lint-all

lint-all: ruff format types imports templates migrations

ruff:
	@$(BIN)/ruff check --quiet .
format:
	@$(BIN)/ruff format --check --quiet .
types:
	@YITI_SECRET_KEY=lint $(BIN)/mypy
imports:
	@$(BIN)/lint-imports
templates:
	@$(BIN)/djlint --lint --quiet src
migrations:  # without a server: the one warning says that no history could be compared
	@YITI_SECRET_KEY=lint DATABASE_URL=postgresql:///none?host=/nonexistent DJANGO_SETTINGS_MODULE=yiti.config.settings \
		$(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run --skip-checks

prove: .venv/.dev  ## long proofs: kills, races, fuzz, scale (at most an hour)
	@$(BIN)/pytest -m prove -n0; found=$$?; $(BIN)/python -m tests.reliability && exit $$found

bench: .venv/.bench  ## measurements, each with its comparator
	@$(BIN)/python -m benchmarks

lock: .venv/.dev  ## write the lock files anew from requirements/*.in; they hold hashes and no address
	@for set in core dev bench; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			requirements/$$set.in --output-file requirements/$$set.lock; \
	done

guide: .venv/.dev  ## take the pictures of the user guide anew, with the journey through the example county
	@YITI_SHOTS=build/shots $(BIN)/pytest -n0 tests/journeys/test_liannan.py -k comes_home
	@for picture in docs/guide/images/*.png; do cp build/shots/$$(basename $$picture) $$picture; done

words: .venv/.dev  ## bring the English catalogue up to date and compile it
	@$(BIN)/python -m tests.catalogue

clean:  ## remove what make has made (never the data folder)
	@rm -rf .venv build dist static-collected .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -m venv .venv

.venv/.core: requirements/core.lock pyproject.toml | .venv/bin/python
	@echo "Installing what Yiti runs on (about a minute) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/core.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/.dev: requirements/dev.lock .venv/.core
	@echo "Installing what the checks need ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/dev.lock
	@touch $@

.venv/.bench: requirements/bench.lock .venv/.dev
	@echo "Installing what measurements are set beside ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/bench.lock
	@touch $@
