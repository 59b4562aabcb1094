"""Register, 1xx: criteria sets."""

from __future__ import annotations

from parxl.findings.model import entries

KINDS = entries(
    "error",
    {
        "PX101": (
            "Không có bộ tiêu chí này",
            "Không tìm thấy bộ tiêu chí “{name}”.",
            "Chọn một trong các bộ: {known}; hoặc ghi đường dẫn đến một tệp .toml.",
        ),
        "PX102": (
            "Tệp TOML sai cú pháp",
            "Tệp không đúng cú pháp TOML ở dòng {line}, cột {column}.",
            "Sửa dòng này rồi chạy lại.",
        ),
        "PX103": (
            "Thiếu khóa",
            "Thiếu khóa “{key}”{where}.",
            "Bổ sung khóa này vào tệp.",
        ),
        "PX104": (
            "Khóa không được biết",
            "Khóa “{key}” không có trong mẫu bộ tiêu chí{where}.",
            "Xóa hoặc sửa lại tên khóa.",
        ),
        "PX105": (
            "Giá trị không hợp lệ",
            "Giá trị của khóa “{key}” không hợp lệ{where}: {value}.",
            "Cần {expected}.",
        ),
        "PX106": (
            "Trùng mã",
            "Mã “{name}” được dùng hai lần.",
            "Mỗi tiêu chí, số liệu phải có mã riêng.",
        ),
        "PX107": (
            "Thiếu cấp trên",
            "Tiêu chí {code} không có lĩnh vực hoặc tiêu chí cấp trên nào đứng trước.",
            'Thêm mục cấp trên (rule = "group") trước tiêu chí này, hoặc sửa mã.',
        ),
        "PX108": (
            "Tổng điểm không khớp",
            "Điểm tối đa là {found} nhưng các mục bên trong cộng lại được {wanted}.",
            "Sửa điểm tối đa hoặc điểm của các mục bên trong.",
        ),
        "PX109": (
            "Mục trống",
            "Mục này là lĩnh vực hoặc nhóm nhưng không có tiêu chí nào bên trong.",
            "Thêm tiêu chí hoặc bỏ mục này.",
        ),
        "PX110": (
            "Quá nhiều chữ số thập phân",
            "Số điểm {points} có nhiều hơn {decimals} chữ số thập phân.",
            "Viết lại số điểm theo đúng số chữ số thập phân của bộ tiêu chí.",
        ),
        "PX111": (
            "Các mức không phủ hết",
            "Các mức điểm không có mức bắt đầu từ 0, nên có kết quả không thuộc mức nào.",
            "Thêm một dòng band có from = 0.",
        ),
        "PX112": (
            "Hai mức cùng điểm bắt đầu",
            "Có hai mức cùng bắt đầu từ {start}.",
            "Mỗi mức phải có from khác nhau.",
        ),
        "PX113": (
            "Dòng sai loại",
            "Loại dòng “{kind}” không dùng được cho cách chấm “{rule}”.",
            "Dùng loại dòng phù hợp với cách chấm.",
        ),
        "PX114": (
            "Điểm cao nhất không khớp",
            "Điểm tối đa là {found} nhưng mức cao nhất của cách chấm được {wanted}.",
            "Sửa điểm tối đa hoặc điểm của các mức.",
        ),
        "PX115": (
            "Sai tập số liệu",
            "Cách chấm này cần đúng các số liệu {wanted}, nhưng tệp có: {found}.",
            "Sửa các dòng input cho đúng.",
        ),
        "PX117": (
            "Thiếu phương án",
            "Cách chấm choice cần ít nhất hai dòng option.",
            "Thêm các dòng option theo quyết định.",
        ),
        "PX118": (
            "Thiếu cách xử lý “Không phát sinh”",
            "Dòng none và khóa none = … phải có cùng nhau, mỗi thứ một lần.",
            "Thêm phần còn thiếu hoặc bỏ cả hai.",
        ),
        "PX119": (
            "Tham chiếu không tồn tại",
            "Không có số liệu “{name}” trong bộ tiêu chí này{where}.",
            "Ghi đúng mã số liệu, ví dụ 2.1.1/a.",
        ),
        "PX120": (
            "Số liệu khác số chữ số thập phân",
            "Các số liệu của một cách chấm phải có cùng số chữ số thập phân.",
            "Ghi cùng một giá trị decimals cho các dòng input.",
        ),
        "PX121": (
            "Tỷ lệ trên 100%",
            "Mức điểm bắt đầu từ tỷ lệ lớn hơn 100% thì không bao giờ đạt được.",
            "Sửa from thành số từ 0 đến 100.",
        ),
        "PX122": (
            "Mức đếm sai",
            "Cách chấm count chỉ nhận số nguyên, không có at, không có chữ số thập phân.",
            "Sửa from thành số nguyên và bỏ at, decimals.",
        ),
        "PX123": (
            "Sai số hạng",
            "Cách chấm weighted cần đúng hai dòng term, lần lượt cho b và c.",
            "Sửa các dòng term.",
        ),
        "PX124": (
            "Danh mục trống",
            "Cách chấm checklist không có dòng item nào.",
            "Thêm các dòng item.",
        ),
        "PX125": (
            "Thiếu mức cuối",
            "Cách chấm tiers phải có dòng tier cuối cùng với when = [].",
            "Thêm dòng tier cuối cho các trường hợp còn lại.",
        ),
        "PX126": (
            "Điều kiện sai",
            "Điều kiện của dòng tier nói đến một phương án không tồn tại.",
            "Sửa số thứ tự option trong when.",
        ),
        "PX127": (
            "Không phải chuỗi NFC",
            "Chữ tiếng Việt ở đây không ở dạng Unicode dựng sẵn (NFC) hoặc có khoảng trắng thừa.",
            "Gõ lại bằng bảng mã Unicode dựng sẵn và bỏ khoảng trắng thừa: {text}.",
        ),
        "PX128": (
            "Không đọc được tệp",
            "Không đọc được tệp bộ tiêu chí: {reason}.",
            "Kiểm tra đường dẫn, quyền đọc và bảng mã UTF-8 của tệp.",
        ),
    },
)
