# moncompte: `make demo` to see it, `make test` to prove it. `make` alone lists the rest.

PYTHON ?= python3
MVN ?= mvn
export PYTHON MVN

BIN := .venv/bin
# One build at a time: `make test` and `make demo` may be started together.
MAVEN := flock keycloak/.build.lock $(MVN) -q -B -f keycloak/pom.xml

# Two at once, on one Keycloak; what stays together says tests/parallel.py.
PARALLEL := -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help prerequisites venv deps build demo clean-demo test test-applications stack clean-stack test-stack catalogue check format texts

help:  ## this list
	@awk -F ':.*  ## ' '/^[a-z-]+:.*  ## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: prerequisites venv  ## Keycloak, mailbox and Extranet on this machine, with sample owners (Ctrl-C stops them)
	@$(BIN)/python -m tools.demo

clean-demo: prerequisites venv  ## forget the demo's data
	@$(BIN)/python -m tools.demo forget

stack: prerequisites venv build  ## the production topology on this machine: two nodes, PostgreSQL, HAProxy with TLS (Ctrl-C stops it)
	@tools/prerequisites postgresql haproxy
	@$(BIN)/python -m tools.stack

clean-stack: prerequisites venv  ## forget the stack's data
	@$(BIN)/python -m tools.stack forget

test: deps venv build  ## unit tests, then integration and browser tests against a real Keycloak
	$(BIN)/python -m pytest $(PARALLEL) tests/unit
	$(BIN)/python -m pytest $(PARALLEL) tests/integration tests/browser

test-applications: deps venv build  ## Spring Boot signs an owner in from docs/applications (fetched from Maven Central the first time)
	$(BIN)/python -m pytest tests/slow

catalogue: deps venv build  ## every page and mail in its states, as pictures in .test/catalogue/index.html
	$(BIN)/python -m tests.catalogue

# What owners do, on two nodes behind a proxy.
THROUGH_THE_PROXY := $(addprefix tests/browser/test_,the_journey.py merging.py) \
	$(addprefix tests/integration/test_,activating_with_a_taken_address.py merging_two_personal_accounts.py passwords.py)

test-stack: deps venv build  ## owners on the production topology, and what it survives: nodes killed and restarted, no database, a restore
	MONCOMPTE_TEST_SERVER=stack $(BIN)/python -m pytest $(THROUGH_THE_PROXY) tests/stack

check: prerequisites venv  ## format, lint, types; Java without a warning
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAVEN) compile spotless:check

format: prerequisites venv  ## put Python and Java in their format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(MAVEN) spotless:apply

texts: venv  ## take new texts of the command into its French catalogue, and list what is left to translate
	@$(BIN)/python -m tools.texts

build: prerequisites  ## the extension and the theme, in an unpacked Keycloak (keycloak/target/server)
	@$(MAVEN) package

# Built anew at each change of a text; the wheel's own come from setup.py.
TEXTS := $(patsubst %.po,%.mo,$(wildcard provisioning/locale/*/LC_MESSAGES/*.po))

%.mo: %.po .venv/ready
	@$(BIN)/pybabel -q compile -i $< -o $@

venv: .venv/ready $(TEXTS)  ## the virtual environment .venv with the tested versions

deps:  ## what the tests need on this machine: installs it with apt when root, otherwise names it
	@tools/prerequisites --install python jdk maven chromium postgresql apache haproxy hunspell redis

prerequisites:
	@tools/prerequisites python jdk maven

# `ready` is written last: an interrupted installation is taken up again. A Python that has gone is replaced.
.venv/ready: pyproject.toml setup.py constraints.txt | prerequisites
	@echo "Installing the Python packages into .venv"
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
