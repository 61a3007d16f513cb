# make up, make down, make test, make chaos, make check, make bench. PYTHON chooses the Python to build with: make up PYTHON=python3.12
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
PACKAGES := $(VENV)/packages-installed
INSTALLED := $(VENV)/installed
SPACE_NEEDED_MB := 3000
PEERS := bench/.venv/packages-installed

# How many processes make chaos kills at least, and the seed of its moments.
KILLS ?= 200
SEED ?= 2022

.PHONY: up down test chaos check bench

up: $(INSTALLED)        ## start everything, load the deliveries, print the national figures
	@$(BIN)/opvang up

down:                   ## stop everything
	@test ! -x $(BIN)/opvang || $(BIN)/opvang down

test: $(INSTALLED)      ## all tests by three workers, each with a PostgreSQL of its own
	@$(BIN)/pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

chaos: $(INSTALLED)     ## what make test has no time for: kill, stop, starve and crowd the pipeline hundreds of times; writes docs/chaos.md
	@$(BIN)/pytest -m thorough --ignore tests/chaos --numprocesses 2 --dist loadfile
	@$(BIN)/pytest tests/chaos -s -m "" --kills $(KILLS) --seed $(SEED) --report docs/chaos.md

check: $(INSTALLED)     ## linters and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --processes 0 dbt_project
	@cd include/opvang/sql && $(CURDIR)/$(BIN)/sqlfluff lint --processes 0 .

bench: $(INSTALLED) $(PEERS)  ## how fast the gate is, beside COPY and other loaders; BENCH="--help" names the options
	@$(BIN)/python -m bench $(BENCH)

$(INSTALLED): $(PACKAGES) pyproject.toml
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# The loaders that the gate is compared with stay out of the project's own environment.
$(PEERS): bench/requirements.lock | $(PACKAGES)
	@$(PYTHON) -m venv bench/.venv
	@bench/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement $<
	@touch $@

# Every package with the hash that the lock names, and nothing resolved: dbt-core asks for one that the lock leaves out.
# A new pip takes less time for it than the one that an old Python brings, and compileall uses all cores, which pip doesn't; a few
# packages bring templates that aren't Python and can't be compiled.
$(PACKAGES): requirements.lock
	@command -v $(PYTHON) >/dev/null \
		|| { echo "make: no $(PYTHON) here; install Python 3.11, 3.12 or 3.13, or name one with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "make: $(PYTHON) is not Python 3.11, 3.12 or 3.13; name one that is with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "make: $(PYTHON) has no venv module; on Debian install python3-venv" >&2; exit 1; }
	@test "$$(df -Pm . | awk 'NR == 2 { print $$4 }')" -ge $(SPACE_NEEDED_MB) \
		|| { echo "make: the disk of this folder has less than $(SPACE_NEEDED_MB) MB free; make room first" >&2; exit 1; }
	@echo "installing the packages of requirements.lock into $(VENV) (once, a few minutes)"
	@$(PYTHON) -m venv --upgrade-deps $(VENV)
	@$(PIP) --no-compile --require-hashes --no-deps --requirement requirements.lock
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $@
