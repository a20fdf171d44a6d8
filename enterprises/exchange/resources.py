"""The sheet of the register: its columns, and what their cells mean."""

import dataclasses
import functools
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from enterprises.models import Enterprise, Industry, Ownership, Size
from foundation.exchange.columns import NUMBER, Column, SheetResource, column_of
from foundation.exchange.readings import CellProblem, plain, quoted
from foundation.exchange.widgets import CellWidget, ChoiceWidget, CodeWidget, NameWidget, NumberWidget, shown
from foundation.fields import field_of
from foundation.folding import fold
from foundation.places.models import Place
from foundation.saying import filled

SLUG = "enterprises.register"
CODE, CITY, COUNTY, INDUSTRY, TIER, VERSION, STATUS = (
    "credit_code",
    "_city",
    "county",
    "industry",
    "_tier",
    "_version",
    "_status",
)
#: Without these no new enterprise is registered.
NEEDED = ("name", CODE, COUNTY, INDUSTRY, "ownership", "size")


class IndustryWidget(CellWidget):
    """An industry by its code, alone or before its name; or by a name that only one has. Gives the code."""

    shape = "code"

    @functools.cached_property
    def by_name(self) -> dict[str, list[str]]:
        """Codes by name; the other way in ``codes``."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, name in Industry.objects.order_by("code").values_list("code", "name"):
            found[fold(name)].append(code)
        return found

    @functools.cached_property
    def codes(self) -> set[str]:
        return {code for codes in self.by_name.values() for code in codes}

    @functools.cached_property
    def by_digits(self) -> dict[str, str]:
        """Codes by their digits alone, which no two have in common."""
        return {code[1:]: code for code in self.codes if len(code) > 1}

    def read(self, value: Any) -> str:
        text = plain(shown(value))
        code = text.split()[0].upper()
        if code in self.codes:
            return code
        if code in self.by_digits:
            return self.by_digits[code]
        named = self.by_name.get(fold(text), [])
        if len(named) == 1:
            return named[0]
        if named:
            raise CellProblem(
                filled(
                    _("叫“%(name)s”的行业有 %(count)d 个：%(codes)s。"),
                    {"name": text, "count": len(named), "codes": "、".join(named)},
                ),
                _("请填其中一个代码。"),
            )
        raise CellProblem(
            _("没有“%s”这个行业。") % text[:40],
            _("请填国民经济行业代码，例如 C3421，或“代码 名称”；见模板的“行业”表。"),
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class HeadcountWidget(NumberWidget):
    """A whole number; anything else is refused in words that say what to write."""

    def read(self, value: Any) -> str:
        text: str = super().read(value)
        if not text.isdecimal() or int(text) == 0:
            raise CellProblem(_("“%s”不是正整数。") % shown(value)[:40], _("请只填数字，例如 120；未掌握时留空。"))
        return text


def _called(place: Place | None) -> set[str]:
    """What people call a region: by its name, its short one, or without 市, 区, 县."""
    if place is None:
        return {""}
    bare = place.name[:-1] if len(place.name) > 2 and place.name[-1] in "省市区县" else place.name
    return {place.name, place.short_name, bare}


class CountyNames:
    """Counties and zones by the names people write, alone or behind their city and province."""

    def __init__(self) -> None:
        self._found: dict[str, set[int]] = defaultdict(set)
        self.places: dict[int, Place] = {}
        for place in Place.objects.counties().select_related("city", "province"):
            self.places[place.pk] = place
            for province in {"", *_called(place.province)}:
                for city in {"", *_called(place.city)}:
                    for name in {*_called(place), place.code}:
                        self._found[fold(f"{province}{city}{name}")].add(place.pk)
        self._cities = {pk: {fold(name) for name in _called(place.city)} for pk, place in self.places.items()}

    def read(self, city: str, name: str) -> Place:
        """Raises ``CellProblem`` when there is none, or more than one."""
        key, of_city = fold(name), fold(city)
        found = self._found.get(key, set())
        if of_city:
            found = {pk for pk in found if of_city in self._cities[pk] or of_city.endswith(tuple(self._cities[pk]))}
        whole = quoted(f"{city}{name}")
        if len(found) > 1:
            # A full name goes before one that was cut short.
            found = {pk for pk in found if fold(self.places[pk].name) == key} or found
        if len(found) == 1:
            return self.places[next(iter(found))]
        if found:
            raise CellProblem(_("叫“%s”的县（市、区）不止一个。") % whole, _("请同时填设区市。"))
        raise CellProblem(_("没有找到县（市、区）或功能区“%s”。") % whole, _("请填全称，例如 南京市 和 江宁区。"))


#: Other words for the groups of the union statistics, and for the sizes.
_OWNERSHIP_WORDS: dict[str, str] = {
    Ownership.STATE: "国有 国企 国有企业 国有控股 国有控股企业 国有及国有控股企业 央企 中央企业",
    Ownership.COLLECTIVE: "集体企业 集体所有制",
    Ownership.PRIVATE: "民营 民营企业 民企 私营 私营企业 私企 其他内资",
    Ownership.HMT: "港澳台 港澳台商 港澳台资 港澳台企业 港澳台商投资企业",
    Ownership.FOREIGN: "外资 外资企业 外企 外商 外商独资 外商投资企业",
}
_SIZE_WORDS: dict[str, str] = {
    Size.LARGE: "大 大型企业",
    Size.MEDIUM: "中 中型企业",
    Size.SMALL: "小 小型企业",
    Size.MICRO: "微 微型企业",
}


def _chosen(name: str, words: Mapping[str, str]) -> ChoiceWidget:
    also = {word: key for key, listed in words.items() for word in listed.split()}
    return ChoiceWidget(dict(field_of(Enterprise, name).flatchoices), also)


def _own(name: str, heading: str, note: str = "") -> Column:
    column = column_of(field_of(Enterprise, name), needed=name in NEEDED)
    return dataclasses.replace(column, heading=heading, note=note or column.note)


def _columns() -> list[Column]:
    """Every column, in order; the tier and the last two come with an export only."""
    yes_no = _("填“是”或“否”。")
    return [
        Column(NUMBER, _("序号"), _("可以不填。写着“示例”的行不会导入。"), False, CellWidget(), "", None, True),
        dataclasses.replace(_own("name", _("企业名称"), _("营业执照上的全称。")), widget=NameWidget()),
        dataclasses.replace(
            _own(CODE, _("统一社会信用代码"), _("18 位代码，以文本填写。按它认出是哪家企业。")), widget=CodeWidget()
        ),
        Column(
            CITY,
            _("设区市"),
            _("例如 南京市。县（市、区）不重名时可以不填。"),
            False,
            CellWidget(),
            "county__city__name",
        ),
        Column(
            COUNTY,
            _("县（市、区）"),
            _("县（市、区）或功能区的全称。改了这一格就是迁移，导入时要另外确认。"),
            True,
            CellWidget(),
            "county__name",
        ),
        Column(
            INDUSTRY,
            _("行业"),
            _("国民经济行业代码 GB/T 4754-2017，例如 C3421，或“代码 名称”。"),
            True,
            IndustryWidget(),
            "industry",
        ),
        dataclasses.replace(_own("ownership", _("所有制")), widget=_chosen("ownership", _OWNERSHIP_WORDS)),
        dataclasses.replace(_own("size", _("规模")), widget=_chosen("size", _SIZE_WORDS)),
        Column(
            TIER,
            _("试点层级"),
            _("仅供查看，导入时不读取。试点在“试点”页登记。"),
            False,
            ChoiceWidget(dict(field_of(Enterprise, "pilot_tier").flatchoices)),
            "pilot_tier",
            None,
            True,
            is_shown_only=True,
        ),
        dataclasses.replace(
            _own("headcount", _("职工人数（人）"), _("填整数；未掌握时留空，不要填 0。")),
            widget=HeadcountWidget(unit=_("人")),
        ),
        dataclasses.replace(
            _own("frontline_count", _("一线职工人数（人）"), _("填整数，不超过职工人数；未掌握时留空。")),
            widget=HeadcountWidget(unit=_("人")),
        ),
        _own("has_union", _("已建立工会"), yes_no),
        _own("has_party_organisation", _("已建立党组织"), yes_no),
        _own("instructor", _("产改指导员")),
        _own("liaison", _("产改联络员")),
        _own("observer", _("产改观察员")),
        Column(
            VERSION,
            _("版本"),
            _("导出时自动写上，请不要修改。"),
            False,
            NumberWidget(),
            "version",
            None,
            True,
            only_exact=True,
        ),
        Column(
            STATUS,
            _("状态"),
            _("仅供查看，导入时不读取。"),
            False,
            CellWidget(),
            "status_label",
            None,
            True,
            is_shown_only=True,
        ),
    ]


def register_cure(column: Column) -> str:
    """What to do about a cell that was refused, where the column's note does not say so or only says what it is."""
    cures = {
        "name": _("请按营业执照填写企业全称。"),
        CODE: _("请核对 18 位统一社会信用代码，按营业执照填写。"),
        COUNTY: _("请填县（市、区）或功能区的全称，例如 江宁区。"),
        INDUSTRY: _("请填国民经济行业代码，例如 C3421，或“代码 名称”；见模板的“行业”表。"),
    }
    return cures.get(column.name, "" if column.choices else column.note)


class RegisterResource(SheetResource):
    """The sheet of enterprises."""

    slug = SLUG
    keys = (CODE,)
    heads = (CODE, "name")
    filled_in = (NUMBER, STATUS, TIER)
    beside = ("说明", "行业")

    def __init__(self) -> None:
        self.label = _("企业名录")
        super().__init__(_columns())
        self.by_name = {column.name: column for column in self.columns}

    @property
    def own(self) -> list[Column]:
        """Columns that are fields of the entry, filled in by people."""
        return [column for column in self.columns if not column.is_ours and column.name not in (CITY, COUNTY)]
