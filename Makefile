# `make run` and `make test` are all that most people need. The first of them sets up .venv.

# The first Python on the path that is new enough; another one: make PYTHON=/opt/python3.12/bin/python3 run
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo $$name && break; done)
IN ?= raw
OUT ?= structured

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-build-isolation
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock"

# One choice for all, so that every part of it goes with every other.
AS_DEV := --constraint requirements-dev.lock

.PHONY: help run test check score ablation bench bench-base ocr cluster dictionary lock clean
.DELETE_ON_ERROR:

help: ## tell what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: .venv/ready ## read IN (raw) and write the tables to OUT (structured)
	$(BIN)/zhengce run $(IN) -o $(OUT)

test: .venv/ready-dev ## run all tests
	$(BIN)/python -m pytest --numprocesses auto

check: .venv/ready-dev ## style, types and who may import whom
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

score: .venv/ready-dev ## score against the gold files and hold the floors
	$(BIN)/python tests/score_floors.py

ablation: .venv/ready-dev ## score without the rules that fire in one document (DOCS: more folders, GOLD: name=folder)
	$(BIN)/python benchmarks/ablation.py $(DOCS) $(addprefix --gold ,$(GOLD)) --write

bench: .venv/ready-dev ## all benchmarks (QUICK=1: short; WRITE=1: into docs/performance.md; ONLY, PEERS, MOST)
	$(BIN)/python benchmarks/all.py $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick) $(if $(WRITE),--write) \
		$(addprefix --peers ,$(PEERS)) $(addprefix --most ,$(MOST)) $(addprefix --scheduler ,$(SCHEDULER))

bench-base: .venv/ready-dev ## how fast this tree is against the revision BASE
	$(BIN)/python benchmarks/speed.py $(DOCS) $(addprefix --base ,$(BASE))

ocr: .venv/ready ## add character recognition, for scans and images
	@$(PIP) -r requirements-ocr.lock

cluster: .venv/ready ## add what runs on several machines need, and places such as s3://bucket
	@$(PIP) -r requirements-cluster.lock

dictionary: .venv/ready ## write docs/data-dictionary.md and the example page anew
	$(BIN)/python docs/generate.py

lock: ## choose the newest versions for the lock files (needs uv)
	$(LOCK) --group build --output-file requirements-build.lock
	$(LOCK) pyproject.toml --all-extras --group dev --output-file requirements-dev.lock
	$(LOCK) pyproject.toml $(AS_DEV) --output-file requirements.lock
	$(LOCK) pyproject.toml $(AS_DEV) --extra ocr --output-file requirements-ocr.lock
	$(LOCK) pyproject.toml $(AS_DEV) --extra cluster --output-file requirements-cluster.lock

clean: ## remove .venv and all caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build ./*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up happens once, and again when the locked versions change.

.venv/made:
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11 or newer, and found none on the path." \
		"Install it, or name it: make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module or pip is missing." \
		"On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/ready: .venv/made requirements-build.lock requirements.lock pyproject.toml
	@echo "Setting up .venv …"
	@$(PIP) -r requirements-build.lock
	@$(PIP) -r requirements.lock
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-build-isolation --no-deps -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@echo "Installing what the tests need …"
	@$(PIP) -r requirements-dev.lock
	@touch $@
