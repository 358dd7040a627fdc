# `make` alone lists what can be done. Needs make and Python 3.11 or later; uses uv where it is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUNBUFFERED := 1
# Some containers set it; every start would then compile the modules again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run install dev check test test-all bench bench-capacity bench-memory bench-pages bench-page-cache bench-edition bench-files bench-growth bench-kills bench-release-kills bench-task-kills bench-alert-kills bench-preflight bench-search bench-texts bench-threads bench-two-machines bench-uploads faults lock audit pictures schema

help:  ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

run: $(VENV)/.run  ## the site as in production, with demonstration content on the first start
	@exec $(BIN)/python -m bhp_site

install: $(VENV)/.run  ## only what the site needs to run, for a server; starts nothing
	@$(BIN)/python -m compileall -q bhp_site news partners reports

dev: $(VENV)/.dev  ## the same with reload and debug pages
	@exec $(BIN)/python -m bhp_site dev

check: $(VENV)/.dev  ## style, types, layers, templates, migrations, deployment checks
	@$(BIN)/python -m tests.run check

test: $(VENV)/.dev  ## the checks, then tests on SQLite, on PostgreSQL what can differ, and in Chromium
	@$(BIN)/python -m tests.run check sqlite postgres browser

test-all: $(VENV)/.dev  ## the same with every test on both databases and every screen, and coverage
	@COVERAGE=1 $(BIN)/python -m tests.run check sqlite-all browser-all storage-all postgres-all faults

bench: $(VENV)/.dev  ## all that the site is to reach in speed and memory, in one run
	@$(BIN)/python -m tests.bench

bench-capacity: $(VENV)/.dev  ## searches, forms, screens of the admin a second, and seconds of an upload
	@$(BIN)/python -m tests.bench_capacity

bench-pages: $(VENV)/.dev  ## queries, bytes and processor time of every page type
	@$(BIN)/python -m tests.bench_pages

bench-page-cache: $(VENV)/.dev  ## rate of cached pages compared with nginx, and how soon a change is visible
	@$(BIN)/python -m tests.bench_page_cache

bench-edition: $(VENV)/.dev  ## what drafts find again of HTML in its PDFs, in DIR or of its own
	@$(BIN)/python -m tests.bench_edition "$(DIR)"

bench-files: $(VENV)/.dev  ## rate of documents compared with nginx, and the cost of stalled clients
	@$(BIN)/python -m tests.bench_files

bench-growth: $(VENV)/.dev  ## what grows with a site: SIZES=10,600,1000,10000 news items
	@$(BIN)/python -m tests.bench_growth

bench-kills: $(VENV)/.dev  ## kill a real server during N=200 uploads, and check every document
	@$(BIN)/python -m tests.bench_kills

bench-release-kills: $(VENV)/.dev  ## kill a real server during N=50 publications, and check every release
	@$(BIN)/python -m tests.bench_release_kills

bench-task-kills: $(VENV)/.dev  ## N=50 kills of workers in the midst of tasks
	@$(BIN)/python -m tests.bench_task_kills

bench-alert-kills: $(VENV)/.dev  ## N=20 kills of workers while alerts, and a release, are sent to 500 people
	@$(BIN)/python -m tests.bench_alert_kills

bench-search: $(VENV)/.dev  ## what a search costs on a large site beside a small one
	@$(BIN)/python -m tests.bench_search

bench-two-machines: $(VENV)/.dev  ## two machines behind nginx with TLS: changes, and restarts without a failed request
	@$(BIN)/python -m tests.bench_two_machines

bench-memory: $(VENV)/.dev  ## memory compared with an empty Wagtail site, and after 100,000 requests
	@$(BIN)/python -m tests.bench_memory

bench-uploads: $(VENV)/.dev  ## memory over N=1000 uploads of documents and images
	@$(BIN)/python -m tests.bench_uploads

bench-preflight: $(VENV)/.dev  ## what the preflight finds in DIR, whose names say pass or fail
	@$(BIN)/python -m tests.bench_preflight "$(DIR)"

bench-texts: $(VENV)/.dev  ## how fast the words of a long PDF are read
	@$(BIN)/python -m tests.bench_texts

bench-threads: $(VENV)/.dev  ## answers of threads that work at once, compared with those got alone
	@$(BIN)/python -m tests.bench_threads

faults: $(VENV)/.dev  ## faults in real processes, REPEATS=20 times for SECONDS=60, and what is lost
	@$(BIN)/python -m tests.faults

pictures: $(VENV)/.dev  ## the pictures of the editors' guide and the README, taken anew in a demonstration
	@$(BIN)/python -m pytest -q -m browser tests/browser/pictures.py

schema: $(VENV)/.dev  ## the snapshot of the SQLite schema, to be written again after a change of migrations
	@$(BIN)/python -m tests.schema_snapshot

lock: $(VENV)/.dev  ## new hashed requirements from pyproject.toml, and sbom.json
	@$(BIN)/uv pip compile pyproject.toml $(LOCK) --output-file requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --extra s3 --extra sentry $(LOCK) --output-file requirements-container.txt
	@$(BIN)/uv pip compile pyproject.toml --extra s3 --extra sentry --group dev $(LOCK) --output-file requirements-dev.txt
	@$(BIN)/python -m tests.supply_chain sbom

audit: $(VENV)/.dev  ## asks whether vulnerabilities of the packages are known; needs a network
	@$(BIN)/python -m tests.supply_chain audit

LOCK := --upgrade --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock"

$(VENV)/.run: requirements.txt
	@if [ $(VENV)/.dev -nt $< ]; then touch $@; else rm -f $(VENV)/.dev; $(call install,$<); fi

$(VENV)/.dev: requirements-dev.txt
	@$(call install,$<)

define install
	python=$$(command -v $(PYTHON)) || \
		{ echo "Python is missing: install Python 3.11 or later, or name it with PYTHON=…"; exit 1; }; \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$$($$python --version 2>&1) is too old: Python 3.11 or later is needed."; exit 1; }; \
	echo "Installing what the site needs, once …"; \
	mkdir -p $(VENV); log=$(VENV)/install.log; \
	if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --no-project --no-python-downloads \
			--python "$$python" $(VENV) 2>$$log && \
		VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip sync --quiet --compile-bytecode --require-hashes \
			$(1) 2>$$log; \
	else \
		$$python -m venv $(VENV) >$$log 2>&1 || \
			{ echo "Python has no venv module: install it (python3-venv on Debian)."; exit 1; }; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 1 \
			--no-deps --require-hashes -r $(1) 2>$$log; \
	fi || { echo "Packages could not be fetched: the first start needs a network (see $$log)."; \
		exit 1; }; \
	touch $@
endef
