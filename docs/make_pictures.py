"""The pictures of README and guide, from the samples: LibreOffice -> PDF -> PNG (poppler-utils)."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import openpyxl

from parxl.actions import score_campaign
from parxl.appraising import appraise_campaign, explain_campaign
from parxl.books.unit.whatif import SHEET as SHEET_WHATIF
from parxl.books.unit.whatif_places import TRY, lines
from parxl.criteria import load_set
from parxl.desk import APPRAISAL, EXPLANATION, FIRST_ROW, SHEET_APPRAISAL, SHEET_EXPLANATION, row_key

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "ha-tinh-2019"
PICTURES = ROOT / "docs" / "pictures"
RESOLUTION = 85
FINDING_RESOLUTION = 36  # where only the edge of the content is looked for
FOOTER = 0.94  # below this share of the page stand the page's name and number
PAPER = 245  # a grey at least this light is paper
MARGIN = 0.012

CONTROL, SETTINGS, SURVEY = "dot-cham.xlsx", "Đợt chấm", "Khảo sát"
EMPTY, FILLED = "1-phieu/cuc-thue.xlsx", "2-nop/Cục Thuế - phiếu chấm điểm 2026.xlsx"
MISTAKEN = "2-nop/QLTT Hà Tĩnh.xlsx"
APPRAISED, EXPLAINED = "3-tham-dinh/lan-1/linh-vuc-3.xlsx", "1-phieu/giai-trinh/cuc-thue.xlsx"
RESULT, TRIED = "4-ket-qua/don-vi/cuc-thue.xlsx", "4-ket-qua/don-vi/qltt.xlsx"
LEAGUE, PUBLICATION = "4-ket-qua/bang-xep-hang.xlsx", "4-ket-qua/bang-cong-bo.xlsx"
TABLE_HEAD, CHECK_HEAD = "CỘNG HÒA XÃ HỘI", "KIỂM TRA TRƯỚC KHI NỘP"

# Last year the same forms had other survey points: unit by unit so much more or less.
LAST_YEAR = "dot-truoc"
THEN = (-1.5, 0.4, -0.8, -2.1, 0.6, 0.3, -1.2, 0.9)

# What the council types, and what a unit answers to it: the samples themselves have no appraisal.
UNIT = "cuc-thue"
DECIDED = {
    "3.3": (2.5, "Báo cáo quý III ghi 12 hồ sơ trễ hẹn chưa được thống kê"),
    "3.6": (0.5, "Báo cáo quý IV gửi sau thời hạn"),
    "3.2.3": (1, None),
}
ANSWERED = {
    "3.3": (
        "12 hồ sơ này có kết quả đúng hạn, do bưu chính chuyển trả chậm.",
        "Công văn số 512/CTHT ngày 12/01/2027",
    ),
}
# What a unit tries in its result workbook: input key -> count.
TRYING = {"1.2/b": 20, "1.4.2/b": 7}


@dataclass(frozen=True)
class Picture:
    """One page of a workbook below the campaign folder: the first that holds all the ``words``.

    ``share``: how much of the page is shown, from the top, of a long list.
    """

    workbook: str
    words: tuple[str, ...]
    resolution: int = RESOLUTION
    share: float = 1.0


PAGES = {
    "phieu": Picture(FILLED, (TABLE_HEAD,)),
    "phieu-huong-dan": Picture(EMPTY, ("HƯỚNG DẪN ĐIỀN PHIẾU",), resolution=74),
    "phieu-trong": Picture(EMPTY, (TABLE_HEAD,)),
    "phieu-da-dien": Picture(FILLED, ("Kết quả giải quyết TTHC", "hồ sơ TTHC")),
    "phieu-cuoi": Picture(FILLED, ("NGƯỜI LẬP PHIẾU",)),
    "kiem-tra-trong": Picture(EMPTY, (CHECK_HEAD,)),
    "kiem-tra-da-dien": Picture(MISTAKEN, (CHECK_HEAD,)),
    "kiem-tra-chi-tiet": Picture(MISTAKEN, ("Đến ô", "Mâu thuẫn", "4.2.6"), resolution=82),
    "tom-tat": Picture(RESULT, ("1. Kết quả chung",), resolution=77),
    "bang-diem": Picture(RESULT, ("Kết quả giải quyết TTHC", "Giải thích")),
    "chua-dat-toi-da": Picture(RESULT, ("TIÊU CHÍ CHƯA ĐẠT ĐIỂM TỐI ĐA",), share=0.712),
    "goi-y": Picture(RESULT, ("GỢI Ý CẢI THIỆN ĐIỂM SỐ",), share=0.678),
    "tinh-thu": Picture(TRIED, ("TÍNH THỬ ĐIỂM",)),
    "bang-xep-hang": Picture(LEAGUE, ("BẢNG XẾP HẠNG",)),
    "bieu-do": Picture(LEAGUE, ("BIỂU ĐỒ",)),
    "bieu-do-nam-truoc": Picture(LEAGUE, ("năm trước và năm",), share=0.565),
    "linh-vuc": Picture(LEAGUE, ("ĐIỂM THEO LĨNH VỰC",), share=0.512),
    "ma-tran": Picture(LEAGUE, ("ĐIỂM TỪNG TIÊU CHÍ",), share=0.723),
    "theo-tieu-chi": Picture(LEAGUE, ("KẾT QUẢ THEO TIÊU CHÍ",), share=0.746),
    "bieu-do-tieu-chi": Picture(LEAGUE, ("TIÊU CHÍ CÒN THIẾU NHIỀU ĐIỂM NHẤT",), share=0.54),
    "chenh-lech": Picture(LEAGUE, ("CHÊNH LỆCH TỰ CHẤM",)),
    "khoang-cach": Picture(LEAGUE, ("KHOẢNG CÁCH THỨ HẠNG",)),
    "bang-cong-bo": Picture(PUBLICATION, ("KẾT QUẢ CHỈ SỐ",)),
    "can-sua": Picture("4-ket-qua/tra-lai/qltt.xlsx", ("CẦN SỬA",)),
    "tham-dinh": Picture(APPRAISED, ("THẨM ĐỊNH LẦN 1",), resolution=89, share=0.738),
    "phieu-giai-trinh": Picture(EXPLAINED, ("PHIẾU GIẢI TRÌNH",), resolution=110),
    "so-dieu-hanh": Picture(CONTROL, ("Tệp chính thức",), resolution=110),
}


def main() -> None:
    """Score and appraise a copy of the sample and draw one page for each picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "campaign"
        shutil.copytree(SAMPLE, folder)
        look_back(folder)
        appraise(folder)
        score_campaign(folder, publish=True)
        try_out(folder)
        pdfs = convert(folder, Path(temporary))
        for name, picture in PAGES.items():
            draw(pdfs[picture.workbook], picture, PICTURES / name)


# The campaign -------------------------------------------------------------------------------------


def look_back(folder: Path) -> None:
    """Give the campaign a last year."""
    then = folder.with_name(LAST_YEAR)
    shutil.copytree(folder, then)
    change_survey(then / CONTROL)
    score_campaign(then)
    book = openpyxl.load_workbook(folder / CONTROL)
    for row in book[SETTINGS].iter_rows():
        if row[0].value == "Kết quả năm trước":
            row[1].value = f"../{LAST_YEAR}/4-ket-qua/ket-qua.json"
    book.save(folder / CONTROL)


def change_survey(control: Path) -> None:
    book = openpyxl.load_workbook(control)
    surveyed = (row for row in book[SURVEY].iter_rows(min_row=2) if row[0].value)
    for row, more in zip(surveyed, cycle(THEN), strict=False):
        row[1].value = round(row[1].value + more, 2)
    book.save(control)


def appraise(folder: Path) -> None:
    """Both sides of a first appraisal: the council's scores, and the unit's answer to them."""
    appraise_campaign(folder)
    rows = {row_key(UNIT, code): typed for code, typed in DECIDED.items()}
    fill(folder / APPRAISED, SHEET_APPRAISAL, APPRAISAL, ("points", "reason"), rows)
    appraise_campaign(folder)  # again: what openpyxl has saved shows no values of formulas
    explain_campaign(folder)
    fill(folder / EXPLAINED, SHEET_EXPLANATION, EXPLANATION, ("answer", "documents"), ANSWERED)
    shutil.copyfile(folder / EXPLAINED, folder / "2-nop" / "giai-trinh.xlsx")


def fill(
    path: Path, sheet: str, columns: dict[str, Any], names: tuple[str, ...], rows: Mapping[str, tuple[Any, ...]]
) -> None:
    """Type into these columns of a list; ``rows``: what its hidden key column says -> the contents."""
    book = openpyxl.load_workbook(path)
    written = book[sheet]
    for row in range(FIRST_ROW, written.max_row + 1):
        for name, content in zip(
            names, rows.get(written[f"{columns['key'].letter}{row}"].value, ()), strict=False
        ):
            written[f"{columns[name].letter}{row}"] = content
    book.save(path)


def try_out(folder: Path) -> None:
    """Type other figures into a unit's result workbook; LibreOffice computes what comes of them."""
    rows = {line.key: line.number for line in lines(load_set(str(folder / "bo-tieu-chi.toml")))}
    book = openpyxl.load_workbook(folder / TRIED)
    for key, count in TRYING.items():
        book[SHEET_WHATIF][f"{TRY}{rows[key]}"] = count
    book.save(folder / TRIED)


# The pictures -------------------------------------------------------------------------------------


def convert(folder: Path, temporary: Path) -> dict[str, Path]:
    """Every workbook as a PDF, in one run of LibreOffice with a profile of its own."""
    names = list(dict.fromkeys(picture.workbook for picture in PAGES.values()))
    copies = [temporary / f"book{number}.xlsx" for number in range(len(names))]
    for name, copy in zip(names, copies, strict=True):
        shutil.copyfile(folder / name, copy)
    profile = f"-env:UserInstallation={(temporary / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(temporary)]
    subprocess.run([*command, *map(str, copies)], check=True, capture_output=True)
    return {name: copy.with_suffix(".pdf") for name, copy in zip(names, copies, strict=True)}


def page_with(pdf: Path, words: tuple[str, ...]) -> int:
    """The first page whose text holds all the words."""
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    for number, page in enumerate(text.split("\f"), start=1):
        plain = " ".join(page.split())
        if all(word in plain for word in words):
            return number
    raise SystemExit(f"{pdf.name}: no page holds {words}")


def draw(pdf: Path, picture: Picture, target: Path) -> None:
    """One page as ``target``.png, cropped to its content."""
    page = page_with(pdf, picture.words)
    left, top, width, height = content(pdf, page)
    edges = (left, top, width, height * picture.share)
    crop = [str(int(dots * picture.resolution / FINDING_RESOLUTION)) for dots in edges]
    place = ["-x", crop[0], "-y", crop[1], "-W", crop[2], "-H", crop[3]]
    render(pdf, page, picture.resolution, target, "-png", *place)


def content(pdf: Path, page: int) -> tuple[float, float, float, float]:
    """x, y, width, height of what is printed above the footer, in dots of FINDING_RESOLUTION."""
    target = pdf.with_name("edge")
    render(pdf, page, FINDING_RESOLUTION, target, "-gray")
    data = target.with_suffix(".pgm").read_bytes()
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
    assert head is not None
    width, height = int(head[1]), int(head[2])
    rows = [data[head.end() + y * width :][:width] for y in range(int(height * FOOTER))]
    used = [y for y, row in enumerate(rows) if min(row) < PAPER]
    columns = [x for row in rows for x, grey in enumerate(row) if grey < PAPER]
    room = MARGIN * width
    left, top = max(0, min(columns) - room), max(0, used[0] - room)
    right, bottom = min(width, max(columns) + 1 + room), min(height, used[-1] + 1 + room)
    return left, top, right - left, bottom - top


def render(pdf: Path, page: int, resolution: int, target: Path, *options: str) -> None:
    pages = ["-f", str(page), "-l", str(page), "-singlefile", "-r", str(resolution)]
    subprocess.run(["pdftoppm", *options, *pages, str(pdf), str(target)], check=True)


if __name__ == "__main__":
    main()
