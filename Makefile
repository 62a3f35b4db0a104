# What a developer and CI call. Every target sets up what it needs: packages go into $(VENV); the programs that
# tests call are Debian packages, installed if root runs it, else named.
VENV ?= .venv
VENV_SURYA ?= .venv-surya
PY := $(VENV)/bin/python
FILE ?= examples/invoice.png
EXTRAS ?= accelerate,tesseract
DEV_EXTRAS ?= $(EXTRAS),dev,bench,postgres
PYTEST_ARGS ?=

.PHONY: run serve test test-slow check fix docs bench clean

# Two stamps, so that `make run` waits for nothing that only tests need.
$(VENV)/.ready: pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh "$(VENV)" run "$(EXTRAS)" >&2
	@touch "$@"

$(VENV)/.ready-dev: pyproject.toml scripts/setup.sh plugins/ocrkit-echo/pyproject.toml
	@sh scripts/setup.sh "$(VENV)" dev "$(DEV_EXTRAS)" >&2
	@touch "$(VENV)/.ready" "$@"

run: $(VENV)/.ready
	@"$(VENV)/bin/ocrkit" recognize "$(FILE)" -f md

serve: $(VENV)/.ready
	@exec "$(VENV)/bin/ocrkit" serve $(ARGS)

test: $(VENV)/.ready-dev
	$(PY) -m pytest -m "not slow" $(PYTEST_ARGS)

test-slow: $(VENV)/.ready-dev
	$(PY) -m pytest -m slow $(PYTEST_ARGS)

# surya-ocr pins old packages (Pillow 10, openai 2), so its tests have an environment of their own.
$(VENV_SURYA)/.ready: pyproject.toml scripts/setup.sh scripts/setup-surya.sh
	@sh scripts/setup-surya.sh "$(VENV_SURYA)" >&2
	@touch "$@"

test-surya: $(VENV_SURYA)/.ready
	$(VENV_SURYA)/bin/python -m pytest tests/surya --confcutdir=tests/surya $(PYTEST_ARGS)

check: $(VENV)/.ready-dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy
	$(PY) docs/generate.py --check

fix: $(VENV)/.ready-dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(PY) docs/generate.py

docs: $(VENV)/.ready-dev
	$(PY) docs/generate.py

bench: $(VENV)/.ready-dev
	$(PY) -m bench speed $(ARGS)

clean:
	rm -rf "$(VENV)" "$(VENV_SURYA)" .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
