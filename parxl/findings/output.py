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
        "PX603": (
            "Chưa ghi được tệp của một đơn vị",
            "Chưa ghi được tệp của đơn vị này: {reason}. Tệp cũ (nếu có) còn nguyên; các đơn vị khác không bị "
            "ảnh hưởng.",
            "Chạy lại; nếu vẫn gặp lỗi này, gửi sổ điều hành và phiếu của đơn vị cho người phụ trách phần mềm.",
        ),
        "PX611": (
            "Các tệp ghi khác nhau",
            "Ô này để trống vì các tệp ghi khác nhau: {values}.",
            "Nhập lại giá trị đúng.",
        ),
        "PX614": (
            "Tài liệu kiểm chứng ghép lại quá dài",
            "Tài liệu kiểm chứng ghép lại dài hơn 32.767 ký tự, một ô Excel không chứa hết: {values}.",
            "Rút gọn nội dung trong các tệp này rồi gộp lại; chưa có tệp nào được ghi.",
        ),
        "PX615": (
            "Không cùng một phiếu",
            "Các tệp không phải là bản sao của cùng một phiếu đã phát: {values}.",
            "Chỉ gộp các bản của một phiếu đã phát cho một đơn vị; chưa có tệp nào được ghi.",
        ),
        "PX616": (
            "Không phải phiếu chấm điểm để gộp",
            "Tệp này là phiếu giải trình hoặc tệp tạm của chương trình bảng tính, không gộp được.",
            "Bỏ tệp này khỏi lệnh rồi chạy lại; chưa có tệp nào được ghi.",
        ),
        "PX617": (
            "Không có tệp cần gộp",
            "Không có tệp nào ở đường dẫn “{name}”.",
            "Kiểm tra lại tên tệp và đường dẫn; ghi từng tệp, không ghi tên thư mục.",
        ),
        "PX618": (
            "Không ghi đè lên tệp đã có",
            "Đã có tệp mang tên này; đó không phải là phiếu còn nguyên như parxl đã ghi, nên không ghi đè.",
            "Chuyển tệp sang nơi khác, hoặc ghi tên khác sau --out, rồi chạy lại.",
        ),
        "PX620": (
            "Bảng công bố đã được sửa hoặc lưu lại",
            "Tệp này khác với bảng công bố parxl đã ghi, có thể đã được điền ngày, ký hoặc lưu lại, nên không "
            "ghi đè.",
            "Đổi tên tệp hoặc chuyển tệp sang nơi khác, rồi chạy lại lệnh với tùy chọn --publish.",
        ),
        "PX619": (
            "Tệp ghi ra cũng là tệp cần gộp",
            "Phiếu gộp không được ghi đè lên một trong các tệp đem gộp.",
            "Ghi tên khác sau --out rồi chạy lại.",
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
        "PX613": (
            "Tài liệu kiểm chứng đã được ghép",
            "Các tệp ghi tài liệu kiểm chứng khác nhau: {values}.",
            "Ô này đã ghép đủ các dòng của mọi tệp; xem lại, bỏ phần không cần, nếu có.",
        ),
        "PX621": (
            "Bảng công bố không lập từ kết quả hiện nay",
            "Bảng công bố đang có khác với bảng lập từ kết quả hiện nay; tệp được giữ nguyên.",
            "Nếu cần bảng mới, chạy lại lệnh với tùy chọn --publish.",
        ),
        "PX622": (
            "Bảng công bố còn kết quả chưa chính thức",
            "Bảng công bố có {provisional} đơn vị tạm tính và {without} đơn vị chưa có kết quả.",
            "Xử lý xong các đơn vị này, rồi lập lại bảng trước khi công bố.",
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
