"""The made-up round of Hà Tĩnh: who is scored and what each agency typed. No figure here is real.

Figures are written as in a report: ``23/24`` is b = 23 out of a = 24, ``x2`` an x beside the second
option, ``x0`` an x beside "Không phát sinh", ``?`` a cell left blank. A choice that is not named is
``x1``, its best line.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

SET_ID, YEAR = "ha-tinh-2019-iv", 2026
ECONOMY = "Ngành dọc kinh tế – tài chính"
JUSTICE = "Nội chính, tư pháp và dịch vụ"

SETTINGS: dict[str, Any] = {
    "Tên đợt chấm": "Chấm điểm Chỉ số CCHC các cơ quan Trung ương năm 2026 (số liệu minh họa)",
    "Năm": YEAR,
    "Cơ quan chủ quản": "UBND tỉnh Hà Tĩnh",
    "Cơ quan chủ trì": "Sở Nội vụ tỉnh Hà Tĩnh",
    "Địa danh": "Hà Tĩnh",
    "Hạn nộp": dt.date(2026, 12, 20),
    "Kiểu đồng hạng": "1-1-3",
}
GUIDANCE = "Công văn số 001/SNV-CCHC ngày 05/12/2026 (minh họa) về xử lý các trường hợp không phát sinh"
# 2.3.1 is left open on purpose: its two units stay provisional.
RULINGS = [
    ["1.4.2", "không áp dụng", GUIDANCE],
    ["1.4.3", "không áp dụng", GUIDANCE],
    ["1.4.4.1", "đủ điểm", GUIDANCE],
    ["1.4.4.2", "không áp dụng", GUIDANCE],
    ["1.5", "đủ điểm", GUIDANCE],
    ["2.2", "không áp dụng", GUIDANCE],
    ["3.4.2", "đủ điểm", GUIDANCE],
    ["4.1.4.1", "0 điểm", GUIDANCE],
    ["4.1.5.1", "0 điểm", GUIDANCE],
    ["4.2.2", "không áp dụng", GUIDANCE],
]
EXEMPTIONS = [
    [
        "vien-kiem-sat",
        "4.1.5",
        "Hồ sơ nghiệp vụ kiểm sát không được gửi, trả qua dịch vụ bưu chính công ích",
        "Công văn số 002/SNV-CCHC ngày 05/12/2026 (minh họa)",
    ],
]
BANDS = [["*", "Xuất sắc", 90], ["*", "Tốt", 80], ["*", "Khá", 70], ["*", "Trung bình", 50], ["*", "Yếu", 0]]


@dataclass(frozen=True)
class Slip:
    """A cell as it was mistyped: what stands in it, and (``formula``) the formula behind that value."""

    typed: int | str
    formula: str = ""


@dataclass(frozen=True)
class Agency:
    """One unit. ``file``: its name in 2-nop, "" if it sent nothing; ``earlier``: its first submission."""

    code: str
    short: str  # in the numbers of its documents
    name: str
    group: str
    parent: str
    post: str
    signer: str
    survey: float
    file: str = ""
    submitted: dt.date | None = None
    figures: str = ""
    slips: dict[str, Slip] = field(default_factory=dict)
    earlier: tuple[str, str] | None = None  # file, figures


def _day(day: int) -> dt.date:
    return dt.date(2026, 12, day)


AGENCIES = (
    Agency(
        code="cuc-thue",
        short="CTHT",
        name="Cục Thuế tỉnh Hà Tĩnh",
        group=ECONOMY,
        parent="Tổng cục Thuế",
        post="Cục trưởng",
        signer="Nguyễn Văn A",
        survey=17.4,
        file="Cục Thuế - phiếu chấm điểm 2026.xlsx",
        submitted=_day(10),
        figures="""
        1.2=24/24 1.3=q1+q3+h1+year 1.4.2=9/11 1.4.4.2=9/9 1.6.1=12/12
        2.1.1=3/3 2.1.3=3/3 2.2=18/18 2.3.1=26/26 2.3.2=2/2 2.4=41/41 2.5.2=5/6 2.5.3=3/3
        3.1=186/186 3.2.1=x1:181/181 3.2.2=212/212 3.3=48216/48428 3.5.2=14/14
        4.1.1=412/412 4.1.2=21348/21500 4.1.3=91.5/100 4.1.4.1=112/142 4.1.4.2=9120/48428
        4.1.4.3=31480/48428 4.1.5.1=21/40 4.1.5.2=2950/48428 4.1.5.3=4560/47980
        4.2.2=11/11 4.2.5=57/60 4.2.6=3150/3320
        """,
    ),
    Agency(
        code="kho-bac",
        short="KBHT",
        name="Kho bạc Nhà nước Hà Tĩnh",
        group=ECONOMY,
        parent="Kho bạc Nhà nước",
        post="Giám đốc",
        signer="Trần Thị B",
        survey=17.65,
        file="KBNN Ha Tinh.xlsx",
        submitted=_day(9),
        figures="""
        1.2=18/19 1.3=q1+q3+h1+year 1.4.2=8/10 1.4.4.1=x0 1.4.4.2=8/8 1.5=x0 1.6.1=9/10 1.7=x2
        2.1.1=0/0 2.1.3=0/0 2.2=11/12 2.3.1=14/14 2.3.2=0/0 2.4=33/33 2.5.2=0/0 2.5.3=0/0
        3.1=14/14 3.2.1=x1:14/14 3.2.2=0/0 3.3=15684/15684 3.4.2=x0 3.5.2=0/0
        4.1.1=168/168 4.1.2=9120/9214 4.1.3=82/100 4.1.4.1=10/12 4.1.4.2=1260/15684
        4.1.4.3=12930/15684 4.1.5.1=2/6 4.1.5.2=160/15684 4.1.5.3=310/15684
        4.2.2=10/10 4.2.5=38/40 4.2.6=1210/1350
        """,
    ),
    Agency(
        code="cuc-hai-quan",
        short="HQHT",
        name="Cục Hải quan tỉnh Hà Tĩnh",
        group=ECONOMY,
        parent="Tổng cục Hải quan",
        post="Cục trưởng",
        signer="Lê Văn C",
        survey=17.2,
        file="Phiếu chấm điểm CCHC 2026 Cục Hải quan (bản gửi).xlsx",
        submitted=_day(14),
        figures="""
        1.1=x2 1.2=16/20 1.3=q1+q3+h1+year 1.4.2=3/6 1.4.4.2=3/3 1.5=x2 1.6.1=17/20 1.7=x2
        2.1.1=1/1 2.1.3=1/1 2.2=9/9 2.3.1=19/20 2.3.2=1/1 2.4=36/36 2.5.2=5/5 2.5.3=2/2
        3.1=219/219 3.2.1=x1:214/214 3.2.2=490/500 3.3=12000/12500 3.5.2=7/7
        4.1.1=189/210 4.1.2=8100/9000 4.1.3=78.25/100 4.1.4.1=126/210 4.1.4.2=1250/12500
        4.1.4.3=2500/12500 4.1.5.1=0/0 4.1.5.2=0/12500 4.1.5.3=0/12500
        4.2.2=6/6 4.2.5=45/50 4.2.6=900/1000
        """,
    ),
    Agency(
        code="nhnn",
        short="NHHT",
        name="Ngân hàng Nhà nước chi nhánh tỉnh Hà Tĩnh",
        group=ECONOMY,
        parent="Ngân hàng Nhà nước Việt Nam",
        post="Giám đốc",
        signer="Phạm Thị D",
        survey=16.9,
        file="nhnn-2026-final.xlsx",
        submitted=_day(11),
        figures="""
        1.2=14/15 1.3=q1+q3+h1+year 1.4.1=x2 1.4.2=0/0 1.4.3=x0 1.4.4.1=x0 1.4.4.2=0/0 1.5=x2
        1.6.1=8/8 1.7=x3
        2.1.1=2/2 2.1.3=2/2 2.2=14/14 2.3.1=11/11 2.3.2=1/1 2.4=27/28 2.5.2=3/3 2.5.3=2/2
        3.1=32/32 3.2.1=x1:30/30 3.2.2=0/0 3.3=246/246 3.5.2=0/0 3.6=x1
        4.1.1=47/47 4.1.2=5240/5420 4.1.3=74/100 4.1.4.1=8/19 4.1.4.2=18/246
        4.1.4.3=31/246 4.1.5.1=5/12 4.1.5.2=21/246 4.1.5.3=38/246
        4.2.2=0/0 4.2.5=20/20 4.2.6=540/620
        """,
    ),
    Agency(
        code="cuc-thong-ke",
        short="TKHT",
        name="Cục Thống kê tỉnh Hà Tĩnh",
        group=ECONOMY,
        parent="Tổng cục Thống kê",
        post="Cục trưởng",
        signer="Hoàng Văn E",
        survey=16.94,
        file="Bổ sung/Cục Thống kê nộp lại lần 2.xlsx",
        submitted=_day(17),
        figures="""
        1.2=15/16 1.3=q1+q3+h1+year 1.4.2=6/9 1.4.4.2=6/6 1.6.1=7/8 1.7=x2
        2.1.1=1/1 2.1.3=1/1 2.2=6/7 2.3.1=8/8 2.3.2=0/0 2.4=24/24 2.5.1=x2 2.5.2=0/0 2.5.3=0/0 2.6.2=x2
        3.1=3/3 3.2.1=x1:3/3 3.2.2=0/0 3.3=64/64 3.4.2=x0 3.5.2=0/0
        4.1.1=118/121 4.1.2=6410/6600 4.1.3=80.5/100 4.1.4.1=1/3 4.1.4.2=8/64
        4.1.4.3=11/64 4.1.5.1=2/3 4.1.5.2=7/64 4.1.5.3=9/64
        4.2.2=8/9 4.2.5=28/30 4.2.6=705/800 4.2.7=x1
        """,
        earlier=(
            "cuc-thong-ke.xlsx",
            """
            1.2=13/16 1.3=q1+h1+year 1.4.2=5/9 1.4.4.2=5/5 1.6.1=7/8 1.7=x2
            2.1.1=1/1 2.1.3=1/1 2.2=6/7 2.3.1=8/8 2.3.2=0/0 2.4=24/24 2.5.1=x2 2.5.2=0/0 2.5.3=0/0 2.6.2=x2
            3.1=3/3 3.2.1=x1:3/3 3.2.2=0/0 3.3=61/64 3.4.2=x0 3.5.2=0/0
            4.1.1=118/121 4.1.2=6410/6600 4.1.3=80.5/100 4.1.4.1=1/3 4.1.4.2=8/64
            4.1.4.3=11/64 4.1.5.1=2/3 4.1.5.2=7/64 4.1.5.3=9/64
            4.2.2=8/9 4.2.5=28/30 4.2.6=?/800 4.2.7=x1
            """,
        ),
    ),
    Agency(
        code="bhxh",
        short="BHHT",
        name="Bảo hiểm xã hội tỉnh Hà Tĩnh",
        group=ECONOMY,
        parent="Bảo hiểm xã hội Việt Nam",
        post="Giám đốc",
        signer="Vũ Thị G",
        survey=18.35,
        file="BHXH_phieu cham diem (1).xlsx",
        submitted=_day(8),
        figures="""
        1.2=21/22 1.3=q1+q3+h1+year 1.4.2=9/13 1.4.4.2=9/9 1.6.1=14/15 1.7=x2
        2.1.1=2/2 2.1.3=2/2 2.2=15/16 2.3.1=22/22 2.3.2=1/1 2.4=38/38 2.5.2=8/9 2.5.3=4/4
        3.1=25/25 3.2.1=x1:25/25 3.2.2=492/502 3.3=125978/126480 3.5.2=38/38
        4.1.1=286/286 4.1.2=27840/28312 4.1.3=88.75/100 4.1.4.1=20/24 4.1.4.2=16450/126480
        4.1.4.3=58370/126480 4.1.5.1=19/25 4.1.5.2=14210/126480 4.1.5.3=24880/125978
        4.2.2=12/13 4.2.5=72/75 4.2.6=8120/9350
        """,
    ),
    Agency(
        code="qltt",
        short="QTHT",
        name="Cục Quản lý thị trường tỉnh Hà Tĩnh",
        group=ECONOMY,
        parent="Tổng cục Quản lý thị trường",
        post="Cục trưởng",
        signer="Đỗ Văn H",
        survey=15.4,
        file="QLTT Hà Tĩnh.xlsx",
        submitted=_day(18),
        figures="""
        1.1=x2 1.2=17/20 1.3=q1+h1+year 1.4.2=4/7 1.4.4.2=4/4 1.5=x2 1.6.1=9/11 1.7=x3
        2.1.1=1/1 2.1.3=1/1 2.2=10/11 2.3.1=16/18 2.3.2=1/1 2.4=30/31 2.5.2=?/7 2.5.3=5/5
        3.1=12/12 3.2.1=x1:12/12 3.2.2=0/0 3.3=186/188 3.4.1=x2 3.5.2=6/6 3.6=x1+2
        4.1.1=108/114 4.1.2=3950/4210 4.1.3=71/100 4.1.4.1=4/10 4.1.4.2=22/188
        4.1.4.3=15/188 4.1.5.1=3/8 4.1.5.2=12/188 4.1.5.3=20/186
        4.2.1=x2 4.2.2=7/7 4.2.5=24/30 4.2.6=1180/1108
        """,
    ),
    Agency(
        code="nhcsxh",
        short="CSHT",
        name="Ngân hàng Chính sách xã hội chi nhánh tỉnh Hà Tĩnh",
        group=ECONOMY,
        parent="Ngân hàng Chính sách xã hội",
        post="Giám đốc",
        signer="Bùi Thị K",
        survey=17.9,
        file="NHCSXH-tu cham diem.xlsx",
        submitted=_day(12),
        figures="""
        1.1=x2 1.2=15/17 1.3=q1+q3+h1+year 1.4.2=7/12 1.4.4.2=7/7 1.5=x2 1.6.1=10/11 1.6.2.2=x2 1.7=x3
        2.1.1=0/0 2.1.3=0/0 2.2=4/5 2.3.1=6/7 2.3.2=0/0 2.4=19/19 2.5.1=x2 2.5.2=0/0 2.5.3=0/0 2.6.2=x2
        3.1=16/16 3.2.1=x1:16/16 3.2.2=9/9 3.3=8731/8740 3.4.1=x2 3.4.2=x2 3.5.2=11/11 3.6=x2
        4.1.1=152/160 4.1.2=4480/4920 4.1.3=63.5/100 4.1.4.1=0/0 4.1.4.2=0/8740
        4.1.4.3=0/8740 4.1.5.1=0/0 4.1.5.2=0/8740 4.1.5.3=0/8731
        4.1.6=x2 4.2.1=x2 4.2.2=11/12 4.2.5=33/40 4.2.6=1480/1900
        """,
    ),
    Agency(
        code="cong-an",
        short="CAHT",
        name="Công an tỉnh Hà Tĩnh",
        group=JUSTICE,
        parent="Bộ Công an",
        post="Giám đốc",
        signer="Ngô Văn L",
        survey=17.85,
        file="CAT_PCĐ CCHC 2026.xlsx",
        submitted=_day(15),
        figures="""
        1.2=32/32 1.3=q1+q3+h1+year 1.4.2=18/20 1.4.4.2=18/18 1.6.1=16/16
        2.1.1=4/4 2.1.3=4/4 2.2=22/22 2.3.1=34/34 2.3.2=3/3 2.4=57/57 2.5.2=12/13 2.5.3=6/6
        3.1=226/226 3.2.1=x1:208/208 3.2.2=318/318 3.3=215042/215360 3.5.2=21/21
        4.1.1=1460/1520 4.1.2=33120/34880 4.1.3=84.5/100 4.1.4.1=96/148 4.1.4.2=41270/215360
        4.1.4.3=46150/215360 4.1.5.1=14/30 4.1.5.2=22940/215360 4.1.5.3=28115/214860
        4.2.2=20/20 4.2.5=88/90 4.2.6=12480/13900
        """,
    ),
    Agency(
        code="bch-quan-su",
        short="QSHT",
        name="Bộ Chỉ huy Quân sự tỉnh Hà Tĩnh",
        group=JUSTICE,
        parent="Bộ Tư lệnh Quân khu 4",
        post="Chỉ huy trưởng",
        signer="Đặng Văn M",
        survey=17.3,
        file="BCHQS tinh - Phieu 2026.xlsx",
        submitted=_day(7),
        figures="""
        1.2=12/13 1.3=q1+q3+h1+year 1.4.2=9/12 1.4.4.1=x0 1.4.4.2=9/9 1.5=x0 1.6.1=6/7 1.7=x3
        2.1.1=1/1 2.1.3=1/1 2.2=5/5 2.3.1=9/9 2.3.2=0/0 2.4=21/21 2.5.2=2/2 2.5.3=1/1
        3.1=18/18 3.2.1=x2:12/18 3.2.2=0/0 3.3=1312/1312 3.4.2=x0 3.5.2=0/0
        4.1.1=96/104 4.1.2=2710/3000 4.1.3=66/100 4.1.4.1=3/9 4.1.4.2=96/1312
        4.1.4.3=140/1312 4.1.5.1=2/5 4.1.5.2=70/1312 4.1.5.3=135/1312
        4.2.1=x2 4.2.2=11/12 4.2.5=25/28 4.2.6=610/790
        """,
    ),
    Agency(
        code="bien-phong",
        short="BPHT",
        name="Bộ Chỉ huy Bộ đội Biên phòng tỉnh Hà Tĩnh",
        group=JUSTICE,
        parent="Bộ Tư lệnh Bộ đội Biên phòng",
        post="Chỉ huy trưởng",
        signer="Hồ Văn N",
        survey=17.1,
    ),
    Agency(
        code="vien-kiem-sat",
        short="KSHT",
        name="Viện Kiểm sát nhân dân tỉnh Hà Tĩnh",
        group=JUSTICE,
        parent="Viện Kiểm sát nhân dân tối cao",
        post="Viện trưởng",
        signer="Phan Thị P",
        survey=16.6,
        file="VKSND_2026.xlsx",
        submitted=_day(16),
        figures="""
        1.2=15/18 1.3=q1+q3+h1+year 1.4.2=7/13 1.4.4.2=6/7 1.5=x2 1.6.1=8/9 1.7=x2
        2.1.1=0/0 2.1.3=0/0 2.2=10/10 2.3.1=12/12 2.3.2=0/0 2.4=29/29 2.5.2=4/4 2.5.3=3/3
        3.1=6/6 3.2.1=x1:6/6 3.2.2=3/3 3.3=402/405 3.5.2=2/2
        4.1.1=141/150 4.1.2=7020/7800 4.1.3=69/100 4.1.4.1=2/4 4.1.4.2=48/405
        4.1.4.3=37/405
        4.2.2=11/13 4.2.3=x2 4.2.5=26/30 4.2.6=2150/2480 4.2.7=x2
        """,
    ),
    Agency(
        code="toa-an",
        short="TAHT",
        name="Tòa án nhân dân tỉnh Hà Tĩnh",
        group=JUSTICE,
        parent="Tòa án nhân dân tối cao",
        post="Chánh án",
        signer="Mai Văn Q",
        survey=16.2,
        file="tand ha tinh/Phieu tu cham diem TAND (ban cuoi).xlsx",
        submitted=_day(19),
        figures="""
        1.2=13/15 1.3=q1+q3+h1+year 1.4.2=8/13 1.4.4.2=8/8 1.6.1=8/8 1.6.2.2=x2 1.7=x3
        2.1.1=0/0 2.1.3=0/0 2.2=7/8 2.3.1=10/10 2.3.2=0/0 2.4=25/25 2.5.2=1/1 2.5.3=1/1
        3.1=9/9 3.2.1=x1:9/9 3.2.2=6/6 3.3=2914/2920 3.4.1=x2 3.5.2=3/3
        4.1.1=165/168 4.1.2=1190/1234 4.1.3=64.5/100 4.1.4.1=3/7 4.1.4.2=310/2920
        4.1.4.3=245/2920 4.1.5.1=4/9 4.1.5.2=305/2920 4.1.5.3=420/2914
        4.2.1=x2 4.2.2=13/13 4.2.5=31/40 4.2.6=1500/1580
        """,
        slips={
            "4.1.1/b": Slip(165, formula="168-3"),
            "4.1.2/a": Slip("1.234"),
            "4.2.6/b": Slip("95%"),
        },
    ),
    Agency(
        code="thads",
        short="THHT",
        name="Cục Thi hành án dân sự tỉnh Hà Tĩnh",
        group=JUSTICE,
        parent="Tổng cục Thi hành án dân sự",
        post="Cục trưởng",
        signer="Trịnh Thị S",
        survey=15.95,
        file="THADS - phieu cham diem.xlsx",
        submitted=_day(13),
        figures="""
        1.1=x2 1.2=14/18 1.3=h1+year 1.4.1=x2 1.4.2=6/13 1.4.3=x2 1.4.4.2=5/6 1.5=x2 1.6.1=7/8 1.7=x3
        2.1.1=0/0 2.1.3=0/0 2.2=8/11 2.3.1=13/15 2.3.2=1/1 2.4=22/24 2.5.2=6/8 2.5.3=4/5 2.6.2=x2
        3.1=38/39 3.2.1=x1:39/39 3.2.2=40/44 3.3=1692/1736 3.4.1=x2 3.4.2=x2 3.5.2=17/18 3.6=x2
        4.1.1=112/121 4.1.2=5110/5600 4.1.3=61/100 4.1.4.1=6/14 4.1.4.2=180/1736
        4.1.4.3=210/1736 4.1.5.1=5/9 4.1.5.2=96/1736 4.1.5.3=190/1692
        4.1.6=x2 4.2.2=11/13 4.2.3=x2 4.2.5=29/40 4.2.6=3120/5400 4.2.7=x2
        """,
    ),
    Agency(
        code="buu-dien",
        short="BDHT",
        name="Bưu điện tỉnh Hà Tĩnh",
        group=JUSTICE,
        parent="Tổng công ty Bưu điện Việt Nam",
        post="Giám đốc",
        signer="Lương Văn T",
        survey=17.45,
        file="Bưu điện tỉnh (phiếu CCHC).xlsx",
        submitted=_day(10),
        figures="""
        1.2=13/14 1.3=q1+q3+h1+year 1.4.2=8/10 1.4.4.2=8/8 1.6.1=10/10 1.7=x2
        2.1.1=0/0 2.1.3=0/0 2.2=0/0 2.3.1=0/0 2.3.2=0/0 2.4=12/12 2.5.2=0/0 2.5.3=0/0
        3.1=11/11 3.2.1=x1:11/11 3.2.2=31/31 3.3=5209/5240 3.5.2=9/9
        4.1.1=231/240 4.1.2=3860/4020 4.1.3=79/100 4.1.4.1=5/8 4.1.4.2=690/5240
        4.1.4.3=905/5240 4.1.5.1=11/11 4.1.5.2=2310/5240 4.1.5.3=2645/5209
        4.2.2=10/10 4.2.5=36/40 4.2.6=820/880
        """,
    ),
    Agency(
        code="dien-luc",
        short="DLHT",
        name="Công ty Điện lực Hà Tĩnh",
        group=JUSTICE,
        parent="Tổng công ty Điện lực miền Bắc",
        post="Giám đốc",
        signer="Cao Thị V",
        survey=17.55,
        file="Dien luc HT.xlsx",
        submitted=_day(11),
        figures="""
        1.2=19/20 1.3=q1+q3+h1+year 1.4.2=10/13 1.4.4.2=10/10 1.6.1=11/12
        2.1.1=0/0 2.1.3=0/0 2.2=3/3 2.3.1=0/0 2.3.2=0/0 2.4=15/15 2.5.1=x2 2.5.2=0/0 2.5.3=0/0 2.6.1=x2
        3.1=17/17 3.2.1=x1:17/17 3.2.2=58/58 3.3=31624/31682 3.4.2=x0 3.5.2=26/26
        4.1.1=640/640 4.1.2=14870/15010 4.1.3=86.4/100 4.1.4.1=17/17 4.1.4.2=3410/31682
        4.1.4.3=24390/31682 4.1.5.1=3/6 4.1.5.2=410/31682 4.1.5.3=520/31624
        4.2.2=13/13 4.2.5=48/50 4.2.6=2950/3200
        """,
    ),
)
