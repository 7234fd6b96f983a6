# Two commands are enough: `make run` starts the house, `make test` checks all of it.

ifndef PYTHON
PYTHON := $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && exit; \
	done; echo no-python)
endif

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check lint types format bench docs pictures clean python

help:
	@echo 'make run            set up and start: database, demo warehouse, server (Ctrl-C stops it)'
	@echo 'make run DEMO=1     the same, with simulated pickers at work'
	@echo 'make run LAN=1      the same over HTTPS for handhelds on the local network'
	@echo '                    PORT=9000 chooses the port'
	@echo 'make test           everything: lint, types, walls, both databases, faults, browser'
	@echo 'make check          the two-minute subset of it (ARGS="-k scan" goes to pytest)'
	@echo 'make lint types     without tests: linters, or types alone'
	@echo 'make format         ruff puts the Python code in shape'
	@echo 'make bench          the measurements'
	@echo 'make docs           write docs/refusals.md, docs/events.md and the PWA'\''s API types from the source'
	@echo 'make pictures       take the pictures of docs/pictures anew (a demo house, Chromium)'
	@echo 'make setup          only the set-up: .venv and pwa/dist (setup-dev: with the test tools)'
	@echo 'make clean          remove what the set-up made; var/ (your data) stays'

python:
	@command -v $(PYTHON) >/dev/null || { \
		echo 'Tideline needs Python 3.11 or newer, which is not here.'; \
		echo '  Debian 12+, Ubuntu 24.04+:  sudo apt-get install python3 python3-venv'; exit 1; }

setup: python
	@$(PYTHON) -m tools.setup

setup-dev: python
	@$(PYTHON) -m tools.setup --dev

run: python
	@DEMO="$(DEMO)" LAN="$(LAN)" PORT="$(PORT)" $(PYTHON) -m tools.run

test check lint types bench: python
	@$(PYTHON) -m tools.gate $@ $(ARGS)

format: setup-dev
	@.venv/bin/ruff check --fix-only --quiet . ; .venv/bin/ruff format .

docs: python
	@$(PYTHON) -m tools.documents

pictures: setup-dev
	@.venv/bin/python -m tools.pictures

clean:
	rm -rf .venv pwa/node_modules pwa/dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find backend printing migrations tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'var/ (database, badges, certificates) is untouched.'
