# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

.DEFAULT_GOAL := help
ifndef side_by_side
.NOTPARALLEL:
endif

# Absolute: the tools are also called from other directories.
bin := $(CURDIR)/.venv/bin
oldest := $(CURDIR)/.venv-oldest/bin
export PATH := $(bin):$(PATH)

# Runs a command where containers can start.
cell := molecule/shared/cell
lab := $(cell) $(bin)/ansible-playbook -i inventories/lab
guest_lab := $(cell) env LAB_NAME=trunkline-dahdi LAB_SUBNET=10.80.0.0/24 LAB_INVENTORY=molecule/dahdi/inventory \
	LAB_CENTRAL=central1 LAB_GATEWAYS=gw1 \
	ANSIBLE_CALLBACKS_ENABLED=ansible.posix.profile_tasks PROFILE_TASKS_TASK_OUTPUT_LIMIT=all

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
		while IFS='|' read -r target text; do printf '  make %-20s %s\n' "$$target" "$$text"; done

.PHONY: deps
deps: ## Install what the other targets need (only what is missing)
	@tests/tools/bootstrap

.PHONY: test
test: export FAILED_TESTS := $(CURDIR)/.cache/failed-tests
test: deps ## Everything that CI runs
	@mkdir -p $(dir $(FAILED_TESTS)) && : >$(FAILED_TESTS)
	@$(MAKE) --no-print-directory --jobs=3 side_by_side=yes clusters checks || { cat $(FAILED_TESTS); exit 1; }

.PHONY: clusters
clusters: deps
	@$(MAKE) --no-print-directory molecule guest-disk
	@$(MAKE) --no-print-directory molecule-dahdi-short

# In the time in which the clusters, whose calls mostly wait for something, leave the processors idle.
.PHONY: checks
checks: deps
	@chrt --idle 0 $(MAKE) --no-print-directory --keep-going --output-sync side_by_side= lint docs artifact sanity unit

.PHONY: lint
lint: deps ## Style, types, licences, role documentation, changelog, ansible-lint
	tests/tools/lint

.PHONY: unit
unit: deps ## Unit tests, and site.yml with bad input
	$(bin)/python -m pytest --numprocesses=auto tests/unit tests/integration tests/planning

.PHONY: artifact
artifact: deps ## Build the collection, import it as Galaxy does, try it with the oldest ansible-core
	@tests/tools/bootstrap artifact
	tests/tools/artifact

.PHONY: sanity
sanity: deps ## ansible-test sanity
	tests/tools/sanity

.PHONY: molecule
molecule: deps ## The whole cluster in containers: check mode, converge, idempotence, verify, a fault
	$(cell) $(bin)/molecule test -s default

.PHONY: molecule-failover
molecule-failover: deps ## Everything that can befall the active central server while people call, two hours
	$(cell) $(bin)/molecule test -s failover

.PHONY: molecule-dahdi
molecule-dahdi: deps ## A gateway with real DAHDI drivers in a virtual machine: cards, PRI calls, alarms
	@tests/tools/bootstrap guest
	$(cell) $(bin)/molecule test -s dahdi

.PHONY: molecule-dahdi-short
molecule-dahdi-short: deps ## A part of that: a card with T1 and E1 lines, a call in each direction over both
	@tests/tools/bootstrap guest
	$(cell) $(bin)/molecule test -s dahdi-short

# Beside the target molecule, and as a rule done before its cluster is built.
.PHONY: guest-disk
guest-disk: deps
	@tests/tools/bootstrap guest
	MAKEFLAGS= LAB_SUBNET=10.82.0.0/24 LAB_KERNEL_UPDATE=no $(cell) chrt --idle 0 \
		$(bin)/ansible-playbook -i molecule/dahdi-short/inventory molecule/shared/create.yml --tags disk

.PHONY: demo
demo: deps ## Build the call center on this machine and make the first call
	@$(cell) env PYTHONPATH=.collections $(bin)/python -m tests.demo

.PHONY: lab-up
lab-up: deps ## Start the lab's hosts
	$(lab) molecule/shared/create.yml molecule/shared/recordings.yml

.PHONY: lab-down
lab-down: deps ## Remove the lab's hosts
	$(lab) molecule/shared/destroy.yml
	@$(cell) --tidy

.PHONY: lab-shell
lab-shell: deps ## A shell from which the lab's hosts are reached
	@echo "In here ansible-playbook, ssh and podman reach the hosts of the lab; exit leaves."
	@$(cell) env PYTHONPATH=.collections:. $${SHELL:-/bin/bash} || true

.PHONY: benchmark
benchmark: deps ## Measure ratios on the lab that make demo left running
	$(cell) env PYTHONPATH=.collections:. $(bin)/python benchmarks/second_run.py

.PHONY: benchmark-load
benchmark-load: deps ## Place 1500 calls an hour, then more, on the lab that make demo left running: minutes=60
	$(cell) env PYTHONPATH=.collections:. $(bin)/python benchmarks/reference_load.py --minutes $(or $(minutes),10)

.PHONY: benchmark-failover
benchmark-failover: deps ## Measure faults on the lab that make demo left running: faults="NAME ..." runs=3
	$(cell) env PYTHONPATH=.collections:. $(bin)/python benchmarks/failover.py --runs $(or $(runs),3) $(faults)

.PHONY: benchmark-gateway
benchmark-gateway: deps ## Build a gateway with real DAHDI drivers, measure it and leave it running
	@tests/tools/bootstrap guest
	$(guest_lab) $(bin)/ansible-playbook -i molecule/dahdi/inventory \
		molecule/shared/create.yml molecule/dahdi/prepare.yml playbooks/site.yml
	$(guest_lab) PYTHONPATH=.collections:. $(bin)/python benchmarks/gateway.py

.PHONY: benchmark-inventory
benchmark-inventory: deps ## Measure the inventory plugin and the planner
	env PYTHONPATH=.collections:. $(bin)/python benchmarks/planning.py
	env PYTHONPATH=.collections:. $(bin)/python benchmarks/inventory.py

.PHONY: docs
docs: deps ## Build the documentation site in docs/build
	tests/tools/docs

.PHONY: role-docs
role-docs: deps ## Write the README of every role from its argument spec
	$(bin)/python tests/tools/role_docs.py

.PHONY: queue-docs
queue-docs: deps ## Write the options of queues into docs/queues.md
	env PYTHONPATH=.collections $(bin)/python tests/tools/queue_docs.py

.PHONY: pins
pins: deps ## Pin the newest versions of the tools
	for file in requirements requirements-artifact; do \
		$(bin)/uv pip compile -q --upgrade --universal --python-version 3.12 --no-emit-index-url --no-emit-find-links \
			--custom-compile-command "make pins" $$file.in -o $$file.txt; \
	done

.PHONY: clean
clean: ## Remove everything the targets above made, except the lab's hosts
	rm -rf .ansible .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache .venv .venv-oldest docs/build
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
