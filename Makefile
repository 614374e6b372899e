# `make run` opens the program, `make test` checks it. Both make .venv first, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
PINS := pyproject.toml constraints.txt

.PHONY: run test check constraints screenshots clean

run: $(VENV)/installed system
	$(BIN)/cnn-desktop

test: $(VENV)/installed-dev test-system
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

# Qt's system libraries on Linux: installed where that is possible, else the exact line is printed.
.PHONY: system test-system
system:
	@sh packaging/qt-libraries.sh

test-system:
	@sh packaging/qt-libraries.sh strace

# Breaks every call that writes a checkpoint, fills disks, kills runs again and again, opens 100,000 pictures in the
# window, exports every network, and plants copies and wrong labels among real pictures: most of an hour.
.PHONY: soak
soak: $(VENV)/installed-dev test-system
	$(BIN)/python -m tests.soak.crash_points
	$(BIN)/python -m tests.soak.full_disk
	$(BIN)/python -m tests.soak.kill_storm
	$(BIN)/python -m tests.soak.many_files
	$(BIN)/python -m tests.soak.exports
	CNN_DESKTOP_TEST_DATA=$${CNN_DESKTOP_TEST_DATA:?names the folder of real data} $(BIN)/python -m tests.soak.planted_flowers

$(VENV)/installed: $(PINS)
	$(PYTHON) packaging/make_venv.py $(VENV)
	$(PIP) --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) --editable ".[dev]"
	touch $@

# Pins from what is installed now, without the address of any registry.
constraints: $(VENV)/installed-dev
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

screenshots: $(VENV)/installed
	$(BIN)/python packaging/make_screenshots.py docs/pictures

# How fast: beside Keras and the usual PyTorch script, best on an idle machine. ARGS="throughput --only mnist_cnn".
.PHONY: bench bench-accuracy
bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks $(ARGS)

# How well: hours on a processor; goes on where it was left. CNN_DESKTOP_DATA names the datasets. ARGS="--minutes 30".
bench-accuracy: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks accuracy fine_tuning $(ARGS)

clean:
	rm -rf $(VENV) .venv-keras build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
