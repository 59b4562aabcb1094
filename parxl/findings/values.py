"""Register, 4xx: what was typed into a form."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = (
    entries(
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
        },
    )
    | entries(
        "warning",
        {
            "PX408": (
                "Công thức trong ô tài liệu kiểm chứng",
                "Ô tài liệu kiểm chứng chứa công thức; chữ của công thức được giữ lại, không được tính.",
                "Gõ lại nội dung dưới dạng chữ.",
            ),
        },
    )
    | entries(
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
)
