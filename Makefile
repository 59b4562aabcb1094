# Two commands for a fresh machine with Python 3.11 or later: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test fuzz bench test-office templates samples pictures clean

$(READY): setup.cfg pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
		{ echo "parxl needs Python 3.11 or later"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $(READY)

# The samples hold typical mistakes: exit code 3 ("done, with errors found") is the right answer.
demo: $(READY)
	@for campaign in samples/*/dot-cham.xlsx; do \
		folder=$$(dirname $$campaign); echo; echo "== parxl score $$folder"; \
		$(BIN)/parxl score $$folder; code=$$?; \
		[ $$code -eq 0 ] || [ $$code -eq 3 ] || exit $$code; \
	done

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile --ignore=tests/office

# Randomly damaged forms: make fuzz N=50000 SEED=7
fuzz: N ?= 10000
fuzz: SEED ?= 1
fuzz: $(READY)
	$(BIN)/python tests/fuzz.py $(N) $(SEED)

# What parxl costs beside other programs (docs/performance.md): make bench N=300 JOBS=1,2 ROUNDS=3
# The whole country: make bench OPTIONS="--large 14000"; tables for the page: OPTIONS=--markdown
bench: N ?= 300
bench: JOBS ?= 1,2
bench: ROUNDS ?= 3
bench: $(READY)
	cd tests && $(abspath $(BIN))/python -m bench $(N) --jobs $(JOBS) --rounds $(ROUNDS) $(OPTIONS)

# Needs LibreOffice with its Python bridge (Debian: libreoffice-calc python3-uno poppler-utils
# fonts-liberation2).
test-office: $(READY)
	PARXL_REQUIRE_OFFICE=1 $(BIN)/python -m pytest -rP tests/office

templates: $(READY)
	$(BIN)/python templates/make_templates.py

samples: $(READY)
	$(BIN)/python samples/make_samples.py

# The pictures of README and guide, from the samples (needs LibreOffice and poppler-utils).
pictures: $(READY)
	$(BIN)/python docs/make_pictures.py

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
