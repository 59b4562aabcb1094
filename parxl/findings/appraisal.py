"""Register, 7xx: the appraisal and the explanations."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = entries(
    "error",
    {
        "PX701": (
            "Điểm thẩm định không hợp lệ",
            "Điểm thẩm định “{value}” của đơn vị {unit} không phải là số điểm từ 0 đến {maximum}, "
            "tối đa {decimals} chữ số thập phân; chưa được tính.",
            "Ghi lại ô Điểm thẩm định bằng số (không dùng công thức), hoặc xóa trống ô nếu giữ điểm đã có.",
        ),
        "PX702": (
            "Thiếu lý do thẩm định",
            "Điểm thẩm định {points} của đơn vị {unit} khác {standing} nhưng chưa ghi lý do; chưa được tính.",
            "Ghi lý do vào cột Lý do cùng dòng.",
        ),
        "PX703": (
            "Không phải tệp thẩm định của đợt này",
            "Tệp không phải là tệp thẩm định của đợt chấm và lần thẩm định này: {reason}.",
            "Dùng tệp do parxl appraisal tạo trong thư mục này, hoặc chuyển tệp đi nơi khác.",
        ),
        "PX704": (
            "Dòng thẩm định không thuộc đợt chấm",
            "Dòng “{key}” không có trong đợt chấm này nhưng có nội dung thẩm định; chưa được tính.",
            "Kiểm tra lại dòng, hoặc xóa nội dung của dòng.",
        ),
        "PX711": (
            "Tệp thẩm định có nội dung khác",
            "Ngoài hai cột nhập, tệp có nội dung do người dùng thêm hoặc sửa ({places}), nên không ghi lại.",
            "Xóa phần thêm vào, khôi phục ô đã sửa, hoặc đổi tên tệp (vẫn được đọc), rồi chạy lại.",
        ),
        "PX705": (
            "Thẩm định khác nhau",
            "Các tệp ghi điểm thẩm định khác nhau cho đơn vị {unit} ({answers}); chưa điểm nào được tính.",
            "Thống nhất một điểm, sửa hoặc xóa các ô còn lại.",
        ),
        "PX708": (
            "Dòng thẩm định bị lệch",
            "Dòng có khóa “{key}” nhưng ghi đơn vị “{unit}”, mục “{code}”; "
            "nội dung thẩm định của dòng chưa được tính.",
            "Có thể bảng đã được sắp xếp không kèm cột ẩn; nhập lại vào tệp do parxl appraisal tạo.",
        ),
        "PX709": (
            "Điểm thẩm định cao hơn điểm tối đa của đơn vị",
            "Điểm thẩm định {points} của đơn vị {unit} cao hơn điểm tối đa {maximum} mà đơn vị có thể đạt "
            "(đã trừ phần không áp dụng); chưa được tính.",
            "Sửa lại ô Điểm thẩm định, hoặc xem lại trang Không áp dụng.",
        ),
    },
)

KINDS |= entries(
    "warning",
    {
        "PX706": (
            "Điểm tính đã đổi sau khi thẩm định",
            "Khi thẩm định, điểm tính của đơn vị {unit} là {then}; nay là {now}. "
            "Điểm thẩm định {points} vẫn được dùng.",
            "Xem lại điểm thẩm định trước, rồi mới chạy parxl appraisal để cập nhật tệp.",
        ),
        "PX707": (
            "Đơn vị không còn được chấm",
            "Có nội dung thẩm định cho đơn vị {unit} nhưng đơn vị hiện không có phiếu được chấm.",
            "Kiểm tra phiếu của đơn vị trong 2-nop; nội dung thẩm định vẫn được giữ.",
        ),
        "PX710": (
            "Thẩm định tiêu chí không áp dụng",
            "Có nội dung thẩm định cho đơn vị {unit} nhưng tiêu chí này không áp dụng với đơn vị; "
            "không được tính.",
            "Xem lại trang Không áp dụng; nội dung thẩm định vẫn được giữ.",
        ),
    },
)
