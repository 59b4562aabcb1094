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
            "Phiếu đã có người nhập",
            "Phiếu này khác với phiếu parxl đã ghi, có thể có người đã nhập vào, nên không ghi đè, không xóa.",
            "Chuyển tệp sang thư mục khác (2-nop nếu là phiếu đã điền), rồi chạy lại.",
        ),
        "PX611": (
            "Các tệp ghi khác nhau",
            "Ô này để trống vì các tệp ghi khác nhau: {values}.",
            "Nhập lại giá trị đúng.",
        ),
    },
)

KINDS |= entries(
    "warning",
    {
        "PX612": (
            "Tài liệu kiểm chứng ghi khác nhau",
            "Các tệp ghi tài liệu kiểm chứng khác nhau: {values}.",
            "Ô này giữ nội dung của tệp có ghi đầu tiên; bổ sung phần còn thiếu, nếu có.",
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
