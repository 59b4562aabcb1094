"""The sheets and columns of the control workbook ``dot-cham.xlsx``, once, for its writer and its reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from parxl.campaign import TIES, TREATMENTS
from parxl.letters import LETTERS, Letter

SETTINGS, UNITS, EXEMPT, RULINGS, SURVEY, ADJUSTMENTS, BANDS, MAIL = (
    "Đợt chấm",
    "Đơn vị",
    "Không áp dụng",
    "Trường hợp a = 0",
    "Khảo sát",
    "Điểm cộng, điểm trừ",
    "Xếp loại",
    "Thư",
)
NOT_IN_OLD = frozenset([ADJUSTMENTS])  # sheets that workbooks of earlier versions do not have
LISTS = "Danh mục"
ITEM, VALUE = "Mục", "Giá trị"

# Items of the sheet *Thư*; those of the letters are named in ``letters.LETTERS``.
SERVER, PORT, SECURITY, ACCOUNT, SENDER = "Máy chủ SMTP", "Cổng", "Bảo mật", "Tài khoản", "Người gửi"
SENDER_NAME, LEAGUE_TO, PAUSE = "Tên người gửi", "Nơi nhận bảng xếp hạng", "Nghỉ giữa hai thư (giây)"
CLEAR_TEXT = "không"
SECURITIES = ("TLS", "STARTTLS", CLEAR_TEXT)
LONGEST_PAUSE = 600  # seconds


@dataclass(frozen=True)
class Column:
    """One column: its heading, width, and the comment that explains it. Codes are kept as text.

    ``optional``: workbooks of earlier versions do not have it.
    """

    name: str
    width: float
    comment: str
    kind: Literal["text", "code", "date", "number", "signed"] = "text"
    choices: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Item:
    """One line of a Mục/Giá trị sheet. ``letter``: a text of many lines."""

    name: str
    comment: str
    kind: Literal["text", "date", "number", "letter"] = "text"
    choices: tuple[str, ...] = ()


UNIT_CODE = Column(
    "Mã đơn vị", 16, "Mã đơn vị như trong trang “Đơn vị”. Ghi * nếu áp dụng cho mọi đơn vị.", "code"
)
ONE_UNIT = Column("Mã đơn vị", 16, "Mã đơn vị như trong trang “Đơn vị”.", "code")
CRITERION = Column("Mã tiêu chí", 16, "Mã như trong trang “Danh mục”, ví dụ 3.4.2 hoặc 3.2.3/huyen.", "code")
DOCUMENT = Column("Văn bản căn cứ", 40, "Số, ký hiệu, ngày, trích yếu văn bản.")

TABLES: dict[str, tuple[Column, ...]] = {
    UNITS: (
        Column(
            "Mã đơn vị",
            16,
            "Bắt buộc, không trùng, là tên tệp phiếu: chữ không dấu, số, . - _ (tối đa 40 ký tự). "
            "Ví dụ: cuc-thue, KBNN.01.",
            "code",
        ),
        Column("Tên đơn vị", 42, "Bắt buộc. Ví dụ: Cục Thuế tỉnh Hà Tĩnh."),
        Column("Khối", 34, "Các khối được xếp hạng riêng. Để trống nếu chỉ có một khối."),
        Column("Email", 30, "Một hoặc nhiều địa chỉ, cách nhau bằng dấu chấm phẩy."),
        Column("Ngày nộp", 14, "Ngày nhận phiếu (ngày/tháng/năm), nếu cần theo dõi.", "date"),
        Column(
            "Tệp chính thức",
            28,
            "Chỉ ghi khi đơn vị nộp nhiều phiếu mâu thuẫn nhau: tên tệp được công nhận trong 2-nop.",
        ),
        Column("Mã năm trước", 16, "Mã của đơn vị trong đợt trước, nếu khác.", "code"),
        Column("Cơ quan chủ quản", 34, "In ở góc trái phiếu. Để trống: dùng Cơ quan chủ quản của đợt chấm."),
        Column("Chức vụ người ký", 24, "In ở phần ký. Ví dụ: Cục trưởng."),
        Column("Người ký", 24, "Họ tên in dưới chữ ký. Có thể để trống."),
    ),
    EXEMPT: (
        UNIT_CODE,
        CRITERION,
        Column("Lý do", 44, "Vì sao không áp dụng. Điểm này rời cả điểm đạt và điểm tối đa của đơn vị."),
        DOCUMENT,
    ),
    RULINGS: (
        CRITERION,
        Column(
            "Xử lý",
            18,
            "Khi không phát sinh (a = 0) mà quyết định không nói: đủ điểm, 0 điểm hoặc không áp dụng.",
            choices=tuple(TREATMENTS),
        ),
        DOCUMENT,
    ),
    SURVEY: (
        ONE_UNIT,
        Column("Điểm", 12, "Điểm khảo sát (điều tra xã hội học) do cơ quan chủ trì nhập.", "number"),
        Column(
            "Mã tiêu chí",
            16,
            "Tiêu chí do cơ quan chủ trì nhập điểm. Để trống nếu bộ tiêu chí chỉ có một tiêu chí như vậy.",
            "code",
            optional=True,
        ),
    ),
    ADJUSTMENTS: (
        ONE_UNIT,
        Column("Điểm", 12, "Số dương là điểm cộng, số âm là điểm trừ. Ví dụ: 1,5 hoặc -0,5.", "signed"),
        Column("Lý do", 44, "Bắt buộc. Ghi trong kết quả của đơn vị."),
        Column("Văn bản căn cứ", 40, "Bắt buộc. Số, ký hiệu, ngày, trích yếu văn bản."),
    ),
    BANDS: (
        Column("Khối", 34, "Tên khối, hoặc * cho mọi khối."),
        Column("Xếp loại", 22, "Ví dụ: Tốt."),
        Column("Từ", 12, "Chỉ số CCHC (%) từ mức này trở lên, ví dụ 90.", "number"),
    ),
}


def _letter_items(letter: Letter) -> tuple[Item, Item]:
    """Subject and text of one kind of letter, with what may stand in braces there."""
    names = "; ".join(f"{{{name}}}" for name in letter.placeholders)
    usable = f"Chỗ điền dùng được: {names}."
    return (
        Item(letter.subject_item, f"Một dòng. Để trống: dùng tiêu đề có sẵn của parxl. {usable}"),
        Item(
            letter.body_item,
            "Để trống: dùng nội dung có sẵn của parxl. Xuống dòng bằng Alt+Enter. Dòng có chỗ điền mà không "
            f"có gì để điền thì được bỏ cả dòng. {usable}",
            "letter",
        ),
    )


ITEMS: dict[str, tuple[Item, ...]] = {
    SETTINGS: (
        Item("Tên đợt chấm", "Bắt buộc. In ở đầu phiếu và các bảng kết quả."),
        Item("Năm", "Bắt buộc. Năm được chấm điểm.", "number"),
        Item("Cơ quan chủ quản", "In ở góc trái phiếu, ví dụ UBND TỈNH HÀ TĨNH."),
        Item("Cơ quan chủ trì", "Cơ quan tổ chức chấm điểm, ví dụ Sở Nội vụ."),
        Item("Địa danh", "In trước ngày tháng, ví dụ Hà Tĩnh."),
        Item("Hạn nộp", "Ngày/tháng/năm cuối cùng nhận phiếu.", "date"),
        Item(
            "Kiểu đồng hạng",
            "1-1-3: hai đơn vị cùng hạng 1 thì đơn vị sau hạng 3; 1-1-2: đơn vị sau hạng 2.",
            choices=tuple(TIES),
        ),
        Item(
            "Công thức đã đối chiếu",
            "Ghi văn bản hoặc người đã đối chiếu các công thức khôi phục với bản gốc. Để trống: phiếu "
            "và kết quả ghi “Công thức tạm khôi phục, chờ đối chiếu với bản gốc”.",
        ),
        Item("Kết quả năm trước", "Đường dẫn đến ket-qua.json hoặc bang-xep-hang.xlsx của đợt trước, nếu có."),
        Item("Trần điểm cộng", "Tổng điểm cộng tối đa của một đơn vị. Để trống: không giới hạn.", "number"),
        Item("Trần điểm trừ", "Tổng điểm trừ tối đa của một đơn vị. Để trống: không giới hạn.", "number"),
    ),
    MAIL: (
        Item(SERVER, "Ví dụ: mail.hatinh.gov.vn."),
        Item(PORT, "Ví dụ: 587.", "number"),
        Item(
            SECURITY,
            "TLS (thường là cổng 465), STARTTLS (thường là cổng 587), hoặc không (chỉ với máy chủ không cần "
            "đăng nhập).",
            choices=SECURITIES,
        ),
        Item(ACCOUNT, "Để trống nếu máy chủ không cần đăng nhập. Mật khẩu không ghi ở đây."),
        Item(SENDER, "Địa chỉ thư điện tử của cơ quan chủ trì; đơn vị trả lời thư về địa chỉ này."),
        Item(SENDER_NAME, "Tên hiện bên cạnh địa chỉ người gửi. Để trống: dùng Cơ quan chủ trì."),
        Item(LEAGUE_TO, "Một hoặc nhiều địa chỉ, cách nhau bằng dấu chấm phẩy. Để trống: không gửi."),
        Item(PAUSE, f"Số giây, từ 0 đến {LONGEST_PAUSE}. Để trống: 1 giây.", "number"),
        *(item for letter in LETTERS.values() for item in _letter_items(letter)),
    ),
}
