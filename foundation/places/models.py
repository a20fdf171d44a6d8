"""Places: the one tree that says where anything is and, through grants, who may see it."""

import datetime
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.folding import fold
from foundation.textsearch.fields import FoldedField
from foundation.textsearch.indexes import TextIndex, register_text_index


def pinyin_initials(text: str) -> str:
    """Lower-case initials of Chinese text (``南京市`` → ``njs``); Latin letters and digits stay."""
    # Its readings cost each process a quarter of a second and 56 MB; most never ask for one.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    return "".join(
        part[:1] if not part.isascii() else part for part in lazy_pinyin(text, style=Style.FIRST_LETTER)
    ).lower()[:200]


class Level(models.TextChoices):
    PROVINCE = "province", _("省")
    CITY = "city", _("设区市")
    COUNTY = "county", _("县（市、区）")
    ZONE = "zone", _("功能区")
    TOWNSHIP = "township", _("乡镇（街道）")
    PARK = "park", _("园区")
    ENTERPRISE = "enterprise", _("企业")
    DEPARTMENT = "department", _("部门")


#: A functional zone has no code of its own in the law, but reviews and reports exactly as a county does.
COUNTY_LEVELS = (Level.COUNTY, Level.ZONE)
#: Below a county and without accounts or figures of their own: enterprises may be assigned to one of each.
SMALL_LEVELS = (Level.TOWNSHIP, Level.PARK)
REGION_LEVELS = (Level.PROVINCE, Level.CITY, *COUNTY_LEVELS)


class PlaceQuerySet(models.QuerySet["Place"]):
    def regions(self) -> Self:
        return self.filter(level__in=REGION_LEVELS)

    def counties(self) -> Self:
        """Counties and zones."""
        return self.filter(level__in=COUNTY_LEVELS)

    def cities(self) -> Self:
        return self.filter(level=Level.CITY)

    def open(self, day: datetime.date | None = None) -> Self:
        """Not closed, or closed later than that day."""
        return self.filter(Q(closed_on__isnull=True) | (Q(closed_on__gt=day) if day else Q(pk__in=[])))

    def named(self, names: Iterable[str]) -> Self:
        """Whose name is one of these, however it was typed."""
        return self.filter(name_key__in={fold(name) for name in names})

    def within(self, place: "Place") -> Self:
        """The place itself and everything below it."""
        if place.level == Level.PROVINCE:
            return self.filter(province=place)
        if place.level == Level.CITY:
            return self.filter(city=place)
        if place.level in COUNTY_LEVELS:
            return self.filter(county=place)
        return self.filter(Q(pk=place.pk) | Q(parent=place))


PLACE_NAMES = register_text_index(TextIndex("place_name_text", "places_place", ("name",)))


class Place(models.Model):
    """A node of the tree. ``province``, ``city`` and ``county`` are the ancestors at the fixed levels, itself included,
    so that "everything below" is one indexed column and never a walk."""

    level = models.CharField(_("层级"), max_length=12, choices=Level)
    code = models.CharField(
        _("代码"), max_length=24, unique=True, help_text=_("行政区划代码；企业为统一社会信用代码。")
    )
    name = models.CharField(_("名称"), max_length=200)
    short_name = models.CharField(_("简称"), max_length=200)
    initials = models.CharField(max_length=200, editable=False, db_index=True)
    #: By this a name is found however it was typed.
    name_key = FoldedField(max_length=200, of="name")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    province = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    city = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    county = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    closed_on = models.DateField(_("撤销日期"), null=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="absorbed", verbose_name=_("并入")
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单位与区划")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["level", "code"]),
            models.Index(fields=["name_key"], name="place_name_key"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=Level.PROVINCE, parent__isnull=True) | Q(parent__isnull=False),
                name="place_only_province_is_root",
                violation_error_message=_("除省级外，每个单位都要有上级。"),
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="place_level_known"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(closed_on__isnull=False), name="place_merged_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_region(self) -> bool:
        return self.level in REGION_LEVELS

    @property
    def is_county_level(self) -> bool:
        return self.level in COUNTY_LEVELS

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    @property
    def province_and_city(self) -> tuple[int, int]:
        """Their keys, of a county or what lies below one. Raises ``ValueError`` for the province and its cities."""
        if self.province_id is None or self.city_id is None:
            raise ValueError(f"{self} lies in no city")
        return self.province_id, self.city_id

    @property
    def own_city(self) -> "Place":
        """The city a county, or what lies below one, lies in. Raises ``ValueError`` for the province."""
        if self.city is None:
            raise ValueError(f"{self} lies in no city")
        return self.city

    def scope_column(self) -> str:
        """The column that holds this place's id on anything filed below it: province, city, county or enterprise."""
        if self.level in COUNTY_LEVELS:
            return "county"
        return str(self.level)

    def covers(
        self, *, province_id: int | None, city_id: int | None, county_id: int | None, enterprise_id: int | None
    ) -> bool:
        """Whether something filed under those columns lies in this place."""
        column = {"province": province_id, "city": city_id, "county": county_id, "enterprise": enterprise_id}
        return column.get(self.scope_column()) == self.pk

    def full_name(self) -> str:
        """``南京市江宁区``: the city before the county; the name alone elsewhere."""
        if self.is_county_level and self.city:
            return f"{self.city.name}{self.name}"
        return self.name


class FormerName(models.Model):
    """What a place was called until a day; search finds it by this name as well."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="former_names")
    name = models.CharField(_("曾用名"), max_length=200)
    short_name = models.CharField(max_length=200)
    initials = models.CharField(max_length=200, db_index=True)
    until = models.DateField(_("更名日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("区划曾用名")
        ordering = ["-until", "-pk"]

    def __str__(self) -> str:
        return self.name
