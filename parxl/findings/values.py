"""Register, 4xx: what was typed into a form."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = (
    entries(
        "error",
        {
            "PX401": (
                "Không phải số",
                "Ô số liệu “{label}” ghi “{value}”, không phải là một con số.",
                "{hint} Trong ô chỉ ghi con số.",
            ),
            "PX402": (
                "Số lẻ",
                "Ô số liệu “{label}” ghi {value}, không phải là {wanted}.",
                "{hint} Không nhập tỷ lệ hoặc phần trăm.",
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
                "Ô số liệu “{label}” chứa ngày, giờ ({value}), không phải là một con số.",
                "{hint} Nhập lại số liệu; nếu là hai số, hãy nhập mỗi số vào ô của số đó.",
            ),
            "PX407": (
                "Dấu chọn không rõ",
                "Ô chọn “{label}” ghi “{value}”, không phải dấu x.",
                "{hint} Dòng được chọn ghi x, các dòng khác để trống.",
            ),
            "PX414": (
                "Phần trăm trong ô số liệu",
                "Ô số liệu “{label}” ghi {value}, là tỷ lệ phần trăm, không phải số liệu gốc.",
                "Nhập chính số liệu được hỏi; tỷ lệ phần trăm được tính tự động.",
            ),
        },
    )
    | entries(
        "warning",
        {
            "PX408": (
                "Công thức trong ô ghi chữ",
                "Ô để ghi chữ này chứa công thức; chữ của công thức được giữ lại, không được tính.",
                "Gõ lại nội dung dưới dạng chữ.",
            ),
            "PX413": (
                "Số trùng với một ngày",
                "Ô số liệu “{label}” ghi {value}, trùng với số mà Excel và LibreOffice dùng cho ngày {day}; "
                "nếu đã gõ {typed} thì chương trình tự đổi thành số này. Số liệu vẫn được giữ và tính điểm.",
                "Kiểm tra lại ô này; nếu đúng là {value} thì không cần sửa.",
            ),
        },
    )
    | entries(
        "note",
        {
            "PX411": (
                "Số ghi dạng chữ",
                "Ô số liệu “{label}” ghi dạng chữ “{value}”, được hiểu là {number}.",
                "Nếu hiểu như vậy không đúng, hãy nhập lại số liệu.",
            ),
            "PX412": (
                "Chữ viết rời dấu",
                "Tài liệu kiểm chứng được đưa về Unicode dựng sẵn (NFC).",
                "Không cần làm gì.",
            ),
            "PX415": (
                "Dấu x kèm ký tự ẩn",
                "Ô chọn “{label}” có ký tự ẩn hoặc khoảng trắng lạ bên cạnh dấu x, được hiểu là x.",
                "Nếu không chọn dòng này, hãy xóa trống ô.",
            ),
        },
    )
)
