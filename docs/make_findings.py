"""The page of all coded messages, ``docs/findings.md``: written from the register, never by hand."""

from __future__ import annotations

import re
from pathlib import Path

from parxl.findings import REGISTER, SEVERITY_NAMES, Kind

PAGE = Path(__file__).resolve().parent / "findings.md"
CHAPTERS = {
    "1": "Bộ tiêu chí",
    "2": "Đợt chấm và sổ điều hành",
    "3": "Tệp gửi về",
    "4": "Số liệu và tài liệu kiểm chứng đã nhập",
    "5": "Chấm điểm",
    "6": "Ghi tệp",
    "7": "Thẩm định và giải trình",
    "8": "Gửi thư",
    "9": "Phần mềm",
}
HEAD = """# Các thông báo của parxl

Mỗi thông báo có một mã không bao giờ đổi nghĩa, kèm vị trí (tệp, trang, ô, mục). *Lỗi* phải sửa; *Cảnh báo* cần
xem lại; *Ghi chú* chỉ để biết. Chữ trong ngoặc nhọn ‹…› được thay bằng nội dung của từng trường hợp.

<!-- Written by docs/make_findings.py from the register: do not edit here. -->
"""


def page() -> str:
    """The whole page as text."""
    chapters = [_chapter(digit, name) for digit, name in CHAPTERS.items()]
    return "\n".join([HEAD, *chapters])


def _chapter(digit: str, name: str) -> str:
    rows = [_row(code, kind) for code, kind in sorted(REGISTER.items()) if code[2] == digit]
    head = ["| Mã | Mức độ | Tên | Thông báo | Cách xử lý |", "|---|---|---|---|---|"]
    return "\n".join([f"## PX{digit}xx – {name}", "", *head, *rows, ""])


def _row(code: str, kind: Kind) -> str:
    texts = (code, SEVERITY_NAMES[kind.severity], kind.name, kind.sentence, kind.remedy)
    return "| " + " | ".join(_shown(text) for text in texts) + " |"


def _shown(text: str) -> str:
    return re.sub(r"\{(\w+)\}", "‹…›", text).replace("|", "\\|").replace("*", "\\*")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
