"""Enterprises by sets, with their places, clerks, pilots and yearly profiles: most small, few large, counties uneven."""

import datetime
import random

from django.db.backends.utils import CursorWrapper

from backoffice.scale.people import PREFIX
from backoffice.scale.sql import draw, insert_select, literal, make_table, make_table_of, next_keys, weighted
from enterprises.factories import TRADES, name_stem
from enterprises.models import Enterprise, Ownership, Pilot, PilotTier, Size, YearlyProfile
from foundation.access.models import Grant, Role
from foundation.accounts.models import User
from foundation.audit.models import Entry
from foundation.places.models import Level, Place, pinyin_initials

#: How many of a hundred enterprises are of each size, and between which numbers their staff lies.
SIZES = ((Size.LARGE, 2), (Size.MEDIUM, 9), (Size.SMALL, 45), (Size.MICRO, 44))
STAFF = {Size.LARGE: (1000, 12000), Size.MEDIUM: (300, 999), Size.SMALL: (20, 299), Size.MICRO: (3, 19)}
OWNERSHIPS = (
    (Ownership.PRIVATE, 76),
    (Ownership.STATE, 7),
    (Ownership.FOREIGN, 8),
    (Ownership.HMT, 5),
    (Ownership.COLLECTIVE, 4),
)
#: Of two hundred.
LARGER_TIERS = (
    (PilotTier.NONE, 110),
    (PilotTier.TOWNSHIP, 10),
    (PilotTier.COUNTY, 40),
    (PilotTier.CITY, 25),
    (PilotTier.PROVINCIAL, 12),
    (PilotTier.NATIONAL, 3),
)
SMALLER_TIERS = ((PilotTier.NONE, 185), (PilotTier.TOWNSHIP, 8), (PilotTier.COUNTY, 6), (PilotTier.CITY, 1))
#: How much of the register a county holds, against the others.
COUNTY_WEIGHTS = (3, 5, 7, 8, 9, 10, 10, 11, 13, 16, 22)
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "集团有限公司", "科技有限公司", "（江苏）有限公司")
_FIRST, _SECOND = "恒华瑞金鑫宏盛泰信达永德正新天东方中远海光明", "诚力源通捷隆旺辉安康盈创佳利锦翔博昌和腾峰润"
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "明芳伟静磊敏军洁勇艳杰娟强霞平辉玲鹏丽"
#: GB 32100-2015: weights of the first 17 characters and the alphabet of the check character.
_WEIGHTS = [pow(3, position, 31) for position in range(17)]
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _code(base: str) -> str:
    """SQL of the whole credit code of a base of 17 digits."""
    total = " + ".join(f"substr({base}, {n}, 1)::int * {weight}" for n, weight in enumerate(_WEIGHTS, 1))
    return f"{base} || substr({literal(_ALPHABET)}, (31 - ({total}) % 31) % 31 + 1, 1)"


#: SQL of the key of a made-up name (``foundation.folding.fold``): of what it changes, these names have brackets only.
_KEY = "translate(name, '（）', '()')"


def _person(present: str = "true") -> str:
    """SQL of a made-up name; empty where ``present`` does not hold."""
    return f"CASE WHEN {present} THEN {draw(list(_SURNAMES))} || {draw(list(_GIVEN))} ELSE '' END"


def _make_counties(cursor: CursorWrapper, chance: random.Random) -> None:
    """``scale_county``, and ``scale_lot``: a county stands in it once for each of its weights."""
    counties = list(Place.objects.counties().open().select_related("city").order_by("code"))
    rows = []
    lots: list[tuple[int, int]] = []
    for county in counties:
        stem = name_stem(county)
        present = Enterprise.objects.filter(county=county).count()
        rows.append((county.pk, county.city_id, county.province_id, county.code, stem, pinyin_initials(stem), present))
        lots += [(len(lots) + turn, county.pk) for turn in range(chance.choice(COUNTY_WEIGHTS))]
    columns = "county_id bigint, city_id bigint, province_id bigint, code text, stem text, initials text, present int"
    make_table_of(cursor, "scale_county", columns, rows)
    make_table_of(cursor, "scale_lot", "lot int, county_id bigint", lots)


def _make_names(cursor: CursorWrapper, chance: random.Random) -> int:
    """``scale_brand`` and ``scale_trade``: the parts of a name with their initials. Returns how many brands."""
    brands = [first + second for first in _FIRST for second in _SECOND]
    chance.shuffle(brands)
    make_table_of(
        cursor,
        "scale_brand",
        "brand_no int, brand text, initials text",
        [(number, brand, pinyin_initials(brand)) for number, brand in enumerate(brands)],
    )
    make_table_of(
        cursor,
        "scale_trade",
        "trade_no int, trade text, initials text, industry text",
        [(number, trade, pinyin_initials(trade), code) for number, (trade, code) in enumerate(TRADES)],
    )
    forms = [(number, form, pinyin_initials(form)) for number, form in enumerate(FORMS)]
    make_table_of(cursor, "scale_form", "form_no int, form text, initials text", forms)
    return len(brands)


def _make_drafts(cursor: CursorWrapper, count: int, chance: random.Random) -> None:
    """``scale_new``: every column of the new entries. Numbers start beyond what the demonstration counts."""
    _make_counties(cursor, chance)
    brands, trades = _make_names(cursor, chance), len(TRADES)
    first, number = next_keys(cursor, Place, count), Enterprise.objects.count() + 1_000_000
    staff = " ".join(
        f"WHEN size = {literal(size)} THEN {low} * power({high / low}, power(luck, 1.6))"
        for size, (low, high) in STAFF.items()
    )
    larger = f"size IN ({literal(Size.LARGE)}, {literal(Size.MEDIUM)})"
    make_table(
        cursor,
        "scale_drawn",
        f"SELECT n, (SELECT count(*) FROM scale_lot) AS lots, floor(random() * (SELECT count(*) FROM scale_lot))::int AS lot, "
        f"{draw(weighted(SIZES))} AS size, {draw(weighted(OWNERSHIPS))} AS ownership, random() AS luck, "
        f"random() AS known, random() AS share, floor(random() * {len(FORMS)})::int AS form_no "
        f"FROM generate_series(1, {count}) n",
    )
    make_table(
        cursor,
        "scale_new",
        f"""
        WITH placed AS (
            SELECT drawn.*, county.*, {first} + n AS id, {number} + n AS number,
                   county.present + row_number() OVER (PARTITION BY county.county_id ORDER BY n) AS position
            FROM scale_drawn drawn JOIN scale_lot USING (lot) JOIN scale_county county USING (county_id)
        ), sized AS (
            SELECT placed.*, '91' || code || lpad(number::text, 9, '0') AS base,
                   CASE WHEN known > 0.04 THEN floor(CASE {staff} END)::int END AS headcount,
                   CASE WHEN {larger} THEN {draw(weighted(LARGER_TIERS))} ELSE {draw(weighted(SMALLER_TIERS))} END AS tier
            FROM placed
        )
        SELECT sized.id, sized.county_id, sized.city_id, sized.province_id, size, ownership, tier, headcount,
               CASE WHEN share > 0.06 THEN floor(headcount * (0.45 + share * 0.4))::int END AS frontline,
               {_code("base")} AS credit_code, trade.industry,
               stem || brand || trade || CASE WHEN again > 0 THEN '第' || again + 1 ELSE '' END || form AS name,
               sized.initials || brand.initials || trade.initials
                   || CASE WHEN again > 0 THEN 'd' || again + 1 ELSE '' END || form.initials AS initials,
               {larger} OR random() < 0.55 AS has_union,
               ownership = {literal(Ownership.STATE)} OR random() < CASE WHEN {larger} THEN 0.75 ELSE 0.3 END AS has_party,
               random() < CASE WHEN tier <> {literal(PilotTier.NONE)} THEN 0.85 ELSE 0.15 END AS has_three,
               '2024-12-31 00:00+08'::timestamptz - random() * interval '700 days' AS created_at
        FROM (SELECT sized.*, ((position * 7 + county_id) % {trades})::int AS trade_no,
                     ((position / {trades} + county_id * 7 + position % {trades} * 37) % {brands})::int AS brand_no, position / {trades * brands} AS again
              FROM sized) sized
        JOIN scale_trade trade USING (trade_no) JOIN scale_brand brand USING (brand_no)
        JOIN scale_form form USING (form_no)
        """,
    )


def add_enterprises(cursor: CursorWrapper, count: int, *, origin: str, seed: int) -> int:
    """Enter that many enterprises, each with its place, pilot row and, mostly, yearly profiles."""
    _make_drafts(cursor, count, random.Random(seed))
    where = {"province": "province_id", "city": "city_id", "county": "county_id"}
    insert_select(
        cursor,
        Place,
        {
            **where,
            "id": "id",
            "level": literal(Level.ENTERPRISE),
            "code": "credit_code",
            "name": "name",
            "name_key": _KEY,
            "short_name": "name",
            "initials": "initials",
            "parent": "county_id",
        },
        "FROM scale_new ORDER BY id",
    )
    insert_select(
        cursor,
        Enterprise,
        {
            **where,
            "place": "id",
            "name": "name",
            "name_key": _KEY,
            "initials": "initials",
            "credit_code": "credit_code",
            "industry": "industry",
            "ownership": "ownership",
            "size": "size",
            "pilot_tier": "tier",
            "headcount": "headcount",
            "frontline_count": "frontline",
            "has_union": "has_union",
            "has_party_organisation": "has_party",
            **dict.fromkeys(("instructor", "liaison", "observer"), _person("has_three")),
            "created_at": "created_at",
            "updated_at": "created_at",
        },
        "FROM scale_new ORDER BY id",
    )
    insert_select(
        cursor,
        Pilot,
        {
            "enterprise": "id",
            "tier": "tier",
            "started_on": "CASE WHEN random() < 0.6 THEN created_at::date END",
            "created_at": "created_at",
        },
        f"FROM scale_new WHERE tier <> {literal(PilotTier.NONE)}",
    )
    insert_select(
        cursor,
        Entry,
        {
            **where,
            "at": "created_at",
            "actor_label": literal("system"),
            "event": literal("enterprises.registered"),
            "target_type": literal(Enterprise._meta.label_lower),
            "target_id": "id::text",
            "label": "name",
            "enterprise": "id",
            "note": literal(origin),
        },
        "FROM scale_new ORDER BY created_at",
    )
    return count


def add_clerks(cursor: CursorWrapper) -> int:
    """An account for every enterprise nobody works for, named after its credit code."""
    make_table(
        cursor,
        "scale_clerk",
        f"""
        SELECT place_id, {literal(PREFIX)} || credit_code AS username, created_at
        FROM enterprises_enterprise WHERE is_active AND place_id NOT IN (
            SELECT place_id FROM access_grant WHERE role IN ({literal(Role.CLERK)}, {literal(Role.LEAD)}))
        """,
    )
    made = insert_select(
        cursor,
        User,
        {
            "username": "username",
            "full_name": _person(),
            "password": "'!' || gen_random_uuid()",
            "date_joined": "created_at",
            # Fresh, or whoever is signed in to be measured would first have to change it.
            "password_set_at": "now()",
        },
        "FROM scale_clerk ORDER BY place_id",
    )
    insert_select(
        cursor,
        Grant,
        {"user": "accounts_user.id", "role": literal(Role.CLERK), "place": "place_id", "created_at": "created_at"},
        "FROM scale_clerk JOIN accounts_user USING (username)",
    )
    return made


def add_profiles(cursor: CursorWrapper, years: list[int]) -> None:
    """The yearly profiles of two thirds of the new enterprises: what the register shows, told again."""
    for year in years:
        insert_select(
            cursor,
            YearlyProfile,
            {
                "enterprise": "scale_new.id",
                "year": literal(year),
                "headcount": "headcount",
                "frontline_count": "frontline",
                "industrial_count": "CASE WHEN random() < 0.8 THEN floor(headcount * (0.6 + random() * 0.3))::int END",
                "women_count": "floor(headcount * (0.2 + random() * 0.25))::int",
                "wages_total": "round((headcount * (7 + random() * 9))::numeric, 2)",
                "union_members": "CASE WHEN has_union THEN floor(headcount * (0.85 + random() * 0.15))::int ELSE 0 END",
                "filed_by": "accounts_user.id",
                "filed_at": literal(datetime.datetime(year, 3, 1, tzinfo=datetime.UTC)),
            },
            "FROM scale_new JOIN accounts_user ON username = " + literal(PREFIX) + " || credit_code "
            "WHERE headcount IS NOT NULL AND hashint8(scale_new.id) % 3 <> 0",
        )
