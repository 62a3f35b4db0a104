# What a developer and CI call. Every target sets up what it needs; nothing is installed outside .venv
# but the Debian packages of `make system`, and those only by root.
VENV ?= .venv
PY := $(VENV)/bin/python
FILE ?= examples/invoice.png
EXTRAS ?= dev,bench

.PHONY: run test test-fast check fix docs bench clean

$(VENV)/.ready: pyproject.toml scripts/setup.sh plugins/ocrkit-echo/pyproject.toml
	sh scripts/setup.sh "$(VENV)" "$(EXTRAS)"
	@touch $@

run: $(VENV)/.ready
	@$(VENV)/bin/ocrkit recognize "$(FILE)" -f md

test: $(VENV)/.ready
	$(PY) -m pytest

test-fast: $(VENV)/.ready
	$(PY) -m pytest -m "not slow"

check: $(VENV)/.ready
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/lint-imports --verbose
	$(VENV)/bin/mypy
	$(PY) docs/generate.py --check

fix: $(VENV)/.ready
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(PY) docs/generate.py

docs: $(VENV)/.ready
	$(PY) docs/generate.py

bench: $(VENV)/.ready
	$(PY) -m bench speed $(ARGS)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
