"""*Cách tính* of the league workbook: what every figure rests on, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import PureWindowsPath

from parxl.books.form.frame import restored_note
from parxl.books.league.closeness import near_words
from parxl.books.league.long import LongBook
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, landscape
from parxl.campaign import TREATMENTS, Exemption
from parxl.desk import ROUNDS
from parxl.exact import count_text, points_text
from parxl.results import Results
from parxl.software import software

Line = tuple[str, str]  # label, text; a line without a label belongs to the one above

SHEET, LABEL, TEXT = "Cách tính", 34.0, 100.0
TIE_WORDS = {
    "1-1-3": "các đơn vị bằng Chỉ số cùng hạng, hạng sau bỏ cách (1, 1, 3)",
    "1-1-2": "các đơn vị bằng Chỉ số cùng hạng, hạng sau liền kề (1, 1, 2)",
}
TREATED = {treatment: words for words, treatment in TREATMENTS.items()}
NONE = "Không có."
LEFT_OUT = "Không liệt kê hết"
MOST_LINES = 1000  # under one label
EXEMPTIONS = "trang “Không áp dụng” của dot-cham.xlsx"
MORE = "… và {count} dòng nữa, xem {where}."
RECEIVED = "Phiếu và các tệp đơn vị gửi: tên và mã SHA-256 của từng tệp ở trang “Tệp đã nhận”."
SCORES: tuple[Line, ...] = (
    (
        "Điểm cuối của tiêu chí",
        "Điểm thẩm định lần 2 nếu có; không thì điểm thẩm định lần 1; không thì điểm tính từ số liệu của đơn "
        "vị. Điểm khảo sát do cơ quan chủ trì nhập.",
    ),
    (
        "Tổng điểm",
        "Cộng điểm cuối các tiêu chí đã làm tròn (làm tròn nửa lên), rồi cộng, trừ điểm cộng, điểm trừ.",
    ),
    (
        "Chỉ số",
        "100 × Tổng điểm / Điểm tối đa của đơn vị, không tính nội dung không áp dụng; làm tròn nửa lên.",
    ),
    (
        "Nội dung còn chờ",
        "Nội dung chờ hướng dẫn hoặc chưa có điểm khảo sát được tính 0 điểm, vẫn nằm trong điểm tối đa; đơn "
        "vị ghi là tạm tính.",
    ),
)
ANALYSES: tuple[Line, ...] = (
    (
        "Tỷ lệ của lĩnh vực",
        "100 × điểm của lĩnh vực / điểm tối đa của lĩnh vực đối với đơn vị, làm tròn nửa lên; để trống nếu "
        "không có nội dung nào áp dụng.",
    ),
    (
        "Bình quân, trung vị",
        "Của các đơn vị có kết quả trong khối, làm tròn nửa lên. Trung vị: giá trị đứng giữa khi xếp theo thứ "
        "tự.",
    ),
    (
        "Độ lệch chuẩn",
        "Căn bậc hai của trung bình các bình phương chênh lệch so với bình quân, tính trên toàn bộ đơn vị của "
        "khối.",
    ),
    (
        "Tổng điểm còn thiếu",
        "Của một tiêu chí: cộng (điểm tối đa − điểm cuối) của mọi đơn vị đã có điểm ở tiêu chí đó.",
    ),
    (
        "Chênh lệch tự chấm",
        "Điểm tự chấm hiện trên phiếu khi đơn vị lưu tệp − điểm cuối, chỉ ở các tiêu chí có cả hai điểm và do "
        "đơn vị kê khai.",
    ),
    (
        "Sát nhau",
        "Chỉ số cách đơn vị liền trên hoặc liền dưới trong khối không quá {near} điểm phần trăm (bằng nhau là "
        "đồng hạng).",
    ),
    (
        "Chỉ số thấp nhất, cao nhất",
        "Thấp nhất: bỏ các điểm không có tài liệu kiểm chứng và chưa được thẩm định. Cao nhất: mọi nội dung "
        "còn chờ đạt đủ điểm.",
    ),
    (
        "Hạng tốt nhất, thấp nhất có thể",
        "Tốt nhất: đơn vị ở Chỉ số cao nhất, các đơn vị khác trong khối ở Chỉ số thấp nhất. Thấp nhất: ngược "
        "lại.",
    ),
)


def write_method(book: LongBook, results: Results) -> None:
    """A line a row, in two columns; the last sheet to be written."""
    sheet = book.sheet(SHEET)
    sheet.set_column("A:A", LABEL)
    sheet.set_column("B:B", TEXT)
    left_out = _listed(LEFT_OUT, [f"Trang “{name}”: {words}" for name, words in book.left_out])
    lines = [*method_lines(results), *(left_out if book.left_out else ()), *source_lines(results)]
    for row, (label, text) in enumerate(lines, start=1):
        look = {"bg_color": COLOURS["group"], "valign": "top"}
        sheet.write_string(row - 1, 0, label, book.cell(bold=True, **look))
        sheet.write_string(row - 1, 1, text, book.cell(valign="top"))
        cells = [(label, LABEL, float(SIZE), True), (text, TEXT, float(SIZE), False)]
        sheet.tall(row, row_height(cells))
    landscape(sheet, results.settings.name)
    sheet.fit_to_pages(1, 0)


def method_lines(results: Results) -> list[Line]:
    """What the sheet says before it names the source files, in order."""
    return [
        *_basis(results),
        *SCORES,
        *_ranking(results),
        *_rulings(results),
        *_exemptions(results),
        *_entered(results),
        *_rounds(results),
        ("Kết quả năm trước", _last_year(results)),
        *((label, text.format(near=near_words())) for label, text in ANALYSES),
        *_made(results),
    ]


def _listed(label: str, texts: list[str], where: str = "") -> Iterator[Line]:
    """The first under the label, the others under it; one line a row, so that no row is too tall.

    ``where``: where all of them are; of more than ``MOST_LINES`` the others are only counted then.
    """
    shown = texts[:MOST_LINES] if where else texts
    if len(shown) < len(texts):
        shown = [*shown, MORE.format(count=count_text(len(texts) - len(shown)), where=where)]
    for number, text in enumerate(shown or [NONE]):
        yield ("" if number else label), text


# The decision and the campaign --------------------------------------------------------------------


def _basis(results: Results) -> Iterator[Line]:
    settings, criteria = results.settings, results.criteria
    # ``previous`` reads the id and the edition out of this line.
    yield "Bộ tiêu chí", f"{criteria.title} ({criteria.id}, phiên bản {criteria.edition})"
    yield "Văn bản", criteria.decision
    yield "Ngày ban hành", f"{criteria.issued:%d/%m/%Y}"
    yield "Đợt chấm", f"{settings.name} ({results.register.campaign if results.register else '–'})"
    yield "Năm đánh giá", str(settings.year)
    yield "Hạn nộp phiếu", f"{settings.deadline:%d/%m/%Y}" if settings.deadline else "Không ghi."
    yield "Công thức khôi phục", _restored(results)


def _restored(results: Results) -> str:
    codes, checked = ", ".join(results.criteria.restored), results.settings.formula_checked
    if not codes:
        return NONE
    return restored_note(results.criteria, checked) or f"Mục {codes}: đã đối chiếu ({checked})."


def _ranking(results: Results) -> Iterator[Line]:
    settings, decimals = results.settings, results.criteria.decimals
    yield "Xếp hạng", f"Theo Chỉ số đã làm tròn, riêng từng khối; {TIE_WORDS[settings.ties]}."
    bands = sorted(settings.bands, key=lambda band: band.group)
    said = []
    for group, own in groupby(bands, key=lambda band: band.group):
        steps = sorted(own, key=lambda band: -band.start)
        words = "; ".join(f"{band.name}: từ {points_text(band.start, decimals)}" for band in steps)
        said.append(f"{'Mọi khối' if group == '*' else f'Khối {group}'}: {words} (%).")
    yield from _listed("Xếp loại theo Chỉ số", said)
    yield "Điểm cộng, điểm trừ", _caps(results)


def _caps(results: Results) -> str:
    settings = results.settings
    caps = {"Điểm cộng": settings.bonus_cap, "điểm trừ": settings.penalty_cap}
    told = [
        f"{kind} tối đa {points_text(cap, results.criteria.decimals)}"
        if cap is not None
        else f"{kind} không giới hạn"
        for kind, cap in caps.items()
    ]
    given = len({one.unit for one in settings.adjustments})
    return f"{', '.join(told)}; áp dụng với {given} đơn vị." if given else NONE


# The department's decisions -----------------------------------------------------------------------


def _rulings(results: Results) -> Iterator[Line]:
    rulings = results.settings.rulings.items()
    said = [f"{code}: {TREATED[one.treatment]}{_bracketed(one.document)}" for code, one in rulings]
    yield from _listed("Trường hợp a = 0: xử lý", said)


def _exemptions(results: Results) -> Iterator[Line]:
    said = [_exempt(results, one) for one in results.settings.exemptions]
    yield from _listed("Không áp dụng", said, EXEMPTIONS)


def _exempt(results: Results, one: Exemption) -> str:
    unit = results.settings.unit_by_code.get(one.unit.lower())
    who = "Mọi đơn vị" if one.unit == "*" else unit.name if unit else one.unit
    why = "; ".join(filter(None, (one.reason, one.document)))
    return f"{who}: mục {one.code}{_bracketed(why)}"


def _bracketed(text: str) -> str:
    return f" ({text})" if text else ""


def _entered(results: Results) -> Iterator[Line]:
    units, given = len(results.settings.units), results.settings.survey
    said = [
        f"Mục {node.code}: đã có điểm của {sum(code == node.code for _, code in given)}/{units} đơn vị."
        for node in results.criteria.entered
    ]
    yield from _listed("Điểm do cơ quan chủ trì nhập", said)


# The appraisal, last year -------------------------------------------------------------------------


def _rounds(results: Results) -> Iterator[Line]:
    answers = results.appraisal.answers.values()
    for number in ROUNDS:
        own = [answer for answer in answers if answer.number == number and answer.points is not None]
        units = len({answer.unit for answer in own})
        words = f"{len(own)} điểm thẩm định của {units} đơn vị." if own else "Không có điểm thẩm định."
        yield f"Thẩm định lần {number}", words


def _last_year(results: Results) -> str:
    settings, compared = results.settings, results.comparison
    if compared is None:
        return "Không so sánh được." if settings.last_year else NONE
    units = sum(change.status == "compared" for change in compared.units.values())
    name = _file_name(settings.last_year)
    return f"{name}: so sánh được {units} đơn vị, {len(compared.leaves)} tiêu chí."


def _file_name(path: str) -> str:
    """Without folders: what was typed may tell of somebody's own computer."""
    return PureWindowsPath(path).name


# How it was made ----------------------------------------------------------------------------------


def _made(results: Results) -> Iterator[Line]:
    if results.provenance.made:
        yield "Ngày lập", f"{results.provenance.made:%d/%m/%Y}"
    yield "Phần mềm", ", ".join(f"{name} {version}" for name, version in software().items())


def source_lines(results: Results) -> Iterator[Line]:
    """Every file that the result rests on, with its hash; the forms stand on a sheet of their own."""
    last_year = results.settings.last_year
    said = [
        f"{_file_name(name) if name == last_year else name}: SHA-256 {digest}"
        for name, digest in results.provenance.sources.items()
    ]
    yield from _listed("Tệp nguồn", [RECEIVED, *said])
