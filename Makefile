# Two targets set everything up on a machine that has Python 3.11+ and make:
#   make ask Q="when will missiles be used?"     answers a question from the sample corpus
#   make test                                    runs every test
# Nothing is installed or indexed twice.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INDEX := .dateline
Q ?= when will missiles be used?

.PHONY: ask test check serve format clean

ask: $(INDEX)/.indexed
	@$(BIN)/dateline ask "$$QUESTION" --index $(INDEX)
ask: export QUESTION = $(value Q)

test: $(VENV)/.dev
	$(BIN)/pytest --cov --numprocesses auto --maxprocesses 4

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

serve: $(INDEX)/.indexed
	$(BIN)/dateline serve --index $(INDEX)

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(INDEX)

$(INDEX)/.indexed: $(VENV)/.core $(shell find corpus -type f)
	@$(BIN)/dateline index corpus --index $(INDEX) >&2
	@touch $@

$(VENV)/.core: pyproject.toml scripts/install.sh
	@sh scripts/install.sh $(PYTHON) $(VENV) '.[parquet]'
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	@$(BIN)/python -m pip install --quiet --editable '.[parquet,eval]' --group dev
	@touch $@
