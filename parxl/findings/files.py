"""Register, 3xx: files that came back."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = (
    entries(
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
                "Không tìm thấy trong phiếu dòng “{label}”.",
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
                "Dòng “{label}” có mặt nhiều lần trong phiếu.",
                "Đề nghị đơn vị chép số liệu sang một phiếu mới và gửi lại.",
            ),
            "PX311": (
                "Thông tin nhận dạng bị sửa",
                "Thông tin nhận dạng ở các nơi trong phiếu không khớp nhau ({facts}).",
                "Đề nghị đơn vị điền vào đúng phiếu đã nhận và gửi lại.",
            ),
            "PX312": (
                "Tệp có macro",
                "Tệp không được đọc vì {reason}.",
                "Đề nghị đơn vị lưu phiếu dạng “Excel Workbook (.xlsx)” và gửi lại.",
            ),
            "PX313": (
                "Tệp có mật khẩu mở",
                "Không đọc được vì {reason}.",
                "Đề nghị đơn vị bỏ mật khẩu mở tệp (Tệp › Thông tin › Bảo vệ sổ làm việc), lưu và gửi lại.",
            ),
            "PX314": (
                "Không phải tệp .xlsx",
                "Đây là {reason}, không phải phiếu Excel dạng .xlsx, dù tên tệp là gì.",
                "Đề nghị đơn vị mở phiếu bằng Excel, chọn Lưu dưới dạng .xlsx (Excel Workbook) và gửi lại.",
            ),
            "PX315": (
                "Tệp lưu dạng Strict Open XML",
                "Không đọc được vì {reason}.",
                "Đề nghị đơn vị lưu lại dạng “Excel Workbook (.xlsx)” thông thường và gửi lại.",
            ),
            "PX316": (
                "Tệp vượt giới hạn an toàn",
                "Tệp không được đọc vì {reason}.",
                "Đề nghị đơn vị chép số liệu sang phiếu đã nhận (không chèn ảnh, trang tính khác) và gửi lại.",
            ),
            "PX317": (
                "Tệp có cấu trúc không an toàn",
                "Tệp không được đọc vì {reason}.",
                "Kiểm tra nguồn gốc của tệp; đề nghị đơn vị gửi lại phiếu lưu từ Excel.",
            ),
            "PX318": (
                "Việc đọc tệp bị dừng",
                "Tệp không được đọc: {reason}. Các tệp khác không bị ảnh hưởng.",
                "Kiểm tra nguồn gốc của tệp; đề nghị đơn vị gửi lại phiếu lưu từ Excel.",
            ),
            "PX319": (
                "Không phải tệp thường",
                "Đây là {reason}, không phải tệp đã chép vào thư mục, nên không được mở.",
                "Chép chính tệp phiếu vào thư mục 2-nop.",
            ),
            "PX328": (
                "Các phiếu giải trình mâu thuẫn nhau",
                "Đơn vị có nhiều phiếu giải trình cùng Lần nộp {submission} nhưng khác nội dung ({files}); "
                "khác nhau ở: {cells}. Chưa phiếu nào được dùng.",
                "Đề nghị đơn vị gửi lại một phiếu với Lần nộp cao hơn, hoặc chuyển tệp thừa ra khỏi 2-nop.",
            ),
            "PX361": (
                "Không đọc được bảng giải trình",
                "Không rõ ý kiến giải trình thuộc mục nào: {reason}.",
                "Đề nghị đơn vị chép nội dung sang phiếu giải trình đã nhận, đúng từng dòng, và gửi lại.",
            ),
            "PX326": (
                "Mẫu phiếu chưa gắn với đơn vị",
                "Đây là mẫu trắng của bộ tiêu chí, không phải phiếu đã phát cho một đơn vị.",
                "Đề nghị đơn vị điền vào đúng phiếu đã nhận và gửi lại.",
            ),
        },
    )
    | entries(
        "warning",
        {
            "PX320": (
                "Lần nộp không hợp lệ",
                "Ô Lần nộp ghi “{value}”, không phải số nguyên từ 1 đến 99; được coi là lần 1.",
                "Kiểm tra lại thứ tự các lần nộp của đơn vị.",
            ),
            "PX329": (
                "Mất một phần thông tin nhận dạng",
                "Phiếu không còn thông tin nhận dạng ở: {places}; phần còn lại vẫn cho biết là của đơn vị nào.",
                "Nên đề nghị đơn vị dùng đúng tệp phiếu đã nhận, không chép trang sang tệp khác.",
            ),
            "PX363": (
                "Chỗ đã khóa của phiếu giải trình bị sửa",
                "Ngoài các ô để ghi, phiếu giải trình không còn như khi phát ở: {cells}. "
                "Chỉ nội dung trong các ô để ghi được đọc.",
                "Xem nội dung các ô này; nếu là ý kiến giải trình, đề nghị đơn vị ghi vào ô màu vàng nhạt.",
            ),
            "PX323": (
                "Mất sổ phát hành",
                "Không có tệp phat-hanh.json nên không đối chiếu được đợt chấm và số sê-ri của phiếu.",
                "Khôi phục tệp từ bản sao lưu nếu có.",
            ),
        },
    )
    | entries(
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
            "PX327": (
                "Phiếu giải trình",
                "Đây là phiếu giải trình của đơn vị (Lần nộp {submission}): được đọc ở bước thẩm định, "
                "không làm thay đổi điểm tính.",
                "Không cần làm gì.",
            ),
            "PX362": (
                "Phiếu giải trình chưa ghi gì",
                "Đơn vị gửi lại phiếu giải trình nhưng để trống mọi ô.",
                "Không cần làm gì nếu đơn vị thống nhất với kết quả thẩm định.",
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
