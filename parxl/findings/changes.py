"""Register, 330 to 350: what was changed in a form besides its inputs and its evidence."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = (
    entries(
        "error",
        {
            "PX339": (
                "Có hai bảng điểm khác nhau",
                "Trang “{copy}” là bản sao của bảng điểm nhưng số liệu khác ở các ô: {cells}; "
                "không rõ trang nào đúng.",
                "Đề nghị đơn vị xóa trang thừa, giữ trang có số liệu đúng và gửi lại.",
            ),
            "PX345": (
                "Dòng bị xáo trộn",
                "Bảng đã bị sắp xếp hoặc chép đè ({rows}), nên không rõ số liệu thuộc dòng nào.",
                "Đề nghị đơn vị chép số liệu sang một phiếu mới, đúng từng dòng, và gửi lại.",
            ),
            "PX351": (
                "Cột bị chèn hoặc xóa",
                "Cột “{heading}” không còn ở chỗ của nó, nên không rõ số liệu nằm ở đâu.",
                "Đề nghị đơn vị chép số liệu sang một phiếu mới, không thêm bớt cột, và gửi lại.",
            ),
            "PX349": (
                "Không có bảng điểm",
                "Không tìm thấy bảng điểm trong tệp: trang bảng điểm đã bị xóa, hoặc các cột ẩn của nó bị mất.",
                "Đề nghị đơn vị chép số liệu sang một phiếu mới và gửi lại.",
            ),
        },
    )
    | entries(
        "warning",
        {
            "PX330": (
                "Chữ ở ô đã khóa bị sửa",
                "Ô đã khóa này ghi “{found}”; phiếu gốc ghi “{wanted}”. Điểm không bị ảnh hưởng.",
                "Đối chiếu bản giấy với phiếu gốc; nếu cần, đề nghị đơn vị dùng lại phiếu gốc.",
            ),
            "PX331": (
                "Công thức ở ô đã khóa bị sửa",
                "Ô này có công thức đã khóa, nay ghi “{found}”. Điểm được tính lại từ số liệu.",
                "Đối chiếu bản giấy với kết quả; nếu cần, đề nghị đơn vị dùng lại phiếu gốc.",
            ),
            "PX332": (
                "Nội dung ở ngoài ô nhập",
                "Ô này ghi “{found}”, nhưng không phải ô để nhập, nên nội dung không được tính.",
                "Nếu đây là số liệu hoặc tài liệu kiểm chứng, đề nghị đơn vị ghi vào đúng ô màu vàng nhạt.",
            ),
            "PX333": (
                "Có dòng được chèn thêm",
                "Bảng điểm có dòng được chèn thêm: {rows}. Các dòng của phiếu gốc vẫn được đọc đúng.",
                "Kiểm tra nội dung của dòng chèn thêm; nội dung đó không được tính.",
            ),
            "PX334": (
                "Mất dòng chữ của bảng",
                "Bảng điểm mất dòng “{text}”; dòng này không có số liệu, nên vẫn chấm được.",
                "Đối chiếu bản giấy với phiếu gốc; nếu cần, đề nghị đơn vị dùng lại phiếu gốc.",
            ),
            "PX335": (
                "Thứ tự dòng bị thay đổi",
                "Từ dòng này, các dòng không theo thứ tự của phiếu gốc; số liệu vẫn được đọc đúng dòng.",
                "Đối chiếu bản giấy với phiếu gốc; nếu cần, đề nghị đơn vị dùng lại phiếu gốc.",
            ),
            "PX336": (
                "Trang không còn khóa",
                "Trang này đã bị bỏ khóa bảo vệ.",
                "Xem các ghi nhận khác của tệp; ô đã khóa nào bị sửa đều được nêu.",
            ),
            "PX337": (
                "Trang bị đổi tên",
                "Trang “{issued}” của phiếu nay mang tên này; nội dung vẫn được đọc.",
                "Không cần làm gì.",
            ),
            "PX341": (
                "Mất một trang của phiếu",
                "Phiếu không còn trang “{issued}”; trang này không có số liệu, nên vẫn chấm được.",
                "Nếu cần, đề nghị đơn vị dùng lại phiếu gốc.",
            ),
            "PX346": (
                "Có liên kết tới tệp khác",
                "Tệp có liên kết tới sổ tính khác; liên kết không được mở và không ảnh hưởng tới điểm.",
                "Nên đề nghị đơn vị dùng đúng tệp phiếu đã nhận, không chép trang giữa các tệp.",
            ),
            "PX347": (
                "Ô đã khóa ngoài bảng bị sửa",
                "Ô đã khóa này không còn như khi phát phiếu, nay ghi “{found}”. Điểm không bị ảnh hưởng.",
                "Đối chiếu bản giấy với phiếu gốc; nếu cần, đề nghị đơn vị dùng lại phiếu gốc.",
            ),
            "PX348": (
                "Nhiều ô đã khóa khác bị sửa",
                "Ngoài các ô đã nêu, còn {number} ô đã khóa bị sửa: {cells}. Điểm không bị ảnh hưởng.",
                "Đối chiếu bản giấy với phiếu gốc; nếu cần, đề nghị đơn vị dùng lại phiếu gốc.",
            ),
        },
    )
    | entries(
        "note",
        {
            "PX338": (
                "Trang bảng điểm được nhân bản",
                "Trang này là bản sao của bảng điểm, số liệu giống hệt; chỉ đọc một trang.",
                "Không cần làm gì.",
            ),
            "PX340": (
                "Có trang thêm vào",
                "Tệp có thêm trang {names}; các trang này không được đọc.",
                "Nếu đó là tài liệu kiểm chứng, đề nghị đơn vị gửi thành tệp riêng.",
            ),
            "PX342": (
                "Trang bị ẩn",
                "Trang này của phiếu đang bị ẩn; nội dung vẫn được đọc.",
                "Không cần làm gì.",
            ),
            "PX343": (
                "Mất tên ô",
                "Tệp mất {number} tên đã đặt cho các ô; số liệu vẫn được đọc theo dòng.",
                "Không cần làm gì.",
            ),
            "PX344": (
                "Ô nhập không còn kiểm tra dữ liệu",
                "Ô không còn kiểm tra khi nhập (thường do dán đè): {cells}; parxl vẫn kiểm tra số liệu.",
                "Không cần làm gì.",
            ),
            "PX352": (
                "Không đối chiếu được ô ngoài bảng",
                "Phiếu không còn dấu niêm của các ô đã khóa ngoài bảng điểm, nên không biết ô nào bị sửa.",
                "Không cần làm gì; các dòng của bảng điểm vẫn được đối chiếu.",
            ),
            "PX350": (
                "Thứ tự trang bị thay đổi",
                "Các trang của phiếu không còn theo thứ tự ban đầu; nội dung vẫn được đọc.",
                "Không cần làm gì.",
            ),
        },
    )
)
