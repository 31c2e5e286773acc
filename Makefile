# The two that matter: `make run` serves the site with its demonstration data, `make test` runs the tests; what takes minutes each is in `make proof`.
# Python 3.11 or newer and make are all that must be there. PYTHON=python3.12 chooses another Python.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DONE := .make
FLASK := $(BIN)/python -m flask --app wsgi

.DEFAULT_GOAL := help
.PHONY: help run test check bench proof choice lock docs screenshots clean

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/make \1\t\2/p' Makefile

run: $(DONE)/runtime ## Serve the site with its demonstration data on http://127.0.0.1:8000 (HOST and PORT change that)
	@$(BIN)/python -m fund.core.settings
	@$(FLASK) init
	@exec $(FLASK) serve

test: $(DONE)/tests $(DONE)/browser ## Run the tests: SQLite, what can differ on PostgreSQL, a real browser
	$(BIN)/python -m tests.everything

check: $(DONE)/tests ## Lint, types, templates and the tests that the code holds about itself
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m pytest -q tests/house

bench: $(DONE)/tests ## Measure the main pages, in hellos
	$(BIN)/python -m bench

BROWSER = tests/journeys tests/look tests/checks tests/evaluation/test_outcomes_in_browser.py

proof: $(DONE)/tests $(DONE)/browser ## Run the slow proofs: kill -9, slow clients, a rush, long stories, every test on PostgreSQL
	$(BIN)/python -m pytest -q tests/proof
	EVERYTHING_TWICE=1 $(BIN)/python -m pytest -q $(BROWSER)
	EVERYTHING_TWICE=1 $(BIN)/python -m tests.postgres $(BIN)/python -m pytest -q --ignore=tests/proof tests

choice: $(DONE)/tests ## Choose anew which tests make test runs on PostgreSQL too
	$(BIN)/python -m tests.on_postgresql

docs: $(DONE)/tests ## Write docs/addresses.md and docs/workflows.md anew
	$(BIN)/python -m tests.house.generated

screenshots: $(DONE)/tests $(DONE)/browser ## Draw the pictures of the guides anew
	$(BIN)/python -m tests.screenshots

lock: $(DONE)/tests ## Pin every library anew, with hashes
	$(BIN)/python -m pip install --quiet uv==0.13.8
	$(BIN)/uv pip compile setup.cfg --extra optimise --extra s3 $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile setup.cfg --extra test --extra optimise --extra s3 $(LOCK) -c requirements.lock -o requirements-test.lock

LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

clean: ## Take away the environment and what the tests left; instance/ stays
	rm -rf $(VENV) $(DONE) .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@./bin/environment "$(PYTHON)" "$(VENV)"

$(DONE)/runtime: requirements.lock | $(BIN)/python
	@echo "Installing the libraries (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@mkdir -p $(DONE) && touch $@

$(DONE)/tests: requirements-test.lock | $(BIN)/python
	@echo "Installing the libraries and the test tools (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@mkdir -p $(DONE) && touch $@

$(DONE)/browser: tests/browser.py | $(DONE)/tests
	@$(BIN)/python -m tests.browser
	@touch $@
