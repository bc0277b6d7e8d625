# The project's verbs. `make` alone prints them. CI calls `make check` and `make test`, nothing else.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Bytecode makes Airflow and Great Expectations start three times faster: it must never be switched off here.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH VIRTUAL_ENV

VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
UV_VERSION := $(shell sed -n 's/.*"uv==\([0-9.]*\)".*/\1/p' pyproject.toml)
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv; sys.exit(not (3,11) <= sys.version_info < (3,14))' 2>/dev/null && echo $$p && break; done)

.PHONY: help env env-dev env-bench check format test test-fast demo run verificateur bench bench-validation bench-indicators test-indicators docs lock lock-bench browser clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

$(BIN)/uv:
	@test -n "$(PYTHON)" || { echo "Intercentre needs Python 3.11, 3.12 or 3.13 with its venv module."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet "uv==$(UV_VERSION)"

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes --no-deps --compile-bytecode -r requirements.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes --no-deps --compile-bytecode -r requirements-dev.lock
	@touch $@

env: $(VENV)/.runtime ## create .venv from requirements.lock, bytecode compiled

env-dev: $(VENV)/.dev ## the same with the tools of development

$(BENCH)/.bench: requirements-bench.lock pyproject.toml | $(BIN)/uv
	$(BIN)/python -m venv $(BENCH)
	VIRTUAL_ENV=$(BENCH) $(BIN)/uv pip install --quiet --require-hashes --no-deps --compile-bytecode -r requirements-bench.lock
	VIRTUAL_ENV=$(BENCH) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	$(BENCH)/bin/python -m compileall -q plugins schemas tests/bench_validation
	@touch $@

env-bench: $(BENCH)/.bench ## create .venv-bench, the environment of the benchmarks: the hub and what it is measured against

lock: | $(BIN)/uv ## resolve both locks anew (universal, hashed, without addresses)
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-strip-extras --no-header --no-annotate pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-strip-extras --no-header --no-annotate -c requirements.lock pyproject.toml --group dev -o requirements-dev.lock

lock-bench: | $(BIN)/uv ## resolve what the hub is measured against, beside the present requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-strip-extras --no-header --no-annotate -c requirements.lock pyproject.toml --group bench -o requirements-bench.lock

check: env-dev ## lint, format, types, room rules, generated files current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: env-dev ## put the code in its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: env-dev browser ## the whole test suite, ends in pytest's own line
	$(BIN)/python -m pytest -n auto --dist loadfile

test-fast: env-dev ## the tests that need no process of their own
	$(BIN)/python -m pytest -m "not slow"

test-indicators: env-dev ## every indicator: its cases worked out by hand, its version, its totals
	$(BIN)/python -m pytest tests/indicators

demo: env ## fresh machine to signed release: simulated centres, Airflow, votes, publication
	$(BIN)/intercentre demontrer

run: env ## keep the hub up: portal and Airflow, addresses and first credentials printed
	$(BIN)/intercentre demarrer

verificateur: env ## the checker that a centre carries: a wheel and one file in dist/ (PLATEFORME=windows, PYTHONS="3.12 3.13")
	$(BIN)/python -m checker.build $(if $(PLATEFORME),--plateforme $(PLATEFORME)) $(if $(PYTHONS),--python $(PYTHONS))

bench: env-dev ## measure speed and memory, interleaved; results in docs/generated/bench.md
	$(BIN)/python -m tests.bench
	$(MAKE) bench-validation
	$(MAKE) bench-indicators

bench-validation: env-bench ## the race of validation alone (BENCH_OPTIONS="--rounds 1 --rows 100000" for a short one)
	$(BENCH)/bin/python -m tests.bench_validation $(BENCH_OPTIONS)

bench-indicators: env-dev ## harmonisation and indicators alone (BENCH_OPTIONS="--rounds 1 --dossiers 1000000" for a short one)
	$(BIN)/python -m tests.bench_indicators $(BENCH_OPTIONS)

docs: env-dev ## write the generated pages anew
	$(BIN)/python -m tests.generate

browser: env-dev
	@sh tests/portal/browser.sh
	@sh tests/portal/axe.sh

clean: ## remove the environment and the hub's home (./var)
	rm -rf $(VENV) $(BENCH) var
