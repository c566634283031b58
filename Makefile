PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test check evaluate bench docs lock
.DEFAULT_GOAL := help

help:
	@echo "make demo      set up, build the example knowledge base and serve it"
	@echo "make test      set up and run the tests"
	@echo "make check     format, lint, types, layers"
	@echo "make evaluate  measure how well texts are read; writes docs/evaluation.md"
	@echo "make bench     measure speed, as ratios side by side; writes docs/benchmarks.md"
	@echo "make docs      regenerate the generated pages of docs/"

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Factline needs Python 3.11 or later: make PYTHON=python3.11 …") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

demo: $(READY)
	$(BIN)/kb demo $(DEMO_ARGS)

test: $(READY)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(READY)
	$(BIN)/ruff format --check kb tests
	$(BIN)/ruff check kb tests
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py

docs: $(READY)
	$(BIN)/python -m kb.docs

evaluate: $(READY)
	$(BIN)/python -m tests.evaluate

bench: $(READY)
	$(BIN)/python -m tests.bench $(BENCH)

lock: ## needs uv
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -o requirements.lock
