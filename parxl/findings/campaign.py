"""Register, 2xx: the campaign folder and its control workbook."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = entries(
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
        "PX219": (
            "Mất sổ phát hành",
            "Không có tệp {name}, nhưng trong 1-phieu đã có phiếu; phát lại sẽ làm các phiếu đã gửi mất "
            "hiệu lực.",
            "Khôi phục tệp từ bản sao lưu; nếu chưa gửi phiếu nào, xóa các phiếu trong 1-phieu rồi chạy lại.",
        ),
        "PX217": (
            "Sổ phát hành hỏng",
            "Tệp {name} không đọc được hoặc không đúng cấu trúc.",
            "Khôi phục tệp từ bản sao lưu; không xóa, vì số sê-ri của các phiếu đã phát nằm trong đó.",
        ),
    },
) | entries(
    "warning",
    {
        "PX216": (
            "Sổ điều hành đang mở",
            "Sổ điều hành đang được mở trong Excel (có tệp {name}); sửa đổi chưa lưu không được tính.",
            "Lưu và đóng sổ điều hành, rồi chạy lại.",
        ),
        "PX220": (
            "Không đọc được kết quả năm trước",
            "Không đọc được kết quả năm trước “{name}”, nên phiếu không có cột số liệu năm trước.",
            "Ghi đúng đường dẫn đến ket-qua.json của đợt trước, tính từ thư mục đợt chấm này.",
        ),
        "PX221": (
            "Kết quả năm trước của bộ tiêu chí khác",
            "Kết quả năm trước “{name}” thuộc bộ tiêu chí khác, nên không so sánh được.",
            "Xóa ô Kết quả năm trước, hoặc ghi kết quả của cùng bộ tiêu chí.",
        ),
        "PX218": (
            "Đã thôi dùng phiếu",
            "Đơn vị “{value}” có trong sổ phát hành nhưng không còn trong danh sách.",
            "Kiểm tra lại trang Đơn vị nếu đây là nhầm lẫn.",
        ),
    },
)
