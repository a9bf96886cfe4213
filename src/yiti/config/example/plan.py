"""The work that is open when the example begins: who stands where, and since when. Data, as a case table.

`minutes` is the age of the wait: for what is not answered yet since it was sent (working time unless urgent),
on the road until the expected arrival, else since the state began. Negative is in the past for arrivals.
"""

from __future__ import annotations

from dataclasses import dataclass

from yiti.config.example.conditions import CITY, HEAD, MATERNAL, TCM

DAY = 24 * 60
OWN_CLINIC = "LN-SP-03"  # 油岭村卫生站, of 唐桂花
OWN_TOWNSHIP, OWN_PHYSICIAN, OWN_DOCTOR = "LN-SP", "邓志明", "陈国栋"


@dataclass(frozen=True, slots=True)
class Case:
    """One open way. `sender` is the code of a township, a clinic or the head hospital; `name` somebody of
    the cast; `by` and `doctor` who sends and who treats, by name; `due` days until the first follow-up;
    `asks` code and words of what is asked for when it is returned. `urgency` is that of the way up."""

    state: str
    code: str
    urgency: str
    minutes: int
    sender: str
    name: str = ""
    hospital: str = HEAD
    ward: str = ""
    text: str = ""
    by: str = ""
    doctor: str = ""
    due: int = 0
    keeps_up_open: bool = False
    asks: tuple[str, str] = ("", "")

    @property
    def is_down(self) -> bool:
        """Whether it is the way home that is open."""
        return self.state.startswith("down_")


CASES = (
    Case("sent", "O14.1", "urgent", 56, "LN-WS", "唐九妹", text="妊娠 32 周，重度子痫前期"),
    Case("sent", "I20.0", "urgent", 38, OWN_TOWNSHIP, "房志生", by=OWN_PHYSICIAN),
    Case("sent", "J18.9", "urgent", 16, "LN-DMS", "沈小满", ward="EK", text="肺炎，呼吸急促待查"),
    Case("sent", "M51.1", "routine", 128, "LN-ZG", "邓福贵"),
    Case("sent", "E11.5", "routine", 115, "LN-DP", "李桂英", text="糖尿病足，2 级"),
    Case("sent", "K80.1", "routine", 20, "LN-XP", "盘志强"),
    Case("sent", "S72.0", "routine", 170, "LN-SJ", "唐桂妹", hospital=TCM),
    Case("sent", "O24.4", "routine", 60, "LN-ZG", hospital=MATERNAL),
    Case("sent", "J44.1", "routine", 90, OWN_CLINIC, hospital=OWN_TOWNSHIP, ward="NK"),
    Case("submitted", "C34.9", "routine", 70, HEAD, hospital=CITY),
    Case("submitted", "I60.9", "urgent", 12, HEAD, hospital=CITY),
    Case(
        "returned",
        "R91",
        "routine",
        60,
        "LN-ZG",
        "莫水生",
        text="右上肺占位，性质待定",
        asks=("results", "请补充胸片报告和痰涂片结果"),
    ),
    Case(
        "returned",
        "I10",
        "routine",
        35,
        OWN_CLINIC,
        asks=("medication", "请写明三种降压药的名称和剂量"),
    ),
    Case("accepted", "K35.8", "urgent", 25, "LN-DMS"),
    Case("accepted", "I50.0", "routine", 70, OWN_CLINIC),
    Case("accepted", "N20.1", "urgent", 15, OWN_TOWNSHIP, by=OWN_PHYSICIAN),
    Case(
        "in_transit",
        "I63.9",
        "urgent",
        25,
        OWN_TOWNSHIP,
        "房买尾一",
        by=OWN_PHYSICIAN,
        text="脑梗死，发病 2 小时",
    ),
    Case("in_transit", "O00.9", "urgent", 55, "LN-SJ", "唐丽珍", text="异位妊娠待排"),
    Case("in_transit", "K92.2", "urgent", -10, "LN-ZG"),
    Case("arrived", "R55", "urgent", 12, "LN-DMS", doctor=OWN_DOCTOR),
    Case("arrived", "K80.1", "routine", 45, "LN-SJ"),
    Case("in_care", "I20.0", "urgent", 2 * DAY, OWN_TOWNSHIP, by=OWN_PHYSICIAN, doctor=OWN_DOCTOR),
    Case("in_care", "I50.0", "routine", 5 * DAY, "LN-DP", doctor=OWN_DOCTOR),
    Case("in_care", "I10", "routine", 3 * DAY, "LN-ZG", doctor=OWN_DOCTOR),
    Case("in_care", "I63.9", "critical", DAY, "LN-ZG"),
    Case("in_care", "I63.9", "urgent", 6 * DAY, "LN-SJ"),
    Case("in_care", "K80.1", "routine", 4 * DAY, "LN-ZG"),
    Case("in_care", "K35.8", "urgent", 2 * DAY, "LN-XP"),
    Case("in_care", "S72.0", "routine", 8 * DAY, "LN-DMS"),
    Case("in_care", "S82.2", "urgent", 3 * DAY, "LN-ZG"),
    Case("in_care", "M51.1", "routine", 6 * DAY, OWN_CLINIC),
    Case("in_care", "O14.1", "critical", DAY, "LN-SJ"),
    Case("in_care", "J18.9", "urgent", 2 * DAY, "LN-ZG", ward="EK"),
    Case("in_care", "J44.1", "routine", 5 * DAY, "LN-WS"),
    Case("in_care", "E11.5", "routine", 9 * DAY, "LN-SJ"),
    Case("in_care", "K92.2", "urgent", 3 * DAY, "LN-DMS"),
    Case("in_care", "S06.5", "critical", 7 * DAY, "LN-ZG"),
    Case("in_care", "J18.9", "routine", 4 * DAY, "LN-ZG", hospital=TCM, ward="NK"),
    Case("in_care", "O24.4", "routine", 2 * DAY, "LN-DMS", hospital=MATERNAL),
    Case("outcome_sent", "I20.0", "urgent", DAY, OWN_TOWNSHIP, by=OWN_PHYSICIAN),
    Case("outcome_sent", "N18.9", "routine", 2 * DAY, OWN_CLINIC),
    Case("outcome_sent", "R10.4", "routine", 3 * DAY, "LN-ZG"),
    Case(
        "down_sent", "S72.0", "routine", 95, "LN-DMS", "唐亚木", text="股骨颈骨折术后康复", keeps_up_open=True
    ),
    Case("down_sent", "I63.9", "urgent", 150, "LN-ZG", "邓春兰", text="脑梗死恢复期", keeps_up_open=True),
    Case("down_sent", "I20.0", "urgent", 60, OWN_TOWNSHIP, doctor=OWN_DOCTOR),
    Case("down_sent", "J44.1", "routine", 1300, "LN-XP", "邓长生", text="慢阻肺，急性加重已控制"),
    Case(
        "down_returned",
        "I50.0",
        "routine",
        90,
        "LN-SJ",
        doctor=OWN_DOCTOR,
        asks=("medication", "请写明体重增减多少时呋塞米怎么调"),
    ),
    Case("down_received", "I20.0", "urgent", 4 * DAY, OWN_CLINIC, doctor=OWN_DOCTOR, due=1),
    Case("down_received", "S72.0", "routine", 6 * DAY, OWN_CLINIC, due=-1),
    Case("down_received", "K80.1", "routine", 6 * DAY, "LN-DP", "盘桂兰", text="胆囊切除术后", due=-2),
    Case("down_received", "M51.1", "routine", 2 * DAY, "LN-ZG", due=3, keeps_up_open=True),
    Case("down_received", "E11.5", "routine", 3 * DAY, "LN-SJ", due=2),
    Case("down_received", "K35.8", "urgent", 2 * DAY, "LN-DMS", due=4),
    Case("down_received", "J44.1", "routine", 3 * DAY, "LN-WS", due=0),
)
