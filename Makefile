# Two commands on a fresh machine: `make demo` and `make test`. They need Python 3.11 or newer with
# its venv module; everything else goes into .venv. Windows has no make: README.md has the commands.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test ready check audit-dependencies soak fuzz validity benchmark screenshot clean

help: ## show these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-19s%s\n", $$1, $$2 }' Makefile

demo: $(READY) ## invent a company, write its exports, analyse them and open the report
	$(BIN)/orgnet demo

test: $(READY) ## run the tests
	$(BIN)/pytest --numprocesses auto --dist loadfile

ready: $(READY_DEV) ## install what developers need

check: $(READY_DEV) ## what CI runs: lint, format, types, import contracts, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python .ci/audit_dependencies.py
	$(BIN)/pytest --numprocesses auto --dist loadfile

audit-dependencies: $(READY_DEV) ## ask whether a pinned version has a known vulnerability; warns without a network
	$(BIN)/python .ci/audit_dependencies.py

soak: $(READY_DEV) ## kill runs, fill the disk, take files away; write docs/security.md (ten minutes)
	$(BIN)/python -m benchmarks.soak

fuzz: $(READY_DEV) ## give damaged exports to every reader, led by coverage; write docs/security.md (ten minutes)
	$(BIN)/python -m fuzz

validity: $(READY_DEV) ## plant firms, diagnose them, write docs/validity.md (long; taken up where it stopped)
	$(BIN)/python -m benchmarks.validity

benchmark: $(READY_DEV) ## time everything beside what people use today, write docs/performance.md (an hour; taken up where it stopped)
	$(BIN)/python -m benchmarks

screenshot: $(READY) ## make the picture in README.md again (needs a Chromium)
	$(BIN)/python docs/make_screenshot.py

clean: ## remove the environment and what was built
	rm -rf $(VENV) dist

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "orgnet needs Python 3.11 or newer, and $(PYTHON) is older: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --use-pep517 -e '.[test]'
	@touch $@

$(READY_DEV): $(READY)
	$(PIP) --use-pep517 -e '.[test,dev,fast,outlook]'
	@touch $@
