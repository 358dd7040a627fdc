# `make` alone lists what can be done. Needs make and Python 3.11 or later; uses uv where it is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help run dev check test bench lock

help:  ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: $(VENV)/.run  ## the site as in production, with demonstration content on the first start
	@exec $(BIN)/python -m bhp_site

dev: $(VENV)/.dev  ## the same with reload and debug pages
	@exec $(BIN)/python -m bhp_site dev

check: $(VENV)/.dev  ## style, types, layers, templates, migrations, deployment checks
	@$(BIN)/python -m tests.run check

test: $(VENV)/.dev  ## the checks, then all tests on SQLite, PostgreSQL and in Chromium
	@$(BIN)/python -m tests.run check sqlite postgres browser

bench: $(VENV)/.dev  ## queries, bytes and processor time of every page type
	@$(BIN)/python -m tests.bench

lock: $(VENV)/.dev  ## new hashed requirements from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml $(LOCK) --output-file requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --group dev $(LOCK) --output-file requirements-dev.txt

LOCK := --upgrade --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock"

$(VENV)/.run: requirements.txt
	@if [ -e $(VENV)/.dev ] && [ $(VENV)/.dev -nt $< ]; then touch $@; else $(call install,$<); fi

$(VENV)/.dev: requirements-dev.txt
	@$(call install,$<)

define install
	command -v $(PYTHON) >/dev/null 2>&1 || \
		{ echo "Python is missing: install Python 3.11 or later, or name it with PYTHON=…"; exit 1; }; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$$($(PYTHON) --version) is too old: Python 3.11 or later is needed."; exit 1; }; \
	echo "Installing what the site needs, once …"; \
	if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
		VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip sync --quiet --require-hashes $(1); \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 1 \
			--require-hashes -r $(1) 2>$(VENV)/install.log; \
	fi || { tail -n 3 $(VENV)/install.log 2>/dev/null; \
		echo "That did not work: the first start needs a network connection to fetch packages."; exit 1; }; \
	touch $@
endef
