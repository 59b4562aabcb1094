"""Register, 5xx: scoring."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = (
    entries(
        "error",
        {
            "PX502": (
                "Số liệu mâu thuẫn",
                "Số liệu mâu thuẫn ({facts}), nên chấm 0 điểm.",
                "Kiểm tra lại: {rule}",
            ),
        },
    )
    | entries(
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
            "PX510": (
                "Có điểm nhưng chưa có tài liệu kiểm chứng",
                "Tiêu chí được {points} điểm nhưng chưa ghi tài liệu kiểm chứng.",
                "Ghi số, ký hiệu, trích yếu văn bản chứng minh vào ô tài liệu kiểm chứng của tiêu chí.",
            ),
            "PX511": (
                "Điểm trong phiếu khác điểm tính lại",
                "Ô điểm của phiếu ghi {shown}; tính lại từ số liệu trong phiếu thì được {points}. "
                "Kết quả lấy theo số liệu.",
                "Đối chiếu bản giấy với kết quả; đề nghị đơn vị mở phiếu bằng Excel, bấm F9 và lưu lại.",
            ),
            "PX512": (
                "Phiếu chưa nhập số liệu",
                "Phiếu gửi về chưa nhập ô số liệu nào, nên chưa có điểm.",
                "Đề nghị đơn vị điền số liệu và gửi lại, tăng Lần nộp thêm 1.",
            ),
            "PX508": (
                "Chưa có điểm khảo sát",
                "Chưa có điểm khảo sát của đơn vị.",
                "Cơ quan chủ trì nhập điểm vào trang “Khảo sát”.",
            ),
            "PX509": (
                "Chưa chọn mức",
                "Chưa đánh dấu x vào dòng nào, nên chấm 0 điểm.",
                "Gõ x vào ô của đúng một dòng.",
            ),
        },
    )
    | entries(
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
