# One entry for everything.  Each target makes what it needs, from a machine with Python 3.11 or newer.
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench features docs clients third-party servers kernels clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What setup.py compiles.
KERNELS := $(wildcard src/relvar/_kernels/*.py src/relvar/_kernels/*.c) \
  $(shell grep -rlx --include='*.py' '\# Compiled as it is, see setup.py.' src/relvar)

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/.made: tools/make_venv.py
	@$(PYTHON) tools/make_venv.py $(VENV)
	@touch $@

$(VENV)/.demo: $(VENV)/.made pyproject.toml setup.py tools/train.py $(KERNELS)
	@$(BIN)/pip install --quiet --editable . --group demo
	@touch $@

$(VENV)/.test: $(VENV)/.demo
	@$(BIN)/pip install --quiet --group test
	@$(BIN)/python tools/drivers.py
	@touch $@

$(VENV)/.lint: $(VENV)/.test
	@$(BIN)/pip install --quiet --group lint
	@touch $@

$(VENV)/.bench: $(VENV)/.test
	@$(BIN)/pip install --quiet --group bench
	@touch $@

kernels: $(VENV)/.made  ## compile the kernels in place
	@$(BIN)/pip install --quiet --group build
	@$(BIN)/python setup.py --quiet build_ext --inplace

demo: $(VENV)/.demo  ## a tour: countries and cities of the world in SQLite
	@$(BIN)/python examples/world/tour.py

test: $(VENV)/.test  ## run the tests on every database found or started, in both kernel modes
	@$(BIN)/python tools/run_tests.py

lint: $(VENV)/.lint  ## ruff, mypy --strict, types as mypy and pyright infer them, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python tools/check_typing.py
	@$(BIN)/python tools/face.py --check
	@$(BIN)/lint-imports .importlinter --no-cache
	@$(BIN)/lint-imports .importlinter-io --no-cache

bench: $(VENV)/.bench  ## relvar beside SQLAlchemy, the raw driver and other mappers, as ratios
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.others
	@$(BIN)/python -m bench.latency
	@$(BIN)/python -m bench.growth
	@$(BIN)/python -m bench.chart

features: $(VENV)/.test  ## which rows of tests/features.tsv have passing tests
	@$(BIN)/python tools/features.py

$(VENV)/.docs: $(VENV)/.test
	@$(BIN)/pip install --quiet --group docs
	@touch $@

docs: $(VENV)/.docs  ## build the pages (docs/_build) and run every example in README, docs and docstrings
	@$(BIN)/python -m sphinx -W --keep-going -q -j auto -b html docs docs/_build
	@$(BIN)/python tools/check_pages.py docs/_build
	@$(BIN)/python -m pytest -q tests/docs tests/cli/test_page.py

clients: $(VENV)/.test  ## run the tests of programs for SQLAlchemy on relvar; the table is docs/clients.md
	@$(BIN)/python tools/clients.py

third-party: $(VENV)/.test  ## compare dialects of other packages on relvar and on SQLAlchemy; docs/dialects/third-party.md
	@$(BIN)/python tools/third_party.py

servers:  ## install PostgreSQL, MariaDB and Firebird servers with apt, where that is allowed
	@sh tools/install_servers.sh

clean:  ## remove what was built
	rm -rf build dist src/relvar/_kernels/*.c src/*.egg-info
	find src -name '*.so' -delete
