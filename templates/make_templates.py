"""Write the blank locked form of every set beside this file: ``python templates/make_templates.py``."""

from __future__ import annotations

from pathlib import Path

from parxl.books.form.book import write_form
from parxl.books.form.data import template_data
from parxl.criteria import known_sets, load_set
from parxl.files import write_atomically

HERE = Path(__file__).resolve().parent


def build(target: Path) -> list[Path]:
    """One template a set; the same code gives the same bytes."""
    written = []
    for name in known_sets():
        path = target / f"{name}.xlsx"
        write_atomically(path, write_form(template_data(load_set(name))))
        written.append(path)
    return written


if __name__ == "__main__":
    for path in build(HERE):
        print(path.name)
