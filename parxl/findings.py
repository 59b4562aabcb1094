"""The register of coded messages, findings that stand at a place, and parxl's own exceptions.

A code never changes its meaning. Every message is one Vietnamese sentence that says what is wrong
and one that says what to do; the place (file, sheet, cell, criterion) is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
SEVERITY_NAMES = {"error": "Lỗi", "warning": "Cảnh báo", "note": "Ghi chú"}


@dataclass(frozen=True)
class Kind:
    """One entry of the register. ``sentence`` and ``remedy`` are filled in from a finding's facts."""

    severity: Severity
    name: str
    sentence: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """One message at its place; ``message`` is the sentence and the remedy, ready to read."""

    code: str
    severity: Severity
    message: str
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    criterion: str | None = None

    @property
    def place(self) -> str:
        """``tệp › trang!ô › mục 1.6``, as far as it is known."""
        cell = f"!{self.cell}" if self.sheet and self.cell else (self.cell or "")
        parts = [self.file, (self.sheet or "") + cell]
        parts.append(f"mục {self.criterion}" if self.criterion else None)
        return " › ".join(part for part in parts if part)

    def __str__(self) -> str:
        head = f"[{self.code}] {SEVERITY_NAMES[self.severity]}"
        return f"{head} – {self.place}: {self.message}" if self.place else f"{head}: {self.message}"


class ParxlError(Exception):
    """parxl could not do what was asked; carries every finding that says why."""

    exit_code = 1

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(findings)
        super().__init__("\n".join(str(f) for f in self.findings))


class WrongUsage(ParxlError):
    """The command was called with something that does not exist or does not fit."""

    exit_code = 2


class NothingUsable(ParxlError):
    """What parxl was given to work on (a set, a control workbook, forms) cannot be used."""

    exit_code = 4


def finding(
    code: str,
    /,
    *,
    file: str | None = None,
    sheet: str | None = None,
    cell: str | None = None,
    criterion: str | None = None,
    **facts: Any,
) -> Finding:
    """A finding of the registered kind ``code``; ``facts`` fill in its sentence. KeyError if unknown."""
    kind = REGISTER[code]
    message = f"{kind.sentence} {kind.remedy}".format(**facts)
    return Finding(code, kind.severity, message, file, sheet, cell, criterion)


def _entries(severity: Severity, rows: dict[str, tuple[str, str, str]]) -> dict[str, Kind]:
    return {code: Kind(severity, *row) for code, row in rows.items()}


# 1xx: criteria sets -------------------------------------------------------------------------------
_SETS = _entries(
    "error",
    {
        "PX101": (
            "Không có bộ tiêu chí này",
            "Không tìm thấy bộ tiêu chí “{name}”.",
            "Chọn một trong các bộ: {known}; hoặc ghi đường dẫn đến một tệp .toml.",
        ),
        "PX102": (
            "Tệp TOML sai cú pháp",
            "Tệp không đúng cú pháp TOML ở dòng {line}, cột {column}.",
            "Sửa dòng này rồi chạy lại.",
        ),
        "PX103": (
            "Thiếu khóa",
            "Thiếu khóa “{key}”{where}.",
            "Bổ sung khóa này vào tệp.",
        ),
        "PX104": (
            "Khóa không được biết",
            "Khóa “{key}” không có trong mẫu bộ tiêu chí{where}.",
            "Xóa hoặc sửa lại tên khóa.",
        ),
        "PX105": (
            "Giá trị không hợp lệ",
            "Giá trị của khóa “{key}” không hợp lệ{where}: {value}.",
            "Cần {expected}.",
        ),
        "PX106": (
            "Trùng mã",
            "Mã “{name}” được dùng hai lần.",
            "Mỗi tiêu chí, số liệu phải có mã riêng.",
        ),
        "PX107": (
            "Thiếu cấp trên",
            "Tiêu chí {code} không có lĩnh vực hoặc tiêu chí cấp trên nào đứng trước.",
            'Thêm mục cấp trên (rule = "group") trước tiêu chí này, hoặc sửa mã.',
        ),
        "PX108": (
            "Tổng điểm không khớp",
            "Điểm tối đa là {found} nhưng các mục bên trong cộng lại được {wanted}.",
            "Sửa điểm tối đa hoặc điểm của các mục bên trong.",
        ),
        "PX109": (
            "Mục trống",
            "Mục này là lĩnh vực hoặc nhóm nhưng không có tiêu chí nào bên trong.",
            "Thêm tiêu chí hoặc bỏ mục này.",
        ),
        "PX110": (
            "Quá nhiều chữ số thập phân",
            "Số điểm {points} có nhiều hơn {decimals} chữ số thập phân.",
            "Viết lại số điểm theo đúng số chữ số thập phân của bộ tiêu chí.",
        ),
        "PX111": (
            "Các mức không phủ hết",
            "Các mức điểm không có mức bắt đầu từ 0, nên có kết quả không thuộc mức nào.",
            "Thêm một dòng band có from = 0.",
        ),
        "PX112": (
            "Hai mức cùng điểm bắt đầu",
            "Có hai mức cùng bắt đầu từ {start}.",
            "Mỗi mức phải có from khác nhau.",
        ),
        "PX113": (
            "Dòng sai loại",
            "Loại dòng “{kind}” không dùng được cho cách chấm “{rule}”.",
            "Dùng loại dòng phù hợp với cách chấm.",
        ),
        "PX114": (
            "Điểm cao nhất không khớp",
            "Điểm tối đa là {found} nhưng mức cao nhất của cách chấm được {wanted}.",
            "Sửa điểm tối đa hoặc điểm của các mức.",
        ),
        "PX115": (
            "Sai tập số liệu",
            "Cách chấm này cần đúng các số liệu {wanted}, nhưng tệp có: {found}.",
            "Sửa các dòng input cho đúng.",
        ),
        "PX117": (
            "Thiếu phương án",
            "Cách chấm choice cần ít nhất hai dòng option.",
            "Thêm các dòng option theo quyết định.",
        ),
        "PX118": (
            "Thiếu cách xử lý “Không phát sinh”",
            "Dòng none và khóa none = … phải có cùng nhau, mỗi thứ một lần.",
            "Thêm phần còn thiếu hoặc bỏ cả hai.",
        ),
        "PX119": (
            "Tham chiếu không tồn tại",
            "Không có số liệu “{name}” trong bộ tiêu chí này{where}.",
            "Ghi đúng mã số liệu, ví dụ 2.1.1/a.",
        ),
        "PX120": (
            "Số liệu khác số chữ số thập phân",
            "Các số liệu của một cách chấm phải có cùng số chữ số thập phân.",
            "Ghi cùng một giá trị decimals cho các dòng input.",
        ),
        "PX121": (
            "Tỷ lệ trên 100%",
            "Mức điểm bắt đầu từ tỷ lệ lớn hơn 100% thì không bao giờ đạt được.",
            "Sửa from thành số từ 0 đến 100.",
        ),
        "PX122": (
            "Mức đếm sai",
            "Cách chấm count chỉ nhận số nguyên, không có at, không có chữ số thập phân.",
            "Sửa from thành số nguyên và bỏ at, decimals.",
        ),
        "PX123": (
            "Sai số hạng",
            "Cách chấm weighted cần đúng hai dòng term, lần lượt cho b và c.",
            "Sửa các dòng term.",
        ),
        "PX124": (
            "Danh mục trống",
            "Cách chấm checklist không có dòng item nào.",
            "Thêm các dòng item.",
        ),
        "PX125": (
            "Thiếu mức cuối",
            "Cách chấm tiers phải có dòng tier cuối cùng với when = [].",
            "Thêm dòng tier cuối cho các trường hợp còn lại.",
        ),
        "PX126": (
            "Điều kiện sai",
            "Điều kiện của dòng tier nói đến một phương án không tồn tại.",
            "Sửa số thứ tự option trong when.",
        ),
        "PX127": (
            "Không phải chuỗi NFC",
            "Chữ tiếng Việt ở đây không ở dạng Unicode dựng sẵn (NFC) hoặc có khoảng trắng thừa.",
            "Gõ lại bằng bảng mã Unicode dựng sẵn và bỏ khoảng trắng thừa: {text}.",
        ),
        "PX128": (
            "Không đọc được tệp",
            "Không đọc được tệp bộ tiêu chí: {reason}.",
            "Kiểm tra đường dẫn, quyền đọc và bảng mã UTF-8 của tệp.",
        ),
    },
)

# 2xx: the campaign folder and its control workbook -----------------------------------------------
_CAMPAIGN = _entries(
    "error",
    {
        "PX201": (
            "Không phải thư mục đợt chấm",
            "Thư mục “{name}” không phải là thư mục đợt chấm (không có {missing}).",
            "Tạo đợt chấm bằng lệnh: parxl new THƯ_MỤC --set MÃ_BỘ_TIÊU_CHÍ.",
        ),
        "PX202": (
            "Thư mục đã có đợt chấm",
            "Thư mục đã có “{name}”, nên không tạo đợt chấm mới để khỏi ghi đè.",
            "Chọn một thư mục khác còn trống.",
        ),
        "PX203": (
            "Không đọc được sổ điều hành",
            "Không mở được sổ điều hành: {reason}.",
            "Mở tệp bằng Excel, lưu lại dạng .xlsx rồi chạy lại.",
        ),
        "PX204": (
            "Thiếu trang",
            "Sổ điều hành không có trang “{name}”.",
            "Khôi phục trang này với đúng tên và tiêu đề cột.",
        ),
        "PX205": (
            "Thiếu cột",
            "Trang không có cột “{name}” ở dòng tiêu đề.",
            "Ghi lại đúng tên cột ở dòng 1.",
        ),
        "PX206": (
            "Danh sách đơn vị trống",
            "Trang Đơn vị chưa có đơn vị nào.",
            "Nhập mã và tên từng đơn vị, mỗi đơn vị một dòng, từ dòng 2.",
        ),
        "PX207": (
            "Mã đơn vị không hợp lệ",
            "Mã đơn vị “{value}” không hợp lệ.",
            "Mã gồm chữ không dấu, số, dấu chấm, gạch ngang, gạch dưới; bắt đầu bằng chữ hoặc số; "
            "tối đa 40 ký tự; không kết thúc bằng dấu chấm; không trùng tên dành riêng của Windows.",
        ),
        "PX208": (
            "Trùng mã đơn vị",
            "Mã đơn vị “{value}” trùng với dòng {row} (không phân biệt chữ hoa, chữ thường).",
            "Đặt cho mỗi đơn vị một mã riêng.",
        ),
        "PX209": (
            "Thiếu thông tin",
            "Chưa ghi “{name}”.",
            "Nhập vào ô này.",
        ),
        "PX210": (
            "Giá trị không hợp lệ",
            "Giá trị “{value}” của “{name}” không hợp lệ.",
            "Cần {expected}.",
        ),
        "PX211": (
            "Mã không có trong danh sách",
            "“{value}” không phải là {what}.",
            "Chọn mã có trong {where}.",
        ),
        "PX212": (
            "Khai báo hai lần",
            "Nội dung này đã được khai báo ở dòng {row}.",
            "Chỉ giữ lại một dòng.",
        ),
        "PX213": (
            "Có công thức trong sổ điều hành",
            "Ô này chứa công thức hoặc giá trị lỗi, không phải giá trị đã nhập.",
            "Dán lại dưới dạng giá trị (Paste Values).",
        ),
        "PX214": (
            "Đợt chấm đang được xử lý",
            "Một lệnh parxl khác đang làm việc với thư mục này.",
            "Chờ lệnh đó kết thúc rồi chạy lại.",
        ),
        "PX215": (
            "Bộ tiêu chí đã đổi sau khi phát phiếu",
            "Phiếu đã phát theo phiên bản {old} của bộ tiêu chí, nay bo-tieu-chi.toml là phiên bản {new}.",
            "Khôi phục bo-tieu-chi.toml, hoặc tạo đợt chấm mới.",
        ),
        "PX217": (
            "Sổ phát hành hỏng",
            "Tệp {name} không đọc được hoặc không đúng cấu trúc.",
            "Khôi phục tệp từ bản sao lưu; không xóa, vì số sê-ri của các phiếu đã phát nằm trong đó.",
        ),
    },
) | _entries(
    "warning",
    {
        "PX216": (
            "Sổ điều hành đang mở",
            "Sổ điều hành đang được mở trong Excel (có tệp {name}); sửa đổi chưa lưu không được tính.",
            "Lưu và đóng sổ điều hành, rồi chạy lại.",
        ),
        "PX218": (
            "Đã thôi dùng phiếu",
            "Đơn vị “{value}” có trong sổ phát hành nhưng không còn trong danh sách.",
            "Kiểm tra lại trang Đơn vị nếu đây là nhầm lẫn.",
        ),
    },
)

# 3xx: files that came back ------------------------------------------------------------------------
_FILES = (
    _entries(
        "error",
        {
            "PX301": (
                "Không mở được tệp",
                "Không đọc được tệp như một sổ tính Excel .xlsx: {reason}.",
                "Đề nghị đơn vị mở phiếu gốc bằng Excel, lưu lại dạng .xlsx và gửi lại.",
            ),
            "PX302": (
                "Không phải phiếu chấm điểm",
                "Tệp không phải là phiếu chấm điểm do parxl phát hành.",
                "Đề nghị đơn vị điền vào đúng phiếu đã nhận và gửi lại.",
            ),
            "PX303": (
                "Phiếu của bộ tiêu chí khác",
                "Phiếu thuộc bộ tiêu chí hoặc phiên bản khác ({found}; đợt này dùng {wanted}).",
                "Đề nghị đơn vị điền vào phiếu của đợt chấm này.",
            ),
            "PX304": (
                "Phiếu của đợt chấm khác",
                "Phiếu thuộc đợt chấm khác ({found}).",
                "Đề nghị đơn vị điền vào phiếu của đợt chấm này.",
            ),
            "PX305": (
                "Đơn vị không có trong danh sách",
                "Phiếu ghi mã đơn vị “{unit}”, không có trong trang Đơn vị.",
                "Kiểm tra danh sách đơn vị hoặc đề nghị đơn vị gửi đúng phiếu.",
            ),
            "PX306": (
                "Mã đơn vị và số sê-ri không khớp",
                "Số sê-ri của phiếu không phải là số đã phát cho đơn vị “{unit}”.",
                "Phiếu có thể được chép từ đơn vị khác; đề nghị đơn vị điền vào đúng phiếu đã nhận.",
            ),
            "PX307": (
                "Phiếu mất dòng",
                "Không tìm thấy dòng “{key}” của bảng điểm trong phiếu.",
                "Đề nghị đơn vị chép số liệu sang một phiếu mới và gửi lại.",
            ),
            "PX308": (
                "Các phiếu mâu thuẫn nhau",
                "Đơn vị có nhiều phiếu cùng Lần nộp {submission} nhưng khác nội dung ({files}); "
                "khác nhau ở: {cells}.",
                "Ghi tên tệp được công nhận vào cột Tệp chính thức của trang Đơn vị.",
            ),
            "PX309": (
                "Không có tệp chính thức",
                "Tệp chính thức “{name}” ghi trong trang Đơn vị không có hoặc không dùng được.",
                "Sửa tên tệp, hoặc xóa ô để parxl lấy lần nộp cao nhất.",
            ),
            "PX310": (
                "Dòng bị lặp",
                "Dòng “{key}” của bảng điểm có mặt nhiều lần trong phiếu.",
                "Đề nghị đơn vị chép số liệu sang một phiếu mới và gửi lại.",
            ),
            "PX311": (
                "Thông tin nhận dạng bị sửa",
                "Thông tin nhận dạng trong phiếu không thống nhất ({facts}).",
                "Đề nghị đơn vị điền vào đúng phiếu đã nhận và gửi lại.",
            ),
            "PX312": (
                "Tệp có macro",
                "Tệp có chứa macro (vbaProject) nên không được đọc.",
                "Đề nghị đơn vị lưu phiếu dạng .xlsx và gửi lại.",
            ),
        },
    )
    | _entries(
        "warning",
        {
            "PX320": (
                "Lần nộp không hợp lệ",
                "Ô Lần nộp ghi “{value}”, không phải số nguyên từ 1 đến 99; được coi là lần 1.",
                "Kiểm tra lại thứ tự các lần nộp của đơn vị.",
            ),
            "PX323": (
                "Mất sổ phát hành",
                "Không có tệp phat-hanh.json nên không đối chiếu được đợt chấm và số sê-ri của phiếu.",
                "Khôi phục tệp từ bản sao lưu nếu có.",
            ),
        },
    )
    | _entries(
        "note",
        {
            "PX321": (
                "Phiếu đã được thay",
                "Phiếu này được thay bằng tệp {name} (Lần nộp {submission}).",
                "Không cần làm gì.",
            ),
            "PX322": (
                "Phiếu trùng",
                "Tệp này giống hệt tệp {name}.",
                "Không cần làm gì.",
            ),
            "PX324": (
                "Bỏ qua tệp tạm",
                "Đây là tệp tạm hoặc tệp khóa của chương trình bảng tính.",
                "Không cần làm gì.",
            ),
            "PX325": (
                "Câu chữ bộ tiêu chí có khác",
                "Phiếu phát hành trước khi câu chữ của bộ tiêu chí được sửa; cách chấm không đổi.",
                "Không cần làm gì.",
            ),
        },
    )
)

# 4xx: what was typed into a form ------------------------------------------------------------------
_VALUES = _entries(
    "error",
    {
        "PX401": (
            "Không phải số",
            "Ô số liệu “{label}” ghi “{value}”, không phải là số.",
            "Nhập một số nguyên từ 0 đến 1.000.000.000; nhập 0 nếu không có.",
        ),
        "PX402": (
            "Số lẻ",
            "Ô số liệu “{label}” ghi {value}, không phải số có tối đa {decimals} chữ số thập phân.",
            "Nhập lại số liệu đếm được, không nhập tỷ lệ hoặc phần trăm.",
        ),
        "PX403": (
            "Số ngoài phạm vi",
            "Ô số liệu “{label}” ghi {value}, ngoài phạm vi từ 0 đến 1.000.000.000.",
            "Nhập lại số liệu đúng.",
        ),
        "PX404": (
            "Công thức trong ô số liệu",
            "Ô số liệu “{label}” chứa công thức, không phải giá trị đã nhập.",
            "Nhập thẳng con số (hoặc dấu x) vào ô.",
        ),
        "PX405": (
            "Giá trị lỗi",
            "Ô số liệu “{label}” có giá trị lỗi {value}.",
            "Nhập lại số liệu vào ô.",
        ),
        "PX406": (
            "Ngày tháng trong ô số liệu",
            "Ô số liệu “{label}” chứa ngày tháng ({value}), không phải số.",
            "Nhập lại số liệu; nếu định gõ phân số hoặc tỷ lệ, hãy nhập riêng từng số.",
        ),
        "PX407": (
            "Dấu chọn không rõ",
            "Ô chọn “{label}” ghi “{value}”, không phải dấu x.",
            "Gõ x vào ô của dòng được chọn, để trống các ô khác.",
        ),
        "PX408": (
            "Công thức trong ô tài liệu kiểm chứng",
            "Ô tài liệu kiểm chứng chứa công thức nên nội dung không được ghi nhận.",
            "Gõ lại nội dung dưới dạng chữ.",
        ),
    },
) | _entries(
    "note",
    {
        "PX411": (
            "Số ghi dạng chữ",
            "Ô số liệu “{label}” ghi dạng chữ “{value}”, được hiểu là {number}.",
            "Kiểm tra lại nếu không đúng.",
        ),
        "PX412": (
            "Chữ viết rời dấu",
            "Tài liệu kiểm chứng được đưa về Unicode dựng sẵn (NFC).",
            "Không cần làm gì.",
        ),
    },
)

# 5xx: scoring -------------------------------------------------------------------------------------
_SCORING = (
    _entries(
        "error",
        {
            "PX502": (
                "Số liệu mâu thuẫn",
                "Số liệu mâu thuẫn ({facts}), nên chấm 0 điểm.",
                "Kiểm tra lại: {rule}",
            ),
        },
    )
    | _entries(
        "warning",
        {
            "PX501": (
                "Còn thiếu số liệu",
                "Chưa nhập {labels}, nên chấm 0 điểm.",
                "Nhập số liệu còn thiếu; nhập 0 nếu không có.",
            ),
            "PX504": (
                "Chờ hướng dẫn",
                "{case}: quyết định không quy định điểm cho trường hợp này, nên đang chờ hướng dẫn.",
                "Cơ quan chủ trì ghi cách xử lý vào trang “Trường hợp a = 0”.",
            ),
            "PX505": (
                "Số liệu trái với “không được giao”",
                "Mục {code} ghi a = 0 (không được giao), nhưng ở đây có số liệu trái với điều đó.",
                "Kiểm tra lại số liệu; điểm vẫn tính theo mục {code}.",
            ),
            "PX506": (
                "Số liệu giữa các mục không khớp",
                "{text}",
                "{remedy}",
            ),
            "PX508": (
                "Chưa có điểm khảo sát",
                "Chưa có điểm khảo sát của đơn vị.",
                "Cơ quan chủ trì nhập điểm vào trang “Khảo sát”.",
            ),
        },
    )
    | _entries(
        "note",
        {
            "PX503": (
                "Ô trống được tính là 0",
                "Ô “{label}” để trống, được tính là 0 vì b = a.",
                "Không cần làm gì.",
            ),
            "PX507": (
                "Số liệu của mục không áp dụng",
                "Mục này không áp dụng cho đơn vị ({reason}); số liệu đã nhập không được tính.",
                "Không cần làm gì.",
            ),
        },
    )
)

# 6xx: writing -------------------------------------------------------------------------------------
_WRITING = _entries(
    "error",
    {
        "PX601": (
            "Không ghi được tệp",
            "Không ghi được tệp: {reason}. Tệp cũ (nếu có) còn nguyên.",
            "Đóng tệp nếu đang mở trong Excel, kiểm tra quyền ghi và dung lượng đĩa, rồi chạy lại.",
        ),
        "PX602": (
            "Chưa phát phiếu",
            "Chưa phát phiếu cho đợt chấm này.",
            "Chạy lệnh parxl forms trước.",
        ),
    },
)

# 9xx: parxl itself --------------------------------------------------------------------------------
_ITSELF = _entries(
    "error",
    {
        "PX901": (
            "Lỗi của parxl",
            "parxl gặp lỗi ngoài dự kiến ({reason}).",
            "Gửi thông báo này và tệp liên quan cho người phụ trách parxl. Dữ liệu đã có không bị mất.",
        ),
        "PX902": (
            "Sai cách gọi lệnh",
            "{text}",
            "Xem hướng dẫn bằng: {command} --help.",
        ),
        "PX903": (
            "Đã dừng",
            "Lệnh đã dừng theo yêu cầu; các tệp đã ghi còn nguyên.",
            "Chạy lại lệnh để làm tiếp.",
        ),
    },
)

REGISTER: dict[str, Kind] = _SETS | _CAMPAIGN | _FILES | _VALUES | _SCORING | _WRITING | _ITSELF
