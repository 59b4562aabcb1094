"""The texts of the letters: parxl's own, or the department's, with placeholders like ``{Tên đơn vị}``.

A placeholder is a name in braces; case, and blanks around or between its words, do not count. A brace that
none answers is text. Facts are bare: ``{Chỉ số}`` is a number, the text beside it says ``%``.

Not every fact is known of everybody (no deadline, no group, no rank). **A line that holds a placeholder
whose fact is empty is left out as a whole**, and one of two blank lines around it, so that no sentence has a
hole.
A text of which nothing would be left, such as a subject, is kept without the fact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["forms", "reminders", "results", "league"]  # the league goes out with the results

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
COMMON = ("Năm", "Tên đợt chấm", "Cơ quan chủ trì", "Tên tệp")
OF_A_UNIT = ("Tên đơn vị", "Mã đơn vị", "Khối", *COMMON, "Hạn nộp")
TO_MEND = "Nội dung cần sửa"

# What a reminder says in {Tình trạng}: by the status in ket-qua.json.
STATUS_WORDS: dict[str, str] = {
    "missing": "chưa nhận được phiếu",
    "rejected": "phiếu đã nhận được nhưng chưa chấm điểm được, đề nghị gửi lại",
    "conflict": "đã nhận được nhiều phiếu có nội dung khác nhau, đề nghị xác nhận lại",
    "provisional": "phiếu đã nhận được, còn nội dung cần sửa, bổ sung",
    "scored": "phiếu đã nhận được, còn nội dung cần sửa, bổ sung",
}


@dataclass(frozen=True)
class Letter:
    """One kind of letter: its items in the sheet *Thư*, its own texts, and the facts it may name."""

    kind: Kind
    subject_item: str
    body_item: str
    subject: str
    body: str
    placeholders: tuple[str, ...]


FORMS = Letter(
    "forms",
    "Tiêu đề thư gửi phiếu",
    "Nội dung thư gửi phiếu",
    "{Tên đợt chấm}: phiếu chấm điểm của {Tên đơn vị}",
    """\
Kính gửi: {Tên đơn vị}

Gửi kèm thư này là phiếu chấm điểm của riêng đơn vị: tệp “{Tên tệp}”.
Đợt chấm: {Tên đợt chấm}.
Hạn nộp: ngày {Hạn nộp}.

Cách điền phiếu:
1. Lưu tệp vào máy tính rồi mở bằng Excel. Nếu phía trên màn hình có thanh màu vàng, bấm “Bật chỉnh sửa” \
(Enable Editing).
2. Nhập số liệu và tài liệu kiểm chứng vào các ô màu vàng nhạt. Các ô khác đã khóa và tự tính điểm; xin \
không mở khóa trang tính.
3. Mở trang “Kiểm tra”, bổ sung các mục còn thiếu cho đến khi hiện “ĐÃ NHẬP ĐỦ SỐ LIỆU”.
4. Lưu tệp, giữ nguyên tên tệp và dạng .xlsx, rồi trả lời thư này và đính kèm chính tệp đó. Bản PDF hoặc \
bản chụp không thay được tệp này.

Các bước được hướng dẫn đầy đủ ở trang “Hướng dẫn” của phiếu. Khi có vướng mắc, xin trả lời thư này để \
được hỗ trợ.

Trân trọng cảm ơn.
{Cơ quan chủ trì}
""",
    OF_A_UNIT,
)

REMINDERS = Letter(
    "reminders",
    "Tiêu đề thư nhắc",
    "Nội dung thư nhắc",
    "{Tên đợt chấm}: nhắc về phiếu chấm điểm của {Tên đơn vị}",
    """\
Kính gửi: {Tên đơn vị}

Tình trạng phiếu chấm điểm của đơn vị: {Tình trạng}.
Đợt chấm: {Tên đợt chấm}.
Hạn nộp: ngày {Hạn nộp}.

Nội dung cần sửa, bổ sung: {Nội dung cần sửa}

Gửi kèm thư này là phiếu để đơn vị điền hoặc sửa: tệp “{Tên tệp}”. Nếu phiếu có trang “Cần sửa”, xin xem \
trang này trước: mỗi nội dung có đường dẫn đến đúng ô cần sửa.

Xin mở tệp bằng Excel (bấm “Bật chỉnh sửa” – Enable Editing nếu có thanh màu vàng), điền hoặc sửa các ô \
màu vàng nhạt, lưu tệp với nguyên tên và dạng .xlsx, rồi trả lời thư này và đính kèm chính tệp đó.

Nếu đơn vị vừa gửi phiếu, xin bỏ qua thư này. Khi có vướng mắc, xin trả lời thư này để được hỗ trợ.

Trân trọng cảm ơn.
{Cơ quan chủ trì}
""",
    (*OF_A_UNIT, "Tình trạng", TO_MEND),
)

RESULTS = Letter(
    "results",
    "Tiêu đề thư kết quả",
    "Nội dung thư kết quả",
    "{Tên đợt chấm}: kết quả chấm điểm của {Tên đơn vị}",
    """\
Kính gửi: {Tên đơn vị}

Gửi kèm thư này là kết quả chấm điểm của riêng đơn vị: tệp “{Tên tệp}”.
Đợt chấm: {Tên đợt chấm}.

Khối: {Khối}
Tổng điểm: {Tổng điểm}/{Điểm tối đa}
Chỉ số: {Chỉ số}%
Xếp hạng: {Xếp hạng}
Xếp loại: {Xếp loại}

Trong tệp có điểm của từng tiêu chí kèm cách tính, các tiêu chí chưa đạt điểm tối đa và gợi ý cải thiện \
điểm số.

Nếu có nội dung cần trao đổi về kết quả, xin trả lời thư này, nêu rõ mã số của tiêu chí.

Trân trọng cảm ơn.
{Cơ quan chủ trì}
""",
    (*OF_A_UNIT, "Tổng điểm", "Điểm tối đa", "Chỉ số", "Xếp hạng", "Xếp loại"),
)

LEAGUE = Letter(
    "league",
    "Tiêu đề thư bảng xếp hạng",
    "Nội dung thư bảng xếp hạng",
    "{Tên đợt chấm}: bảng xếp hạng",
    """\
Kính gửi: {Cơ quan chủ trì}

Gửi kèm thư này là bảng xếp hạng và phân tích kết quả của tất cả các đơn vị: tệp “{Tên tệp}”.
Đợt chấm: {Tên đợt chấm}.
Năm: {Năm}.

Tệp có số liệu của mọi đơn vị, dùng trong nội bộ cơ quan chủ trì; kết quả của từng đơn vị được gửi riêng \
cho đơn vị đó.
""",
    COMMON,
)

LETTERS: dict[Kind, Letter] = {one.kind: one for one in (FORMS, REMINDERS, RESULTS, LEAGUE)}


def letter(mail: Mapping[str, str], kind: Kind) -> tuple[str, str]:
    """Subject and body: each as the control workbook has it (``Settings.mail``), else parxl's own."""
    own = LETTERS[kind]
    subject, body = mail.get(own.subject_item, ""), mail.get(own.body_item, "")
    return subject if subject.strip() else own.subject, body if body.strip() else own.body


def unknown_placeholders(text: str, kind: Kind) -> list[str]:
    """What stands in braces and is no fact of this kind of letter: as written, each once, in order."""
    known = {_tidy(name) for name in LETTERS[kind].placeholders}
    written = (" ".join(name.split()) for name in PLACEHOLDER.findall(text))
    return list(dict.fromkeys(name for name in written if _tidy(name) not in known))


def as_list(items: Iterable[str]) -> str:
    """Several findings as one fact, a line each."""
    return "\n".join(f"– {' '.join(item.split())}" for item in items)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its facts (keys without braces). KeyError where a fact is not given at all."""
    values = {_tidy(name): value.strip() for name, value in facts.items()}
    lines = PLACEHOLDER.sub(lambda found: f"{{{_tidy(found[1])}}}", _plain_ends(text)).split("\n")
    kept = _kept(lines, values)
    if not any(line.strip() for line in kept):
        kept = lines
    return "\n".join(_filled(line, values) for line in kept)


def _tidy(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _kept(lines: list[str], values: Mapping[str, str]) -> list[str]:
    """Without the lines that lack a fact, nor the blank line that would then be a second one."""
    kept: list[str] = []
    left_out = False
    for line in lines:
        if not all(values[name] for name in PLACEHOLDER.findall(line)):
            left_out = True
        elif line.strip() or not left_out or (kept and kept[-1].strip()):
            kept.append(line)
            left_out = False
    return kept


def _filled(line: str, values: Mapping[str, str]) -> str:
    """One line of a letter: several where a list stands in it, which has its lines to itself."""
    if _tidy(TO_MEND) not in PLACEHOLDER.findall(line):
        return PLACEHOLDER.sub(lambda found: " ".join(values[found[1]].split()), line)
    parted = PLACEHOLDER.sub(lambda found: _placed(found[1], values[found[1]]), line)
    return "\n".join(part.strip() for part in parted.split("\n") if part.strip())


def _placed(name: str, value: str) -> str:
    return f"\n{value}\n" if name == _tidy(TO_MEND) else " ".join(value.split())
