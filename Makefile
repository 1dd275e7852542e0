# make demo       installs into .venv and flies a whole patrol, end to end (console where there is a display)
# make test       installs into .venv and runs the tests
# make test-all   the same with the long tests, and with real ArduPilot SITL where its binary is found
# make lint       ruff, the strict type checker and the layer contracts
# make soak       four simulated aircraft for two hours, with losses and reboots (SOAK_ARGS="--minutes 10")
.PHONY: demo test test-all soak lint setup setup-dev clean

DEMO_ARGS ?=
SOAK_ARGS ?=

demo: setup
	.venv/bin/groundstation demo --out out/demo $(DEMO_ARGS)

test: setup-dev lint
	QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -n 2 --dist loadfile -m "not slow and not alone"
	QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -m "not slow and alone"

test-all: setup-dev lint
	HYPOTHESIS_PROFILE=search QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -n 2 --dist loadfile -m "not alone"
	HYPOTHESIS_PROFILE=search QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -m alone

soak: setup-dev
	nice -n 5 .venv/bin/python scripts/soak.py $(SOAK_ARGS)

lint: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

setup:
	@scripts/setup.sh

setup-dev:
	@scripts/setup.sh dev

clean:
	rm -rf .venv build dist out *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
