"""Where what is shown beside a form comes from: the yearly profile, the registers, other records of the same filer.

A kind names its sources; what each room alone knows it reads itself (``Shown``)."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.bases.sorts import SORTS
from enterprises.models import Base, Body, Enterprise, Organisation, YearlyProfile
from enterprises.models.base import STANDING
from enterprises.models.body import BodyKind
from enterprises.models.cluster import ClusterMember
from enterprises.models.organisation import OrganisationKind
from foundation.calendar.periods import Period
from foundation.fields import field_of, label_of_field, unit_of
from foundation.labels import Label
from foundation.places.models import Place
from foundation.saying import filled
from foundation.ui import formats
from foundation.ui.formats import quantity
from records.core.fields import in_words, quantity_of
from records.core.kinds import RecordKind, kind_by_slug
from records.core.models import Record
from records.core.shown import Asked, Shown, Told
from records.core.warning_rules import SPEAKS

#: So many names stand for all of a list.
_NAMES = 3
_NONE_LISTED = gettext_lazy("还没有登记")


def from_profile(*names: str, fills: str = "") -> tuple[Shown, ...]:
    """Fields of the yearly profile."""

    def reading(name: str) -> Callable[[Asked], Told]:
        def read(asked: Asked) -> Told:
            url = reverse("enterprises:profile", args=[asked.enterprise.pk])
            profile = asked.profile
            value = getattr(profile, name) if profile is not None else None
            if profile is None or value is None:
                return Told(url=url)
            field = field_of(YearlyProfile, name)
            said = quantity(value, unit_of(field), getattr(field, "decimal_places", None))
            return Told(_("%(value)s（%(year)d年度）") % {"value": said, "year": profile.year}, url, value)

        return read

    return tuple(
        Shown(label_of_field(YearlyProfile, name), gettext_lazy("年度基本情况"), reading(name), fills) for name in names
    )


def from_register(*names: str) -> tuple[Shown, ...]:
    """Columns of the enterprise in the register."""

    def reading(name: str) -> Callable[[Asked], Told]:
        return lambda asked: Told(in_words(asked.enterprise, name), asked.enterprise.get_absolute_url())

    return tuple(Shown(label_of_field(Enterprise, name), gettext_lazy("企业名录"), reading(name)) for name in names)


def from_clusters() -> Shown:
    """The chains and parks the enterprise has a part in, and which."""

    def read(asked: Asked) -> Told:
        parts = ClusterMember.objects.filter(enterprise=asked.enterprise).select_related("cluster")
        told = [f"{one.cluster}（{one.get_part_display()}）" for one in parts]
        return Told(_listed(told) or str(_NONE_LISTED), asked.enterprise.get_absolute_url())

    return Shown(gettext_lazy("在园区和产业链中的位置"), gettext_lazy("园区和产业链名录"), read)


def from_bases(*sorts: str, fills: str = "", of_offices: bool = False) -> tuple[Shown, ...]:
    """Bases of these sorts that stand: the enterprise's own by name, those of an office's area by number."""

    def reading(sort: str) -> Callable[[Asked], Told]:
        def read(asked: Asked) -> Told:
            if isinstance(asked.filer, Place):
                rows = Base.objects.filter(within(asked.filer), sort__code=sort, stage__in=STANDING)
                return _counted(rows.count(), "enterprises:bases", sort=sort)
            told = [
                f"{base.name}（{base.get_level_display()}）" if base.level else base.name
                for base in asked.bases
                if base.sort.code == sort
            ]
            text = filled(_("%(count)d 个：%(names)s"), {"count": len(told), "names": _listed(told)}) if told else ""
            return Told(text or str(_NONE_LISTED), asked.enterprise.get_absolute_url(), len(told) or None)

        return read

    names = dict(SORTS)
    source = gettext_lazy("阵地与基地名录")
    return tuple(Shown(names[sort], source, reading(sort), fills, of_offices) for sort in sorts)


def from_bodies(kind: BodyKind) -> Shown:
    """Bodies of the kind that the enterprise has."""

    def read(asked: Asked) -> Told:
        rows = Body.objects.standing().filter(enterprise=asked.enterprise, kind=kind)
        return Told(_listed([body.name for body in rows]) or str(_NONE_LISTED), asked.enterprise.get_absolute_url())

    return Shown(kind.label, gettext_lazy("组织名录"), read)


def from_organisations(kind: OrganisationKind) -> Shown:
    """How many of the kind lie in the office's area."""

    def read(asked: Asked) -> Told:
        rows = Organisation.objects.active().filter(within(asked.office), kind=kind)
        return _counted(rows.count(), "enterprises:organisations", kind=kind.value)

    return Shown(kind.label, gettext_lazy("院校和机构名录"), read, of_offices=True)


def from_latest(slug: str, **names: str) -> tuple[Shown, ...]:
    """What the filer's newest return of another kind says, or its newest event: column to the field that may take it over,
    "" for none. A return of a later period is left out."""

    def reading(name: str) -> Callable[[Asked], Told]:
        def read(asked: Asked) -> Told:
            kind = kind_by_slug(slug)
            last = _latest(kind, asked)
            if last is None:
                return Told(url=_list_of(kind))
            text = in_words(last, name)
            when = Period.parse(last.period).label if last.period else formats.day(last.happened_on)
            number = getattr(last, name) if isinstance(field_of(last, name), models.IntegerField) else None
            return Told(_("%(value)s（%(when)s）") % {"value": text, "when": when} if text else "", _page(last), number)

        return read

    return tuple(
        Shown(_label_of(slug, name), _label_of(slug), reading(name), fills=fills) for name, fills in names.items()
    )


def from_year(
    slug: str,
    name: str,
    label: Label,
    only: Q | None = None,
    *,
    fills: str = "",
    of_offices: bool = False,
    is_own: bool = False,
) -> Shown:
    """The sum of a column over what the filer handed in of another kind for the year asked about; of an office over what
    was handed in by and in its area, or ``is_own``: by itself alone."""

    def read(asked: Asked) -> Told:
        kind = kind_by_slug(slug)
        rows = _of_year(kind, asked, only, is_own=is_own)
        found = rows.aggregate(total=Sum(name), records=Count("pk"))
        if found["total"] is None:
            return Told(url=_list_of(kind))
        words = {
            "value": quantity_of(kind.model, name, found["total"]),
            "year": Period.parse(str(asked.last_day.year)).label,
            "records": found["records"],
        }
        return Told(filled(_("%(value)s（%(year)s%(records)d条）"), words), _list_of(kind), found["total"])

    return Shown(label, _label_of(slug), read, fills, of_offices)


def number_of_year(
    slug: str, label: Label, unit: Label, only: Q | None = None, *, of_offices: bool = False, is_own: bool = False
) -> Shown:
    """How many records of another kind, one for each time, are on file as ``from_year`` has them. None is not known: that nobody
    told of one does not say that there was none."""

    def read(asked: Asked) -> Told:
        kind = kind_by_slug(slug)
        number = _of_year(kind, asked, only, is_own=is_own).count()
        if not number:
            return Told(url=_list_of(kind))
        words = {"value": quantity(number, unit), "year": Period.parse(str(asked.last_day.year)).label}
        return Told(filled(_("%(value)s（%(year)s）"), words), _list_of(kind), number)

    return Shown(label, _label_of(slug), read, of_offices=of_offices)


def from_lines(slug: str, lines: str, about: str, word: str, *, label: Label, result: str) -> Shown:
    """The newest line of another kind whose column ``about`` speaks of ``word``, with the column ``result`` and the day: a
    topic of the workers' congress need not be told from memory in another return."""

    def read(asked: Asked) -> Told:
        kind = kind_by_slug(slug)
        declared = kind.lines_named(lines)
        if declared is None:
            raise LookupError(f"{slug} has no lines {lines!r}")
        rows: models.QuerySet[Any] = declared.model._base_manager.all()
        found = rows.filter(record__enterprise=asked.enterprise, record__status__in=SPEAKS)
        row = (
            found.filter(**{f"{about}__contains": word})
            .select_related("record")
            .order_by("-record__happened_on", "-pk")
            .first()
        )
        if row is None:
            return Told(_("没有记录"), _list_of(kind))
        words = {"about": in_words(row, about), "result": in_words(row, result)}
        told = _("%(about)s：%(result)s") % words if words["result"] else words["about"]
        return Told(f"{told}（{formats.day(row.record.happened_on)}）", _page(row.record))

    return Shown(label, _label_of(slug), read)


def within(place: Place) -> Q:
    """Rows of the place's area, by the columns that every row of an area has."""
    return Q(**{f"{place.scope_column()}": place.pk})


def _latest(kind: RecordKind, asked: Asked) -> Record | None:
    rows = kind.model.objects.filed_by(asked.filer).filter(status__in=SPEAKS)
    if kind.is_return:
        rows = rows.filter(period__lte=asked.period) if asked.period else rows
        return rows.order_by("-period", "-pk").first()
    return rows.filter(happened_on__lte=asked.last_day).order_by("-happened_on", "-pk").first()


def _of_year(kind: RecordKind, asked: Asked, only: Q | None, *, is_own: bool) -> models.QuerySet[Any]:
    rows, filer = kind.model.objects.filter(_in_year(asked.last_day.year), status__in=SPEAKS), asked.filer
    rows = rows.filter(only) if only is not None else rows
    return rows.filter(within(filer)) if isinstance(filer, Place) and not is_own else rows.filed_by(filer)


def _in_year(year: int) -> Q:
    return Q(period__startswith=str(year)) | Q(period__isnull=True, happened_on__year=year)


def _counted(number: int, page: str, **query: str) -> Told:
    return Told(_("%s 个") % formats.amount(number), f"{reverse(page)}?{urlencode(query)}", number)


def _listed(names: list[str]) -> str:
    more = filled(_("等%d个"), len(names)) if len(names) > _NAMES else ""
    return _("、").join(names[:_NAMES]) + more


def _page(record: Record) -> str:
    return reverse("records:detail", args=[record.pk])


def _list_of(kind: RecordKind) -> str:
    return f"{reverse('records:list')}?{urlencode({'kind': kind.slug})}"


def _label_of(slug: str, name: str = "") -> Label:
    """A kind's or a column's label, looked up when it is shown: kinds are declared one after another."""

    def looked_up() -> str:
        kind = kind_by_slug(slug)
        return label_of_field(kind.model, name) if name else kind.label

    label: Label = lazy(looked_up, str)()
    return label
