# Needs Python 3.11, git and make. The rest is installed into .local/ and node_modules/.
PYTHON ?= python3
VENV := .local/venv/bin
SEMGREP := $(VENV)/semgrep scan --config tools/semgrep --metrics=off --disable-version-check --quiet
CODE := nexxio orders contractors tenants evaluations tools tests deploy manage.py
.DEFAULT_GOAL := help
.PHONY: help setup dev run manage test test-fast test-stop lint fmt types arch audit sizes docs seed tour bench roles backup restore ci

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

setup: ## Install what the product needs
	@$(PYTHON) -m tools.setup run

dev: ## Install the developers' tools too
	@$(PYTHON) -m tools.setup dev

run: ## Start the whole product, with the demo world
	@$(PYTHON) -m tools.run

manage: ## Run a management command: make -s manage ARGS="check"
	@$(PYTHON) -m tools.manage $(ARGS)

test: ## Run every test, browser ones included (PYTEST_ARGS="-k words"; KEEP=1: servers stay up)
	@$(PYTHON) -m tools.test $(if $(KEEP),--keep)

test-fast: ## Run the tests without browsers and slow ones
	@$(PYTHON) -m tools.test $(if $(KEEP),--keep) -m "not e2e and not slow"

test-stop: ## Stop the servers that KEEP=1 left up
	@$(PYTHON) -m tools.env --name suite --stop

lint: dev ## Check style: ruff, our own rules (tools/semgrep), djlint, codespell
	@$(VENV)/ruff check $(CODE)
	@$(VENV)/ruff format --check -q $(CODE)
	@$(SEMGREP) --test tools/semgrep
	@$(SEMGREP) --error --exclude /tools/semgrep $(CODE) templates
	@$(VENV)/djlint templates --lint --quiet
	@$(VENV)/codespell tools tests/conftest.py docs/adr docs/how-to docs/operations docs/security README.md CONTRIBUTING.md SECURITY.md

fmt: dev ## Format the code
	@$(VENV)/ruff check --fix -q $(CODE) || true
	@$(VENV)/ruff format -q $(CODE)

types: dev ## Check types
	@SECRET_KEY=types DATABASE_URL=postgresql://types@localhost/types REDIS_URL=redis://localhost $(VENV)/mypy nexxio orders contractors tenants evaluations tools

arch: dev ## Check who imports whom
	@$(VENV)/lint-imports

audit: dev ## Look for known weaknesses, unused packages and unsafe settings
	@$(PYTHON) -m tools.audit

sizes: ## List files past 400 lines and functions past 60: do two ideas share a room?
	@$(PYTHON) -m tools.sizes

docs: ## Write docs/states.md and docs/events.md again
	@$(PYTHON) -m tools.test -- -m nexxio.devtools.docgen

seed: ## Make the demo world in an empty database
	@$(PYTHON) -m tools.manage demo_world

tour: ## Make the pictures of docs/tour.md and the README again
	@$(PYTHON) -m tools.setup test
	@$(PYTHON) -m tools.test -- -m tests.e2e.tour $(ARGS)

bench: ## Measure (JSON and docs/benchmarks.md)
	@$(PYTHON) -m tools.test --durable -- -m tests.bench $(ARGS)

roles: ## Print the SQL of the database roles for servers of your own
	@$(PYTHON) -m tools.roles

backup: ## Back database and files up: make backup TO=folder
	@test -n "$(TO)" || { echo "say where to: make backup TO=folder" >&2; exit 2; }
	@$(PYTHON) -m tools.manage backup "$(TO)"

restore: ## Restore into an empty database, verified: make restore FROM=folder
	@test -n "$(FROM)" || { echo "say what from: make restore FROM=folder" >&2; exit 2; }
	@$(PYTHON) -m tools.manage restore "$(FROM)"

ci: lint types arch test ## All of it, in the order that fails fastest
