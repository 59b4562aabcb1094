"""Register, 6xx: writing, and parxl itself."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = entries(
    "error",
    {
        "PX601": (
            "Không ghi được tệp",
            "Không ghi được tệp: {reason}. Tệp cũ (nếu có) còn nguyên.",
            "Đóng tệp nếu đang mở trong Excel, kiểm tra quyền ghi và dung lượng đĩa, rồi chạy lại.",
        ),
        "PX602": (
            "Phiếu trong 1-phieu đã bị sửa",
            "Phiếu này khác với phiếu parxl đã phát, có thể có người đã nhập vào, nên không ghi đè.",
            "Chuyển tệp sang thư mục khác (2-nop nếu là phiếu đã điền), rồi chạy lại.",
        ),
    },
)

KINDS |= entries(
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
