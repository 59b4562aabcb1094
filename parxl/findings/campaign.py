"""Register, 2xx: the campaign folder and its control workbook."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = (
    entries(
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
                "Ô có công thức hoặc giá trị lỗi",
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
                "Khôi phục tệp từ bản sao lưu; nếu chưa gửi phiếu nào, xóa các phiếu trong 1-phieu rồi "
                "chạy lại.",
            ),
            "PX217": (
                "Sổ phát hành hỏng",
                "Tệp {name} không đọc được hoặc không đúng cấu trúc.",
                "Khôi phục tệp từ bản sao lưu; không xóa, vì số sê-ri của các phiếu đã phát nằm trong đó.",
            ),
            "PX222": (
                "Hai cột cho cùng một nội dung",
                "Trang có hơn một cột “{name}”.",
                "Chỉ giữ lại một cột, đổi tên hoặc xóa cột kia.",
            ),
            "PX223": (
                "Không đọc được danh sách đơn vị",
                "Không đọc được danh sách đơn vị: {reason}.",
                "Dùng tệp .xlsx, hoặc .csv lưu từ Excel (UTF-8, Unicode hoặc Windows-1258).",
            ),
            "PX224": (
                "Danh sách không có dòng tiêu đề",
                "Không có dòng tiêu đề nào có cột “Tên đơn vị”.",
                "Ghi tên các cột ở một dòng phía trên danh sách, ví dụ: Mã đơn vị, Tên đơn vị, Khối, Email.",
            ),
            "PX225": (
                "Hơn một dòng tiêu đề",
                "Đã có một dòng tiêu đề ở {where}.",
                "Chỉ giữ lại một danh sách với một dòng tiêu đề.",
            ),
            "PX226": (
                "Trùng tên đơn vị",
                "Tên đơn vị “{value}” trùng với dòng {row}.",
                "Xóa dòng thừa, hoặc ghi tên đủ để phân biệt hai đơn vị.",
            ),
            "PX229": (
                "Điểm của nội dung không áp dụng",
                "Đơn vị “{value}” có điểm ở tiêu chí đã khai báo không áp dụng cho đơn vị này.",
                "Xóa dòng này, hoặc dòng tương ứng ở trang Không áp dụng.",
            ),
            "PX230": (
                "Dòng có nhiều ô hơn dòng tiêu đề",
                "Dòng này có nhiều ô hơn dòng tiêu đề, nên không rõ ô nào thuộc cột nào.",
                "Đặt nội dung có dấu phân cách (dấu phẩy, dấu chấm phẩy) trong dấu ngoặc kép.",
            ),
            "PX232": (
                "Chỗ điền không dùng được",
                "“{name}” có chỗ điền không dùng được: {names}.",
                "Chỉ dùng các chỗ điền sau, viết đúng tên: {usable}.",
            ),
            "PX233": (
                "Mật khẩu không được bảo vệ",
                "Có Tài khoản mà Bảo mật là “không”: mật khẩu sẽ đi qua mạng mà không được mã hóa.",
                "Chọn TLS hoặc STARTTLS; nếu máy chủ không cần đăng nhập thì xóa ô Tài khoản.",
            ),
        },
    )
    | entries(
        "note",
        {
            "PX227": (
                "Đã lấy danh sách đơn vị",
                "Đã lấy {count} đơn vị; trong đó {made} mã đơn vị được lập từ tên, vì danh sách không có mã.",
                "Xem lại cột Mã đơn vị ở trang Đơn vị trước khi phát phiếu: mã là tên tệp phiếu, không đổi "
                "về sau.",
            ),
            "PX228": (
                "Nội dung của đợt trước không được lấy",
                "Không lấy nội dung của cột {names}, vì thuộc về một đợt chấm trước.",
                "Nhập ở trang Đơn vị nếu cần cho đợt chấm này.",
            ),
        },
    )
    | entries(
        "warning",
        {
            "PX216": (
                "Sổ điều hành đang mở",
                "Sổ điều hành đang được mở trong Excel (có tệp {name}); sửa đổi chưa lưu không được tính.",
                "Lưu và đóng sổ điều hành, rồi chạy lại.",
            ),
            "PX220": (
                "Không đọc được kết quả năm trước",
                "Không đọc được kết quả năm trước “{name}”, nên không có số liệu năm trước để so sánh.",
                "Ghi đúng đường dẫn đến ket-qua.json hoặc bang-xep-hang.xlsx của đợt trước, "
                "tính từ thư mục đợt chấm này.",
            ),
            "PX221": (
                "Kết quả năm trước của bộ tiêu chí khác",
                "Kết quả năm trước “{name}” thuộc bộ tiêu chí khác, nên không so sánh được.",
                "Xóa ô Kết quả năm trước, hoặc ghi kết quả của cùng bộ tiêu chí.",
            ),
            "PX231": (
                "Đơn vị chưa ghi khối",
                "Có {count} đơn vị chưa ghi khối, trong khi các đơn vị khác đã ghi.",
                "Nếu ô Khối của danh sách được gộp cho nhiều dòng, ghi lại khối từng đơn vị ở trang Đơn vị.",
            ),
            "PX218": (
                "Đã thôi dùng phiếu",
                "Đơn vị “{value}” có trong sổ phát hành nhưng không còn trong danh sách.",
                "Kiểm tra lại trang Đơn vị nếu đây là nhầm lẫn.",
            ),
        },
    )
)
