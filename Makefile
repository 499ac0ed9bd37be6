# make run   — install, migrate and run (without .env: the sandbox on this computer)
# make test  — install what the tests need and run them all; the stories begin first, since they are
#              long and mostly wait, so four processes keep two cores busy
# make check — the linters, types, layers and migration drift

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PORT ?= 8800

# The program starts many times in the tests and must start at once for people: keep its bytecode,
# even where the shell forbids it.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check demo clean

run: $(VENV)/installed
	@if [ -f .env ]; then $(BIN)/rakurs migrate && exec $(BIN)/rakurs run; \
	else exec $(BIN)/rakurs sandbox --port $(PORT); fi

demo: $(VENV)/installed
	$(BIN)/rakurs demo

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m storage.schema

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Нужен Python 3.11 или новее: make run PYTHON=python3.11"; exit 1; }
	@echo "Первый запуск: готовлю окружение, это займёт одну-две минуты…"
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(INSTALL) --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info
