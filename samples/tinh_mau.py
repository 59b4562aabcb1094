"""The made-up province of the 2022 table. No figure here is real; the notation is that of ``ha_tinh``.

``20+3/24`` is b = 20 and c = 3 out of a = 24; a plain number is n.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

SET_ID, YEAR = "par-index-tthc-2022", 2022
CODE, SHORT, NAME = "tinh-mau", "UBND", "Tỉnh Mẫu (số liệu minh họa)"
FILE = "Tỉnh Mẫu - tự đánh giá 2022.xlsx"

SETTINGS: dict[str, Any] = {
    "Tên đợt chấm": "Tự đánh giá Chỉ số CCHC về TTHC năm 2022 (số liệu minh họa)",
    "Năm": YEAR,
    "Cơ quan chủ quản": "UBND TỈNH MẪU",
    "Cơ quan chủ trì": "Văn phòng UBND Tỉnh Mẫu",
    "Địa danh": "Tỉnh Mẫu",
    "Hạn nộp": dt.date(2022, 12, 25),
    "Kiểu đồng hạng": "1-1-3",
}
UNIT = [CODE, NAME, "", "cchc@tinh-mau.example", dt.date(2022, 12, 20), "", "", "", "Chánh Văn phòng", ""]
BANDS = [["*", "Tốt", 80], ["*", "Khá", 65], ["*", "Trung bình", 50], ["*", "Yếu", 0]]

FIGURES = """
1.6=171+9/186
3.1.1=0 3.1.2=12/12
3.2.1=x1 3.2.2=x1 3.2.3/tinh=1420/1420 3.2.3/huyen=248/248 3.2.3/xa=112/118
3.2.4=238/249 3.2.5/cong=1786/1786 3.2.5/cqcm=19/19 3.2.5/huyen=12/13
3.2.6/cqcm=19/19 3.2.6/huyen=13/13 3.2.6/xa=209/217
3.3.1/tinh=1420/1420 3.3.1/huyen=248/248 3.3.1/xa=118/118 3.3.2=61/78 3.3.3=42 3.3.4=31
3.4.1=186240/189115 3.4.2=94310/96480 3.4.3=310275/312940 3.4.4=x1
3.4.5/cqcm=17/19 3.4.5/huyen=11/13 3.4.5/xa=173/217
3.5.1=46+?/46 3.5.2=44/46
7.1.6=x1 7.1.7=32/32,209/217 7.1.8=x2 7.1.9=612+140/905 7.1.10=x1 7.1.11=14/58
7.2.1=402/905 7.2.2=109640/598535
"""
