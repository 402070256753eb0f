# 小格: run it, test it, check it. Needs a Python (3.11 or newer) and make; nothing is installed outside .venv.
#
#   make run PORT=9000                     another port
#   make test PYTHON=/opt/bin/python3.12   another Python, for an environment that is not made yet
#   make test ARGS="-k config -x"          words for pytest
#   make test REQUIRE=postgres,chromium    what may not be left out
#   make rasa PORT=5006                    a Rasa server there; RASA_TOKEN and RASA_PYTHON are heeded

PORT ?= 8080
PYTHON ?=
ARGS ?=
REQUIRE ?=
export REQUIRE

PY := .venv/bin/python
CAN_MAKE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
IS_MADE := import pip, sys; sys.exit(sys.version_info < (3, 11))
FOUND := $(wildcard tests/bench.py tests/bench/__main__.py)

.NOTPARALLEL:
.PHONY: help run fakes test check bench prove month rasa rasa-diet rasa-ready venv environment run-environment ear clean

help:
	@echo "make run      the whole bot with its playground, on http://127.0.0.1:$(PORT)/"
	@echo "make fakes    the bot between fake WeChat, WeCom and Telegram, to be everybody on: http://127.0.0.1:9100/"
	@echo "make test     all tests; says at the end what was left out"
	@echo "make check    ruff, mypy, house rules, locks"
ifneq ($(FOUND),)
	@echo "make bench    the benchmarks, each beside its floor"
endif
	@echo "make prove    the long proofs (half an hour), resumable; told in docs/proofs.md"
	@echo "make month    a simulated month of the sample town, told in docs/month.md"
	@echo "make rasa     a Rasa server on 127.0.0.1:5005, trained on the same data; make rasa-diet: with its transformer"
	@echo "make clean    removes .venv, .venv-rasa and what was cached"

run: run-environment ear
	@exec $(PY) -m bot run --port $(PORT)

fakes: run-environment ear
	@exec $(PY) -m tests.fakes --run

test: environment ear
	@echo "Testing; this takes a few minutes."
	@$(PY) -m pytest $(ARGS)

# Everything is checked before it fails, so that one run tells all.
check: environment
	@status=0; \
	echo "ruff check";           $(PY) -m ruff check --quiet . || status=1; \
	echo "ruff format --check";  $(PY) -m ruff format --check --quiet . || status=1; \
	echo "mypy";                 $(PY) -m mypy || status=1; \
	echo "house rules, locks";   $(PY) -m pytest -q --no-header  tests/test_house_rules.py tests/test_house_papers.py tests/test_locks.py || status=1; \
	[ $$status = 0 ] && echo "All checks passed." || echo "Some checks failed; see above."; \
	exit $$status

ifneq ($(FOUND),)
bench: environment ear
	@echo "Measuring; leave the machine alone meanwhile."
	@$(PY) -m tests.bench
endif

# The long proofs. What has passed on this code with this seed is not run again; ARGS="--again", ARGS="forged --seed 7".
prove: environment ear
	@$(PY) -m tests.prove $(ARGS)

month: run-environment ear
	@$(PY) -m bot simulate --out var/month >/dev/null
	@cp var/month/report.md docs/month.md
	@echo "The report is docs/month.md; the numbers are var/month/totals.json."

# Rasa lives in an environment of its own on a Python 3.10 (nlu/rasa). It is trained once for each state of the data.
AT := $(if $(filter command,$(firstword $(origin PORT))),--port $(PORT))

rasa: run-environment
	@exec $(PY) -m nlu.rasa serve $(AT) $(ARGS)

rasa-diet: run-environment
	@exec $(PY) -m nlu.rasa serve --pipeline diet $(AT) $(ARGS)

rasa-ready: run-environment
	@$(PY) -m nlu.rasa prepare --every 4 $(ARGS)

# The trained ear is cached by the hash of its data and code; `train` says what it does and does nothing twice.
ear:
	@$(PY) -m nlu train

clean:
	rm -rf .venv .venv-rasa var/rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis

# -- the environment -----------------------------------------------------------------------------------------------------
# A lock is installed when its content is not what was installed last: a copy of it lies in .venv/locks.

define install
	@mkdir -p .venv/locks; for lock in $(1); do \
	  cmp -s requirements/$$lock.txt .venv/locks/$$lock.txt && continue; \
	  echo "Installing requirements/$$lock.txt into .venv (a minute or two the first time)."; \
	  $(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes \
	    -r requirements/$$lock.txt || exit 1; \
	  cp requirements/$$lock.txt .venv/locks/$$lock.txt; \
	done
endef

run-environment: venv
	$(call install,run train)

environment: venv
	$(call install,run train dev)

venv:
	@[ -x $(PY) ] && $(PY) -c '$(IS_MADE)' 2>/dev/null && exit 0; \
	if [ -n "$(PYTHON)" ]; then set -- "$(PYTHON)"; else set -- python3 python3.13 python3.12 python3.11; fi; \
	for python do \
	  if "$$python" -c '$(CAN_MAKE)' >/dev/null 2>&1; then \
	    echo "Making .venv with $$("$$python" -V 2>&1) ($$(command -v "$$python")); some seconds, once."; \
	    "$$python" -m venv --clear .venv && exit 0; \
	    rm -rf .venv; exit 1; \
	  fi; \
	done; \
	echo "No Python 3.11 or newer with its venv module among: $$*" >&2; \
	echo "Install one (Debian: apt install python3 python3-venv), or name one: make $(firstword $(MAKECMDGOALS)) PYTHON=/path/to/python3" >&2; \
	exit 1
