# `make` lists the targets. The two that a newcomer needs are `make run` and `make test`; each does all its own set-up.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
DEMO_DIR ?= .demo
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements/runtime.txt requirements/dev.txt
export PORT DEMO_DIR

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/runtime: requirements/runtime.txt setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; say which with PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/dev: $(VENV)/runtime requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/bench: $(VENV)/dev requirements/bench.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

.PHONY: run
run: $(VENV)/runtime ## start the whole demo on http://127.0.0.1:8000 (PORT= and DEMO_DIR= choose others)
	@exec $(BIN)/lookup demo run

.PHONY: test
test: $(VENV)/dev browser ## run all tests, starting what they need
	$(BIN)/pytest -n 2 --dist loadfile

.PHONY: test-long
test-long: $(VENV)/dev browser ## run the long fault and fuzz runs too
	$(BIN)/pytest -n 2 --dist loadfile -m "slow or not slow"

.PHONY: browser
browser:
	@./tests/browser/install-chromium

.PHONY: check
check: $(VENV)/dev ## formatting, lint, strict types, import floors, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

.PHONY: lock
lock: ## pin the dependencies anew (needs uv)
	cd requirements && for set in runtime dev bench; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $$set.in -o $$set.txt; done

.PHONY: bench
bench: $(VENV)/bench ## measure against floors, and against peers with PEERS=folder; writes bench/RESULTS.md
	$(BIN)/python -m bench

.PHONY: clean
clean: ## remove the virtual environment and the demo
	rm -rf $(VENV) $(DEMO_DIR)
