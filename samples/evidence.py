"""Evidence texts for the samples: {n} a document number, {d} its date, {u} the agency's abbreviation.

Every text ends in a remark that it is made up, so that no number can be mistaken for a real document's.
"""

from __future__ import annotations

import hashlib

MADE_UP = " (văn bản minh họa)"
NOTHING = "Không phát sinh trong năm."

HA_TINH = {
    "1.1": "Kế hoạch số {n}/KH-{u} ngày {d}/01/2026 về cải cách hành chính năm 2026",
    "1.2": "Báo cáo số {n}/BC-{u} ngày {d}/11/2026 về kết quả thực hiện Kế hoạch CCHC năm 2026",
    "1.3": "Các Báo cáo CCHC quý I, 6 tháng, quý III và năm 2026; gần nhất là Báo cáo số {n}/BC-{u} "
    "ngày {d}/11/2026",
    "1.4.1": "Kế hoạch số {n}/KH-{u} ngày {d}/02/2026 về kiểm tra công tác CCHC năm 2026",
    "1.4.2": "Báo cáo số {n}/BC-{u} ngày {d}/10/2026 về kết quả kiểm tra CCHC tại các đơn vị trực thuộc",
    "1.4.3": "Biên bản kiểm tra tại từng đơn vị; Báo cáo số {n}/BC-{u} ngày {d}/10/2026",
    "1.4.4.1": "Công văn số {n}/{u}-VP ngày {d}/10/2026 về khắc phục tồn tại, hạn chế sau kiểm tra",
    "1.4.4.2": "Báo cáo khắc phục của các đơn vị; tổng hợp tại Báo cáo số {n}/BC-{u} ngày {d}/11/2026",
    "1.5": "Báo cáo số {n}/BC-{u} ngày {d}/06/2026 về khắc phục hạn chế theo kết quả Chỉ số CCHC năm 2025",
    "1.6.1": "Kế hoạch số {n}/KH-{u} ngày {d}/01/2026 về tuyên truyền CCHC năm 2026 và báo cáo kết quả",
    "1.6.2.1": "Thông báo kết luận hội nghị sơ kết số {n}/TB-{u} ngày {d}/07/2026; chuyên mục CCHC trên "
    "trang thông tin điện tử",
    "1.6.2.2": "Hợp đồng tuyên truyền số {n}/HĐ-{u} ngày {d}/03/2026 với cơ quan báo chí của tỉnh",
    "1.7": "Quyết định số {n}/QĐ-{u} ngày {d}/12/2025 công nhận sáng kiến",
    "2.1.1": "Tờ trình số {n}/TTr-{u} ngày {d}/08/2026 và các văn bản QPPL đã được ban hành",
    "2.1.2": "Báo cáo thẩm định số {n}/BC-STP ngày {d}/07/2026",
    "2.1.3": "Hồ sơ xây dựng văn bản QPPL kèm Tờ trình số {n}/TTr-{u} ngày {d}/08/2026",
    "2.2": "Công văn số {n}/{u}-TH ngày {d}/09/2026 và các công văn góp ý khác trong năm",
    "2.3.1": "Báo cáo số {n}/BC-{u} ngày {d}/11/2026 về rà soát, hệ thống hóa văn bản QPPL năm 2026",
    "2.3.2": "Công văn số {n}/{u}-PC ngày {d}/11/2026 kiến nghị xử lý kết quả rà soát",
    "2.4": "Báo cáo số {n}/BC-{u} ngày {d}/11/2026 về tổ chức thực hiện văn bản QPPL tại đơn vị",
    "2.5.1": "Kế hoạch số {n}/KH-{u} ngày {d}/02/2026 về theo dõi thi hành pháp luật năm 2026",
    "2.5.2": "Báo cáo số {n}/BC-{u} ngày {d}/10/2026 về xử lý thông tin thi hành pháp luật",
    "2.5.3": "Công văn số {n}/{u}-PC ngày {d}/11/2026 về xử lý kết quả theo dõi thi hành pháp luật",
    "2.6.1": "Báo cáo số {n}/BC-{u} ngày {d}/11/2026 về kiểm tra, rà soát văn bản QPPL",
    "2.6.2": "Báo cáo số {n}/BC-{u} ngày {d}/11/2026 về theo dõi thi hành pháp luật",
    "3.1": "Chuyên mục “Thủ tục hành chính” trên trang thông tin điện tử; Quyết định công bố số {n}/QĐ-{u} "
    "ngày {d}/03/2026",
    "3.2.1": "Quyết định số {n}/QĐ-{u} ngày {d}/02/2026 về danh mục TTHC tiếp nhận tại Bộ phận một cửa",
    "3.2.2": "Sổ theo dõi hồ sơ và các văn bản xin lỗi; tổng hợp tại Báo cáo số {n}/BC-{u} ngày {d}/11/2026",
    "3.2.3": "Báo cáo số {n}/BC-{u} ngày {d}/11/2026 về kết quả lấy ý kiến đánh giá tại Bộ phận một cửa",
    "3.3": "Trích xuất Hệ thống thông tin một cửa điện tử; Báo cáo số {n}/BC-{u} ngày {d}/11/2026",
    "3.4.1": "Kế hoạch số {n}/KH-{u} ngày {d}/01/2026 về kiểm soát TTHC năm 2026",
    "3.4.2": "Báo cáo số {n}/BC-{u} ngày {d}/09/2026 về phương án đơn giản hóa TTHC",
    "3.5.1": "Thông báo số {n}/TB-{u} ngày {d}/01/2026 về địa chỉ tiếp nhận phản ánh, kiến nghị",
    "3.5.2": "Sổ theo dõi phản ánh, kiến nghị; Báo cáo số {n}/BC-{u} ngày {d}/11/2026",
    "3.6": "Các báo cáo kiểm soát TTHC quý, năm; gần nhất là Báo cáo số {n}/BC-{u} ngày {d}/11/2026",
    "4.1.1": "Báo cáo số {n}/BC-{u} ngày {d}/11/2026 về sử dụng phần mềm chỉ đạo, điều hành",
    "4.1.2": "Thống kê trên phần mềm quản lý văn bản; Báo cáo số {n}/BC-{u} ngày {d}/11/2026",
    "4.1.3": "Phiếu chấm điểm cổng TTĐT kèm Công văn số {n}/{u}-VP ngày {d}/10/2026",
    "4.1.4.1": "Danh mục dịch vụ công trực tuyến kèm Quyết định số {n}/QĐ-{u} ngày {d}/04/2026",
    "4.1.4.2": "Trích xuất Cổng dịch vụ công; Báo cáo số {n}/BC-{u} ngày {d}/11/2026",
    "4.1.4.3": "Trích xuất Cổng dịch vụ công; Báo cáo số {n}/BC-{u} ngày {d}/11/2026",
    "4.1.5.1": "Biên bản đối chiếu với Bưu điện tỉnh số {n}/BB-{u} ngày {d}/11/2026",
    "4.1.5.2": "Biên bản đối chiếu với Bưu điện tỉnh số {n}/BB-{u} ngày {d}/11/2026",
    "4.1.5.3": "Biên bản đối chiếu với Bưu điện tỉnh số {n}/BB-{u} ngày {d}/11/2026",
    "4.1.6": "Báo cáo số {n}/BC-{u} ngày {d}/06/2026 và báo cáo năm về ứng dụng CNTT",
    "4.2.1": "Công văn số {n}/{u}-VP ngày {d}/02/2026 về duy trì, cải tiến hệ thống quản lý chất lượng",
    "4.2.2": "Các Quyết định công bố hệ thống quản lý chất lượng; Báo cáo số {n}/BC-{u} ngày {d}/11/2026",
    "4.2.3": "Danh mục tài liệu kiểm soát kèm Quyết định số {n}/QĐ-{u} ngày {d}/03/2026",
    "4.2.4": "Quyết định công bố số {n}/QĐ-{u} ngày {d}/03/2026, niêm yết tại trụ sở",
    "4.2.5": "Biên bản bốc mẫu hồ sơ số {n}/BB-{u} ngày {d}/10/2026",
    "4.2.6": "Danh mục hồ sơ năm 2026 kèm Quyết định số {n}/QĐ-{u} ngày {d}/01/2026",
    "4.2.7": "Kế hoạch đánh giá nội bộ số {n}/KH-{u} ngày {d}/08/2026 và báo cáo khắc phục",
}

TINH_MAU = {
    "1.6": "Báo cáo số {n}/BC-{u} ngày {d}/12/2022 về thực hiện nhiệm vụ Chính phủ, Thủ tướng Chính phủ giao",
    "3.1.1": "Báo cáo số {n}/BC-{u} ngày {d}/12/2022 về công tác kiểm soát TTHC năm 2022",
    "3.1.2": "Quyết định số {n}/QĐ-{u} ngày {d}/10/2022 thông qua phương án đơn giản hóa TTHC",
    "3.2.1": "Quyết định số {n}/QĐ-{u} ngày {d}/05/2022 công bố danh mục TTHC",
    "3.2.2": "Trích xuất Cơ sở dữ liệu quốc gia về TTHC ngày {d}/12/2022",
    "3.2.3": "Quyết định số {n}/QĐ-{u} ngày {d}/06/2022 phê duyệt quy trình nội bộ giải quyết TTHC",
    "3.2.4": "Báo cáo kiểm tra số {n}/BC-{u} ngày {d}/11/2022",
    "3.2.5": "Cổng TTĐT của tỉnh; Báo cáo số {n}/BC-{u} ngày {d}/11/2022",
    "3.2.6": "Cổng dịch vụ công của tỉnh; Báo cáo số {n}/BC-{u} ngày {d}/11/2022",
    "3.3.1": "Quyết định số {n}/QĐ-{u} ngày {d}/04/2022 về danh mục TTHC tiếp nhận tại Bộ phận Một cửa",
    "3.3.2": "Quyết định số {n}/QĐ-{u} ngày {d}/04/2022 về danh mục TTHC ngành dọc",
    "3.3.3": "Quyết định số {n}/QĐ-{u} ngày {d}/07/2022 về danh mục TTHC liên thông cùng cấp",
    "3.3.4": "Quyết định số {n}/QĐ-{u} ngày {d}/07/2022 về danh mục TTHC liên thông giữa các cấp",
    "3.4.1": "Trích xuất Hệ thống thông tin một cửa điện tử ngày {d}/12/2022",
    "3.4.2": "Trích xuất Hệ thống thông tin một cửa điện tử ngày {d}/12/2022",
    "3.4.3": "Trích xuất Hệ thống thông tin một cửa điện tử ngày {d}/12/2022",
    "3.4.4": "Báo cáo số {n}/BC-{u} ngày {d}/12/2022 về việc xin lỗi khi trễ hẹn",
    "3.4.5": "Thông báo số {n}/TB-{u} ngày {d}/12/2022 về kết quả đánh giá chất lượng giải quyết TTHC",
    "3.5.1": "Hệ thống tiếp nhận, trả lời phản ánh, kiến nghị; Báo cáo số {n}/BC-{u} ngày {d}/12/2022",
    "3.5.2": "Chuyên mục trả lời phản ánh, kiến nghị trên Cổng TTĐT của tỉnh",
    "7.1.6": "Quyết định số {n}/QĐ-{u} ngày {d}/03/2022 về Hệ thống thông tin một cửa điện tử",
    "7.1.7": "Báo cáo số {n}/BC-{u} ngày {d}/12/2022 về vận hành Hệ thống thông tin một cửa điện tử",
    "7.1.8": "Biên bản đánh giá Cổng dịch vụ công số {n}/BB-{u} ngày {d}/09/2022",
    "7.1.9": "Trích xuất Cổng Dịch vụ công quốc gia ngày {d}/12/2022",
    "7.1.10": "Quyết định số {n}/QĐ-{u} ngày {d}/05/2022 về Hệ thống thông tin báo cáo của tỉnh",
    "7.1.11": "Báo cáo số {n}/BC-{u} ngày {d}/12/2022 về kết nối chế độ báo cáo",
    "7.2.1": "Trích xuất Cổng dịch vụ công của tỉnh ngày {d}/12/2022",
    "7.2.2": "Trích xuất Hệ thống thông tin một cửa điện tử ngày {d}/12/2022",
}


def evidence_text(template: str, short: str, code: str) -> str:
    """The text of one criterion of one agency; number and day depend on nothing but these two."""
    digest = hashlib.sha256(f"{short} {code}".encode()).digest()
    number, day = 11 + int.from_bytes(digest[:2], "big") % 880, 1 + digest[2] % 27
    return template.format(n=number, d=f"{day:02d}", u=short) + MADE_UP
