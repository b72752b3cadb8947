# Everything runs from a virtual environment that these targets make themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.PHONY: demo test lint bench docs screenshots lock

$(VENV)/.runtime: requirements/runtime.txt
	$(PYTHON) scripts/bootstrap.py $(VENV) requirements/runtime.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(PYTHON) scripts/bootstrap.py $(VENV) requirements/dev.txt
	@touch $@

demo: $(VENV)/.runtime
	$(BIN)/radiograph demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/python scripts/test.py $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/python scripts/test.py lint types layers

bench: $(VENV)/.dev
	$(BIN)/python -m bench.run $(ARGS)

$(VENV)/.docs: requirements/docs.txt $(VENV)/.runtime
	$(PYTHON) scripts/bootstrap.py $(VENV) requirements/docs.txt
	@touch $@

docs: $(VENV)/.docs
	$(BIN)/python -m scripts.reference
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

screenshots: $(VENV)/.dev
	$(BIN)/python -m scripts.screenshots

lock: $(VENV)/.dev
	$(BIN)/python scripts/lock.py
