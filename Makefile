# The two commands: `make run` and `make test`. Both set everything up first.
PYTHON ?= python3
BIN := .venv/bin
LOCK_FLAGS := --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11

.PHONY: run test check lint bench quality lock demo clean

run: .venv/.run
	$(BIN)/monitor run

demo: .venv/.run
	$(BIN)/monitor demo

test: .venv/.dev
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadscope

check: lint test

lint: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.dev
	$(BIN)/python -m bench

quality: .venv/.dev
	$(BIN)/python -m bench.quality
	$(BIN)/python -m bench.revisions
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.phases

lock: .venv/bin/python
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile $(LOCK_FLAGS) --group build pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile $(LOCK_FLAGS) --group build --extra postgres pyproject.toml --output-file requirements-postgres.lock
	$(BIN)/uv pip compile $(LOCK_FLAGS) --all-extras --group dev pyproject.toml --output-file requirements-dev.lock

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python requirements.lock pyproject.toml
	@echo "Setting up in .venv: once, and about a minute."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/bin/python requirements-dev.lock pyproject.toml
	@echo "Setting up in .venv, with the tools of the tests: once, and about two minutes."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ .venv/.run

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
