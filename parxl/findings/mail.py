"""Register, 8xx: mail."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = (
    entries(
        "error",
        {
            "PX802": (
                "Chưa có phiếu để gửi",
                "Không có phiếu để gửi cho đơn vị “{unit}”.",
                "Chạy lệnh parxl forms, rồi chạy lại lệnh này.",
            ),
            "PX803": (
                "Tệp không phải của đơn vị nhận",
                "Tệp định gửi cho đơn vị “{unit}” không đúng: {reason}. Thư này không được lập.",
                "Tạo lại tệp bằng lệnh parxl forms (phiếu) hoặc parxl score (kết quả), rồi chạy lại.",
            ),
            "PX804": (
                "Phiếu đã có người nhập, không gửi",
                "Phiếu này khác với phiếu parxl đã ghi, nên không gửi cho đơn vị “{unit}”.",
                "Chuyển tệp đi nơi khác, chạy lại parxl forms (phiếu để sửa: parxl score), rồi gửi lại.",
            ),
            "PX805": (
                "Kết quả không còn khớp",
                "Kết quả trong 4-ket-qua chưa có, hoặc không còn khớp với các tệp của đợt chấm. Chưa có thư "
                "nào được gửi.",
                "Chạy lệnh parxl score, rồi chạy lại lệnh này.",
            ),
            "PX807": (
                "Trang Thư chưa đủ để gửi",
                "Trang Thư còn thiếu: {names}. Chưa có thư nào được gửi.",
                "Nhập tại trang Thư của dot-cham.xlsx, lưu và đóng tệp, rồi chạy lại.",
            ),
            "PX808": (
                "Chưa có mật khẩu gửi thư",
                "Chưa có mật khẩu của tài khoản gửi thư. Chưa có thư nào được gửi.",
                "Đặt biến môi trường PARXL_SMTP_PASSWORD hoặc lưu mật khẩu trong kho mật khẩu của máy, rồi "
                "chạy lại; không ghi mật khẩu vào tệp nào.",
            ),
            "PX809": (
                "Không có đơn vị này",
                "Không có đơn vị nào mang mã “{unit}”. Chưa có thư nào được gửi.",
                "Kiểm tra mã sau --only và --resend theo trang Đơn vị.",
            ),
            "PX810": (
                "Địa chỉ nhận thử không đúng",
                "“{address}” không phải là một địa chỉ thư điện tử. Chưa có thư nào được gửi.",
                "Ghi đúng một địa chỉ sau --to.",
            ),
            "PX811": (
                "Nhật ký gửi thư không đọc được",
                "Dòng {line} của nhật ký gửi thư không đúng như parxl đã ghi, nên không biết chắc thư nào đã "
                "gửi. Chưa có thư nào được gửi.",
                "Khôi phục tệp từ bản sao lưu; nếu không có, đối chiếu với hộp thư đã gửi rồi xóa riêng dòng "
                "này.",
            ),
            "PX812": (
                "Thư trong 5-thu đã thay đổi",
                "Tệp thư này khác với tệp parxl đã ghi, hoặc không còn, nên chưa được gửi.",
                "Chạy lại lệnh để parxl ghi lại tệp; muốn sửa nội dung thư thì sửa tại trang Thư.",
            ),
            "PX813": (
                "Máy chủ từ chối thư",
                "Máy chủ không nhận thư gửi đến {recipient} (đơn vị “{unit}”): {answer}.",
                "Kiểm tra địa chỉ tại trang Đơn vị; nếu địa chỉ đúng, hỏi nơi quản lý máy chủ rồi chạy lại với "
                "--resend {unit}.",
            ),
            "PX814": (
                "Không gửi được thư",
                "Việc gửi dừng lại: {reason}. Còn {rest} thư chưa gửi.",
                "{remedy}",
            ),
        },
    )
    | entries(
        "warning",
        {
            "PX801": (
                "Đơn vị chưa có địa chỉ thư",
                "Đơn vị “{unit}” chưa có địa chỉ thư điện tử, nên không có thư cho đơn vị này.",
                "Ghi cột Email tại trang Đơn vị của dot-cham.xlsx, rồi chạy lại.",
            ),
            "PX815": (
                "Máy chủ tạm thời chưa nhận thư",
                "Máy chủ chưa nhận thư gửi đến {recipient} (đơn vị “{unit}”): {answer}.",
                "Chạy lại lệnh này sau ít phút; những thư đã gửi không bị gửi lần nữa.",
            ),
            "PX816": (
                "Chưa rõ thư đã đến hay chưa",
                "Kết nối đứt sau khi đã bắt đầu gửi nội dung đến {recipient} (đơn vị “{unit}”), nên không biết "
                "thư đã đến hay chưa.",
                "Hỏi đơn vị; nếu chưa nhận được, chạy lại với --resend {unit}.",
            ),
        },
    )
    | entries(
        "note",
        {
            "PX817": (
                "Chưa khai báo máy chủ thư",
                "Trang Thư chưa có Máy chủ SMTP, nên thư chỉ được ghi thành tệp trong thư mục 5-thu.",
                "Mở từng tệp .eml bằng chương trình thư để gửi, hoặc khai báo máy chủ rồi chạy lại.",
            ),
            "PX818": (
                "Dòng nhật ký ghi dở",
                "Lần chạy trước dừng giữa chừng; một dòng nhật ký gửi thư ghi dở được bỏ qua.",
                "Xem các thư chưa rõ kết quả trong báo cáo này.",
            ),
        },
    )
)
