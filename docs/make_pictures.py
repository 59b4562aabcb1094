"""The README's pictures, from the samples: LibreOffice -> PDF -> PNG (poppler-utils)."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from parxl.actions import score_campaign

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "ha-tinh-2019"
PICTURES = ROOT / "docs" / "pictures"
# name -> (workbook below the campaign, page of its PDF)
PAGES = {
    "phieu": ("1-phieu/cuc-thue.xlsx", 2),
    "ket-qua": ("4-ket-qua/don-vi/cuc-thue.xlsx", 1),
    "bang-xep-hang": ("4-ket-qua/bang-xep-hang.xlsx", 1),
}


def main() -> None:
    """Score a copy of the sample and draw one page of each workbook."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "campaign"
        shutil.copytree(SAMPLE, folder)
        score_campaign(folder)
        for name, (workbook, page) in PAGES.items():
            draw(folder / workbook, page, PICTURES / name)


def draw(workbook: Path, page: int, target: Path) -> None:
    """One page of a workbook as ``target``.png."""
    out = workbook.parent
    convert = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(out), str(workbook)]
    subprocess.run(convert, check=True, capture_output=True)
    pdf = str(workbook.with_suffix(".pdf"))
    pages = ["-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", "-png", "-r", "80", *pages, pdf, str(target)], check=True)


if __name__ == "__main__":
    main()
