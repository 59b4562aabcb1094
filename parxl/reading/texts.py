"""What a text in an input cell means: one number, or why it is refused and what was probably meant.

Nothing is guessed: a number is taken only where the text can mean no other. Only the digits 0 to 9 and their
full-width forms count as digits, so that neither 5² nor ½ nor 1_000 becomes a number by Python's reading.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile, islice

from parxl.exact import short_text
from parxl.rules.base import TOP

LONGEST = 80  # characters: nothing longer is a number, so no pattern runs over more
SHOWN = 40
ELLIPSIS = "…"
TURNED = "\u202e"  # shows the digits after it from right to left
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，＋－％／＇", "0123456789.,+-%/'")
APOSTROPHES = "'’‘`´ʼ"

PLAIN = re.compile(r"[0-9]{1,15}")
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}([. ])[0-9]{3}(\1[0-9]{3}){0,3}")
DECIMAL = re.compile(r"[0-9]{1,15}[.,][0-9]+")
TWO_WAYS = re.compile(r"[0-9]+[.,][0-9]{3}")  # 87.555, 57,000: decimals, or thousands?
NEGATIVE = re.compile(r"[-–−] *[0-9][0-9., ]*")
PERCENT = re.compile(r"[-–−+]? *[0-9][0-9., ]*(?:%|phần trăm)")
HEAD = re.compile(r"[0-9][0-9., ]*")

# Words behind a number that only say what was counted: from the sets' labels, and as officials write them.
UNIT_WORDS = """
    bài; ban; báo cáo; buổi; cán bộ; cbcc; cbccvc; chế độ báo cáo; chỉ tiêu; công chức; công dân;
    công văn; cơ quan; cơ quan, đơn vị; cqcm; cuộc; cuộc họp; cuộc kiểm tra; dịch vụ; dịch vụ công;
    doanh nghiệp; dự thảo; dvc; đề án; đề tài; đoàn; đơn vị; đợt; đvhc; hồ sơ; hồ sơ tthc;
    hồ sơ, tài liệu; hội nghị; hs; huyện; kế hoạch; kết quả; kiến nghị; lần; lớp; lượt; lượt người;
    mô hình; ngành; người; nhiệm vụ; pakn; phản ánh; phản ánh, kiến nghị; phiếu; phòng; phòng ban; phường;
    quy trình; quyết định; sáng kiến; sở; sở, ngành; tài liệu; thị trấn; thông tin; thủ tục;
    thủ tục hành chính; tin; tin bài; tin, bài; tờ trình; trường hợp; tthc; ubnd; văn bản; văn bản qppl;
    vấn đề; vb; vbqppl; việc; viên chức; vụ; vụ việc; xã; xã, phường; ý kiến
"""
UNITS = frozenset(" ".join(UNIT_WORDS.split()).split("; "))
POINTS = "điểm"  # what an input with decimals counts

# For hints only: these are never taken.
NOTHING = re.compile(r"(?:không|khong|ko|k|chưa|chua|0|nil|no|none|n/a)(?:[ .,:;\n][^1-9]*)?")
DASHES = re.compile(r"[-–—―−_.…/\\]+")
LETTER_O = "OoОоΟο"  # Latin, Cyrillic, Greek
LOOK_ALIKE = re.compile(rf"[0-9{LETTER_O}lI|., ]+")
LETTERS = str.maketrans(f"{LETTER_O}lI|", "000000111")
TIMES = {"chục": 10, "trăm": 100, "k": 1000, "ngàn": 1000, "nghìn": 1000, "vạn": 10_000, "tr": 10**6}
TIMES |= {"triệu": 10**6, "tỉ": 10**9, "tỷ": 10**9}
SCIENTIFIC = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?e[+-]?[0-9]{1,2}")
ABOUT = (
    *("khoảng", "chừng", "gần", "hơn", "trên", "dưới", "ước", "xấp xỉ", "tối thiểu", "tối đa", "ít nhất"),
    *("nhiều nhất", "không quá", "~", "≈", "±", ">", "<", "≥", "≤"),
)
NUMBER = re.compile(r"\b[0-9][0-9.,]*\b")


@dataclass(frozen=True)
class Meaning:
    """``number`` where the text is taken; else the ``code`` that refuses it, and a ``hint`` if one is clear."""

    number: Decimal | None = None
    code: str = ""
    hint: str = ""


# What is to be seen -------------------------------------------------------------------------------


def bare(text: str) -> str:
    """The text as a person sees it: without invisible characters, every space a plain one, trimmed, NFC.

    Blank if and only if nothing is to be seen. Of a long text the beginning, with an ellipsis.
    """
    seen = (" " if unicodedata.category(c) == "Zs" else c for c in text.strip() if not _invisible(c))
    start = list(islice(dropwhile(str.isspace, seen), LONGEST + 1))
    cut = ELLIPSIS if len(start) > LONGEST else ""
    # Composed only once it is short: Python takes seconds to put thousands of accents in order.
    return unicodedata.normalize("NFC", "".join(start)).strip() + cut


def _invisible(character: str) -> bool:
    """Format characters (zero-width, direction marks, soft hyphen) and the variants of a picture."""
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"


def shown(text: str) -> str:
    """A text for a message: one line of at most 40 characters, nothing that steers a terminal."""
    line = " ".join("".join(c if c.isprintable() else " " for c in bare(text)).split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1].rstrip() + ELLIPSIS


# Numbers ------------------------------------------------------------------------------------------


def meaning(text: str, decimals: int) -> Meaning:
    """What a text in a count cell means. ``text`` is not blank."""
    if TURNED in text:
        return Meaning(None, "PX401", "Ô có ký tự ẩn làm đảo chiều chữ; hãy xóa trống ô rồi gõ lại số liệu.")
    plain = bare(text).translate(FULL_WIDTH)
    if plain[0] in APOSTROPHES:
        plain = plain[1:].lstrip()
    if PERCENT.fullmatch(plain.lower()):
        return Meaning(None, "PX414")
    if NEGATIVE.fullmatch(plain):
        return Meaning(None, "PX403")
    found = _one_number(_without_unit(plain.removeprefix("+").lstrip(), decimals), decimals)
    return found or Meaning(None, "PX401", _hint(plain))


def _without_unit(text: str, decimals: int) -> str:
    """``57 hồ sơ`` -> ``57``; where anything else stands behind the number, the text as it is."""
    head, tail = _parted(text)
    unit = tail.removesuffix(".")
    return head if unit in UNITS or (decimals and unit == POINTS) else text


def _parted(text: str) -> tuple[str, str]:
    """The number at the beginning, "" without one, and the words behind it, in small letters."""
    head = HEAD.match(text)
    end = head.end() if head else 0
    return text[:end].rstrip(), " ".join(text[end:].lower().split())


def _one_number(text: str, decimals: int) -> Meaning | None:
    """A text that is a number and nothing else; None where it is not."""
    two_ways = TWO_WAYS.fullmatch(text)
    if PLAIN.fullmatch(text):
        return _in_range(Decimal(text))
    if THOUSANDS.fullmatch(text) and not (decimals and two_ways):
        return _in_range(Decimal(re.sub(r"[. ]", "", text)))
    if DECIMAL.fullmatch(text):
        number = Decimal(text.replace(",", "."))
        if not two_ways and number == number.quantize(Decimal(1).scaleb(-decimals)):
            return _in_range(number)
        return Meaning(None, "PX402", thousands_hint(text))
    return None


def _in_range(number: Decimal) -> Meaning:
    return Meaning(number) if number <= TOP else Meaning(None, "PX403")


# Hints --------------------------------------------------------------------------------------------


def thousands_hint(text: str) -> str:
    """For ``1,234``, refused because it may be a number with decimals."""
    together = text.replace(",", ".")
    if not THOUSANDS.fullmatch(together):
        return ""
    return f"Nếu là {together.replace('.', '')}, hãy gõ liền các chữ số, không dùng dấu chấm hoặc dấu phẩy."


def says_nothing(text: str) -> bool:
    """``-``, ``không có``, ``0 có``: perhaps 0, perhaps blank; the two are scored differently."""
    return bool(DASHES.fullmatch(text) or NOTHING.fullmatch(text.lower()))


def _hint(text: str) -> str:
    if says_nothing(text):
        return "Nếu không có, hãy nhập 0; nếu chưa có số liệu, hãy để trống ô."
    likely = next((number for guess in GUESSES if (number := guess(text)) is not None), None)
    if likely is not None:
        return f"Có lẽ là {short_text(likely)}; nếu đúng vậy, hãy nhập lại."
    if text.lower().startswith(ABOUT) and NUMBER.search(text):
        return "Hãy nhập con số chính xác, không ghi khoảng hoặc ước lượng."
    if len(NUMBER.findall(text)) > 1:
        return "Nếu là hai số liệu (ví dụ a và b), hãy nhập mỗi số vào ô của số đó."
    if "%" in text:
        return "Hãy nhập số liệu đếm được, không nhập tỷ lệ phần trăm."
    return ""


def _value(text: str, decimals: int = 0) -> Decimal | None:
    found = _one_number(text, decimals)
    return found.number if found else None


def _look_alike(text: str) -> Decimal | None:
    """``1O``, ``l5``: letters that look like digits. Not ``57|60``, nor ``II``."""
    digits = any(c in "0123456789" for c in text) or set(text) <= set(LETTER_O)
    like = digits and LOOK_ALIKE.fullmatch(text) and len(NUMBER.findall(text)) < 2
    return _value(text.translate(LETTERS)) if like else None


def _in_words(text: str) -> Decimal | None:
    """``5 triệu``, ``1,5 nghìn hồ sơ``."""
    head, tail = _parted(text)
    word, _, unit = tail.partition(" ")
    number = _value(head, decimals=6)
    known = word in TIMES and (not unit or unit in UNITS)
    return _whole(number * TIMES[word]) if known and number is not None else None


def _scientific(text: str) -> Decimal | None:
    """``1E3``."""
    small = text.lower().replace(",", ".")
    return _whole(Decimal(small)) if SCIENTIFIC.fullmatch(small) else None


def _whole(number: Decimal) -> Decimal | None:
    return number if number <= TOP and number == number.to_integral_value() else None


def _decorated(text: str) -> Decimal | None:
    """``“57”``, ``=57``, ``57.`` and ``1,234,567``."""
    inner = text.strip("\"“”'’‘= ").rstrip(".,;: ")
    return _value(inner if "." in inner else inner.replace(",", "."))


GUESSES = (_look_alike, _in_words, _scientific, _decorated)
