"""Hand-made snapshots for the faces of a report: every number is known, so that a test can look for it."""

from typing import Any

from reporting import narrative

CITIES = [
    "南京市",
    "无锡市",
    "徐州市",
    "常州市",
    "苏州市",
    "南通市",
    "连云港市",
    "淮安市",
    "盐城市",
    "扬州市",
    "镇江市",
    "泰州市",
    "宿迁市",
]
FACTS = [
    ("B01.sessions", "职工大讲堂场次", "场", "flow", 1302, 3120, 1180),
    ("B01.attendances", "职工大讲堂参训人次", "人次", "flow", 61475, 150210, 60011),
    ("B01.frontline", "其中一线职工人次", "人次", "flow", 40120, 98000, 39100),
    ("B03.members", "党员总数", "人", "headcount", 81234, None, 81002),
    ("B04.new_frontline", "其中一线职工党员", "人", "flow", 240, 610, 250),
    ("B04.new_members", "新发展党员", "人", "flow", 431, 1020, 431),
    ("B05.empty_teams", "国企党员空白班组", "个", "stock", 37, None, 52),
    ("A01.led_by_principal", "党政主要负责人任组长的企业", "家", "stock", 610, None, 600),
    ("A01.reported", "已报领导机构情况的企业", "家", "stock", 733, None, 700),
    ("A02.plan_reviewed", "方案经职代会审议的企业", "家", "stock", 415, None, None),
    ("A04.meetings", "专题研究产改会议", "次", "stock", 1804, None, 1700),
    ("REG.enterprises", "参加产改企业", "家", "stock", 812, None, 800),
    ("REG.pilots", "试点企业", "家", "stock", 733, None, 733),
    ("REG.headcount", "职工人数", "人", "headcount", 730012, None, 720000),
    ("REG.frontline", "一线职工人数", "人", "headcount", 501231, None, 500000),
    ("REG.party_orgs", "已建立党组织的企业", "家", "stock", 700, None, 690),
    ("REG.unions", "已建立工会组织的企业", "家", "stock", 790, None, 780),
    ("REG.instructors", "配备产改指导员的企业", "家", "stock", 192, None, 190),
]


def _values(share: int) -> dict[str, int]:
    return {code: value // 13 + share for code, _label, _unit, _nature, value, *_rest in FACTS}


#: Stocks are compared over the enterprises that reported both times: their sums are other than the whole ones.
PAIRED = {"B05.empty_teams": (36, 40, 700), "B03.members": (80100, 80000, 699)}


def _comparison(code: str, nature: str, value: int, previous: int | None) -> dict[str, Any] | None:
    if code in PAIRED:
        return dict(zip(("value", "before", "enterprises"), PAIRED[code], strict=True))
    if previous is None or (nature != "flow" and not code.startswith("REG.")):
        return None
    return {"value": value, "before": previous, "enterprises": None}


def provincial() -> dict[str, Any]:
    """江苏省 2026Q3: twelve cities reported, one is silent."""
    units = [
        {
            "code": f"32{index + 1:02d}",
            "name": name,
            "short_name": name[:-1],
            "enterprises": 62 + index,
            "reported": 55 + index,
            "overdue_reviews": 3 if name == "徐州市" else 0,
            "values": _values(index),
        }
        for index, name in enumerate(CITIES)
    ]
    units[-1].update(reported=0, values=dict.fromkeys(units[-1]["values"]))
    return finished(
        {
            "region": {"code": "32", "name": "江苏省", "level": "province"},
            "coverage": {
                "enterprises": 812,
                "reported": 731,
                "nil": 24,
                "due": 1624,
                "done": 1500,
                "on_time": 1390,
                "waiting": 12,
                "overdue_reviews": 3,
            },
            "figures": [
                {
                    "code": code,
                    "label": label,
                    "unit": unit,
                    "nature": nature,
                    "value": value,
                    "year_to_date": ytd,
                    "previous": previous,
                    "comparison": _comparison(code, nature, value, previous),
                    "reporting": 731,
                }
                for code, label, unit, nature, value, ytd, previous in FACTS
            ],
            "units": units,
            "units_are": "city",
            "indicators": [
                {
                    "code": "A01",
                    "name": "党政主要负责人任组长比例",
                    "unit": "%",
                    "value": "83.2",
                    "numerator": 610,
                    "denominator": 733,
                    "direction": "up",
                    "target": 100,
                },
            ],
        }
    )


#: What was a year before: a whole sum, sums over those that reported it both years, and the year to date.
YEAR_BEFORE = {
    "B01.sessions": {"over_year": (1302, 1200, None), "to_date_over_year": (3120, 2000, None)},
    "B03.members": {"over_year": (70000, 69500, 610)},
    "B04.new_members": {"over_year": (431, 450, None)},
    "B05.empty_teams": {"over_year": (30, 30, 550)},
    "REG.enterprises": {"over_year": (812, 700, None)},
}


def with_year_before(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The same of format 3, which compares with the year before as well; what is not in ``YEAR_BEFORE`` has no data of it."""
    for figure in snapshot["figures"]:
        known = YEAR_BEFORE.get(figure["code"], {})
        for name in ("over_year", "to_date_over_year"):
            sides = known.get(name)
            figure[name] = dict(zip(("value", "before", "enterprises"), sides, strict=True)) if sides else None
        figure["no_year"] = "" if known or figure["value"] is None else "no_data"
    snapshot["format"] = 3
    snapshot["sections"] = narrative.sections(snapshot)
    return snapshot


def empty_county() -> dict[str, Any]:
    """A county with two enterprises of which none reported anything."""
    return finished(
        {
            "region": {"code": "320115", "name": "南京市江宁区", "level": "county"},
            "coverage": {
                "enterprises": 2,
                "reported": 0,
                "nil": 0,
                "due": 4,
                "done": 0,
                "on_time": 0,
                "waiting": 0,
                "overdue_reviews": 0,
            },
            "data_as_of": None,
            "figures": [
                {
                    "code": code,
                    "label": label,
                    "unit": unit,
                    "nature": nature,
                    "value": None,
                    "year_to_date": None,
                    "previous": None,
                    "comparison": None,
                    "reporting": 0,
                }
                for code, label, unit, nature, *_rest in FACTS
            ],
            "units": [
                {
                    "code": f"91320115MA0000000{n}",
                    "name": f"样例企业{n}",
                    "short_name": f"样例{n}",
                    "enterprises": 1,
                    "reported": 0,
                    "overdue_reviews": 0,
                    "values": {code: None for code, *_rest in FACTS},
                }
                for n in (1, 2)
            ],
            "units_are": "enterprise",
            "indicators": [],
        }
    )


def finished(parts: dict[str, Any]) -> dict[str, Any]:
    """Fill in what every sample shares, then generate the sentences."""
    figures = {one["code"]: one for one in parts["figures"]}
    snapshot = {
        "format": 2,
        "kind": "quarterly",
        "quarter": "2026Q3",
        "quarter_label": "2026年第三季度",
        "due_on": "2026-10-10",
        "data_as_of": "2026-10-18T09:30:00+08:00",
        "trend": {
            "quarters": ["2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"],
            "series": {
                code: [None, None, one["previous"], one["previous"], one["value"]] for code, one in figures.items()
            },
        },
        **parts,
    }
    snapshot["sections"] = narrative.sections(snapshot)
    return snapshot
