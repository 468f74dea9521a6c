# Two commands are enough: `make run` and `make test`. Each does what is missing first.
PYTHON ?= python3
PY := .venv/bin/python
.PHONY: run test check bench faults pictures follow lock audit clean

run: ## set up what is missing, start everything, print the address; Ctrl-C stops all of it
	@$(PYTHON) -m bootstrap run && exec $(PY) -m app.cli up --parent $$PPID

test: ## the whole suite, browser included
	@$(PYTHON) -m bootstrap test && exec $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not faults and not bench" $(ARGS)

check: ## style, types, the import contract, the locks
	@$(PYTHON) -m bootstrap check
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	@$(PY) -m bootstrap.locks

bench: ## measured side by side; ARGS="-- --small" is quick, ARGS="-- -k counts" picks one
	@$(PYTHON) -m bootstrap test && exec $(PY) -m app.cli bench $(ARGS)

faults: ## kill -9 of everything, at random, while loading
	@$(PYTHON) -m bootstrap test && exec $(PY) -m pytest -m faults tests/faults $(ARGS)

pictures: ## every page, theme, language and width as pictures, with what is found on them; ARGS="--pages nu"
	@$(PYTHON) -m bootstrap test && exec $(PY) -m tests.browser.pictures $(ARGS)

follow: ## make follow SAMPLE=etl/feeds/polisen/sample.json: one report at every stop
	@$(PYTHON) -m bootstrap run && exec $(PY) -m app.cli follow $(SAMPLE)

lock: ## pin anew what requirements*.in and package.json ask for
	@$(PYTHON) -m bootstrap check
	@$(PY) -m bootstrap.locks --renew

audit: ## known advisories of the pins; 0 none open, 1 some are, 3 no index answered for all (docs/advisories.md)
	@$(PYTHON) -m bootstrap check
	@$(PY) -m bootstrap.audit

clean: ## forget everything that was made here: the data, the environment
	@$(PYTHON) -m bootstrap.clean
