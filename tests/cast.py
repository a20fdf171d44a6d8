"""The named cast used everywhere: two cities, three counties, enterprises, and one person for each role.

江苏省 32
├── 南京市 3201 ── 江宁区 320115 (dongshan: 江宁示例机械有限公司; second: 江宁示例电气有限公司)
│            └─── 鼓楼区 320106 (gulou: 鼓楼示例软件有限公司)
└── 苏州市 3205 ── 苏州工业园区 320571 (yuanqu: 园区示例材料有限公司)
"""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from stdnum.cn import uscc

from enterprises.bases.sorts import load_base_sorts
from enterprises.models import Enterprise, Industry, Ownership, PilotTier, Size
from foundation.access.models import Grant, Role
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.places.actions import save_place
from foundation.places.models import Level, Place, pinyin_initials
from ideology.loading import load_representative_categories
from records.core.undecided import load_undecided
from records.duties.actions import ensure_quarter
from rights.loading import load_incentive_items
from services.loading import load_aid_projects, load_honours
from skills.loading import load_purposes

PASSWORD = "Portal-Test-2026"
_HASH = make_password(PASSWORD, salt="cast-salt")

#: The first 17 characters of made-up unified social credit codes; the check character is computed.
CODE_BASES = ("91320115000000001", "91320115000000002", "91320106000000003", "91320571000000004")


@dataclass
class Cast:
    places: dict[str, Place] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str):
        for store in ("enterprises", "people"):
            # A copy asks for its own methods before it holds anything.
            if name in self.__dict__.get(store, {}):
                return self.__dict__[store][name]
        raise AttributeError(name)


def make_places() -> dict[str, Place]:
    province = save_place(level=Level.PROVINCE, code="32", name="江苏省", short_name="江苏")
    nanjing = save_place(level=Level.CITY, code="3201", name="南京市", short_name="南京", parent=province)
    suzhou = save_place(level=Level.CITY, code="3205", name="苏州市", short_name="苏州", parent=province)
    rows = [
        save_place(level=Level.COUNTY, code="320115", name="江宁区", parent=nanjing),
        save_place(level=Level.COUNTY, code="320106", name="鼓楼区", parent=nanjing),
        save_place(level=Level.ZONE, code="320571", name="苏州工业园区", parent=suzhou),
    ]
    return {place.code: place for place in (province, nanjing, suzhou, *rows)}


def make_enterprise(*, county: Place, name: str, code: str, **values) -> Enterprise:
    place = save_place(level=Level.ENTERPRISE, code=code, name=name, parent=county)
    Industry.objects.get_or_create(code="C", defaults={"level": "section", "name": "制造业"})
    defaults = {
        "ownership": Ownership.PRIVATE,
        "size": Size.MEDIUM,
        "pilot_tier": PilotTier.CITY,
        "headcount": 200,
        "frontline_count": 120,
        "has_union": True,
        "has_party_organisation": True,
    }
    return Enterprise.objects.create(
        place=place,
        name=name,
        initials=pinyin_initials(name),
        credit_code=code,
        province_id=county.province_id,
        city_id=county.city_id,
        county=county,
        industry_id="C",
        **{**defaults, **values},
    )


def make_person(username: str, full_name: str, role: str, place: Place) -> User:
    user = User.objects.create(username=username, full_name=full_name, password=_HASH)
    Grant.objects.create(user=user, role=role, place=place)
    return user


def make_cast() -> Cast:
    """Everything the stories need; open quarters are the current one and the one before."""
    load_representative_categories()
    load_honours()
    load_incentive_items()
    load_purposes()
    load_aid_projects()
    load_base_sorts()
    load_undecided()
    codes = [base + uscc.calc_check_digit(base) for base in CODE_BASES]
    cast = Cast(places=make_places())
    county, gulou, zone = (cast.places[code] for code in ("320115", "320106", "320571"))
    cast.enterprises = {
        "enterprise": make_enterprise(county=county, name="江宁示例机械有限公司", code=codes[0]),
        "second_enterprise": make_enterprise(
            county=county, name="江宁示例电气有限公司", code=codes[1], ownership=Ownership.STATE
        ),
        "gulou_enterprise": make_enterprise(county=gulou, name="鼓楼示例软件有限公司", code=codes[2]),
        "neighbour_enterprise": make_enterprise(county=zone, name="园区示例材料有限公司", code=codes[3]),
    }
    enterprises = cast.enterprises
    cast.people = {
        "clerk": make_person("clerk", "陈经办", Role.CLERK, enterprises["enterprise"].place),
        "lead": make_person("lead", "李主席", Role.LEAD, enterprises["enterprise"].place),
        "second_clerk": make_person("second_clerk", "孙经办", Role.CLERK, enterprises["second_enterprise"].place),
        "neighbour": make_person("neighbour", "吴邻居", Role.CLERK, enterprises["neighbour_enterprise"].place),
        "county": make_person("county", "周县办", Role.COUNTY, county),
        "county_colleague": make_person("county_colleague", "郑县办", Role.COUNTY, county),
        "other_county": make_person("other_county", "钱区办", Role.COUNTY, gulou),
        "neighbour_county": make_person("neighbour_county", "冯园区办", Role.COUNTY, zone),
        "city": make_person("city", "王市办", Role.CITY, cast.places["3201"]),
        "neighbour_city": make_person("neighbour_city", "何市办", Role.CITY, cast.places["3205"]),
        "province": make_person("province", "赵省办", Role.PROVINCE, cast.places["32"]),
        "auditor": make_person("auditor", "许审计", Role.AUDITOR, cast.places["32"]),
        "admin": make_person("admin", "高管理", Role.ADMIN, cast.places["32"]),
    }
    now = Quarter.current()
    for quarter in (now.previous(), now):
        ensure_quarter(quarter)
    return cast
