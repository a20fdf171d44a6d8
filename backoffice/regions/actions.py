"""Every change of regions: names, mergers of counties, townships and parks."""

import datetime
import re
from collections.abc import Collection, Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.bases.facts import append_base_changes
from enterprises.bodies.actions import append_body_changes
from enterprises.bulk import Move, move_enterprises
from enterprises.consequences import (
    Effect,
    Foresight,
    PlannedChange,
    Weight,
    foresee,
)
from enterprises.models import Base, Body, ChangeKind, Cluster, Enterprise
from enterprises.towns.actions import clear_place
from foundation.access.bulk import grant_alike
from foundation.access.models import Grant
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.places.actions import close_place, put_under, rename_place, save_place
from foundation.places.models import SMALL_LEVELS, Level, Place
from foundation.saying import filled

register_event("places.renamed", gettext_lazy("区划更名"))
register_event("places.merged", gettext_lazy("撤并区划"))
register_event("places.township_added", gettext_lazy("登记乡镇（街道）或园区"))
register_event("places.township_renamed", gettext_lazy("乡镇（街道）或园区更名"))
register_event("places.township_closed", gettext_lazy("撤销乡镇（街道）或园区"))

EARLIEST = datetime.date(2000, 1, 1)


def _checked_day(on: datetime.date) -> None:
    """What is, is written down; nothing is changed for a day to come."""
    if on > timezone.localdate():
        raise ValidationError({"on": _("%s 还没有到。请在生效之后再办理。") % on})
    if on < EARLIEST:
        raise ValidationError({"on": _("%(day)s 早于 %(first)s。请核对年份。") % {"day": on, "first": EARLIEST}})


def _checked_name(name: str, place: Place | None, parent: Place | None) -> str:
    name = name.strip()
    if not name:
        raise ValidationError({"name": _("请填写名称。")})
    if place is not None and name == place.name:
        raise ValidationError({"name": _("新名称与现在的名称相同。")})
    others = Place.objects.open().filter(parent=parent, name=name).exclude(level=Level.ENTERPRISE)
    if place is not None:
        others = others.exclude(pk=place.pk)
    if others.exists():
        raise ValidationError({"name": _("%(parent)s已有“%(name)s”。请核对名称。") % {"parent": parent, "name": name}})
    return name


def _checked_reason(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明依据，例如批复文号。")})
    return reason.strip()


@transaction.atomic
def rename_region(
    *, acting_user: Actor, place: Place, name: str, short_name: str, on: datetime.date, reason: str
) -> Place:
    """A city, county or zone is called otherwise from a day on. Raises ``AccessDenied`` and ``ValidationError``."""
    require(acting_user, "places.reorganise", place)
    _checked_day(on)
    old, new = place.name, _checked_name(name, place, place.parent)
    rename_place(place, name=new, short_name=short_name.strip() or new, on=on)
    note = _("%(day)s 起；%(reason)s") % {"day": on, "reason": _checked_reason(reason)}
    log("places.renamed", by=acting_user, on=place, place=place, changes={_("名称"): [old, new]}, note=note)
    return place


def _planned(county: Place, into: Place, on: datetime.date) -> PlannedChange:
    rows = Enterprise.objects.active().filter(county=county).select_related("county__city", "place").order_by("pk")
    enterprises = list(rows)
    return PlannedChange(ChangeKind.MOVE, enterprises, on, counties={enterprise.pk: into for enterprise in enterprises})


def _clashing(county: Place, into: Place) -> list[str]:
    """Names of parks and chains that both counties have."""
    there = Cluster.objects.filter(place=into).values_list("kind", "name")
    both = set(there) & set(Cluster.objects.filter(place=county).values_list("kind", "name"))
    return sorted(name for _kind, name in both)


def _clashing_bases(county: Place, into: Place) -> list[str]:
    """Names of bases of the same sort and holder that both counties have; those of enterprises move with these."""
    own = Base.objects.filter(enterprise__isnull=True)
    there = own.filter(place=into).values_list("holder", "sort", "name")
    both = set(there) & set(own.filter(place=county).values_list("holder", "sort", "name"))
    return sorted(name for _holder, _sort, name in both)


def _clashing_bodies(county: Place, into: Place) -> list[str]:
    """Names of bodies of the same kind that both counties have; those of enterprises move with these."""
    there = Body.objects.filter(place=into).values_list("kind", "name")
    both = set(there) & set(Body.objects.filter(place=county).values_list("kind", "name"))
    return sorted(name for _kind, name in both)


def _own_effects(county: Place, into: Place, change: PlannedChange) -> Iterator[Effect]:
    named = {"from": county, "into": into, "count": len(change.enterprises)}
    yield Effect(_("企业"), filled(_("%(count)d 家在册企业转到%(into)s；已注销的留在%(from)s。"), named))
    people = Grant.objects.in_force().filter(place=county, user__is_active=True).values("user").distinct().count()
    text = _("%(count)d 个账号在%(into)s获得同样的角色；两地原有的人员都能继续查看和审核%(from)s名下的记录。")
    yield Effect(_("产改办账号"), filled(text, {**named, "count": people}))
    small = Place.objects.open().filter(county=county, level__in=SMALL_LEVELS).count()
    clusters = Cluster.objects.filter(county=county).count()
    if small or clusters:
        text = _("%(small)d 个乡镇（街道）和园区、%(clusters)d 个产业园区和产业链转到%(into)s。")
        yield Effect(_("下级区划"), filled(text, {**named, "small": small, "clusters": clusters}))
    if bases := Base.objects.filter(place=county, enterprise__isnull=True).count():
        text = _("不是企业持有的 %(bases)d 个阵地转到%(into)s。")
        yield Effect(_("阵地与基地"), filled(text, {**named, "bases": bases}))
    if bodies := Body.objects.filter(place=county).count():
        text = _("本级的 %(bodies)d 个组织转到%(into)s，不再运行的请填撤销日期。")
        yield Effect(_("组织与会议"), filled(text, {**named, "bodies": bodies}))
    for about, names in (
        (_("产业园区和产业链"), _clashing(county, into)),
        (_("阵地与基地"), _clashing_bases(county, into)),
        (_("组织与会议"), _clashing_bodies(county, into)),
    ):
        if names:
            text = _("两地都登记了：%s。") % "、".join(names)
            yield Effect(about, text, Weight.BLOCK, _("请先修改其中一个的名称。"))
    text = _("%(from)s自生效日起撤销，以后的季度不再列出；以前各季度的数字、报告仍列在%(from)s。")
    yield Effect(_("统计"), filled(text, named))


def foresee_merger(county: Place, into: Place, on: datetime.date) -> Foresight:
    """Everything a merger will do."""
    change = _planned(county, into, on)
    return Foresight([*_own_effects(county, into, change), *foresee(change).effects])


def _check_merger(acting_user: Actor, county: Place, into: Place) -> None:
    for place in (county, into):
        require(acting_user, "places.reorganise", place)
        if not place.is_county_level:
            raise ValidationError({"into": _("只能把县（市、区）或功能区并入另一个县（市、区）或功能区。")})
    if county.pk == into.pk:
        raise ValidationError({"into": _("不能并入它自己。请选择合并后存续的那一个。")})
    if county.city_id != into.city_id:
        raise ValidationError(
            {
                "into": _("“%(into)s”不在%(city)s。只能并入同一设区市的县（市、区）。")
                % {"into": into, "city": county.city}
            }
        )


@transaction.atomic
def merge_county(
    *, acting_user: Actor, county: Place, into: Place, on: datetime.date, reason: str, confirmed: Collection[str] = ()
) -> Place:
    """Close a county or zone into another: its enterprises, people, townships, clusters and bases go over; what was filed and
    closed stays where it was. Raises ``AccessDenied``, ``ValidationError``, ``ChangeRefused``, and ``ChangeUnconfirmed`` unless
    ``confirmed`` names the effects as they now are."""
    _check_merger(acting_user, county, into)
    _checked_day(on)
    reason = _checked_reason(reason)
    foresee_merger(county, into, on).require_confirmed(confirmed)
    change = _planned(county, into, on)
    put_under(Place.objects.filter(county=county, level__in=SMALL_LEVELS).values_list("pk", flat=True), into)
    if change.enterprises:
        moves = [Move(enterprise, into) for enterprise in change.enterprises]
        move_enterprises(acting_user=acting_user, moves=moves, reason=reason, on=on, confirmed=foresee(change).keys)
    Cluster.objects.filter(place=county).update(place=into, county=into)
    if Base.objects.filter(place=county, enterprise__isnull=True).update(place=into, county=into):
        append_base_changes([county.pk, into.pk])
    if Body.objects.filter(place=county).update(place=into, county=into):
        append_body_changes([county.pk, into.pk])
    # Both offices are one now: each sees and finishes what was begun in the other.
    grant_alike(acting_user=acting_user, source=into, target=county)
    grant_alike(acting_user=acting_user, source=county, target=into)
    close_place(county, on=on, into=into)
    changes = {_("并入"): [str(county), str(into)]}
    for place in (county, into):
        log("places.merged", by=acting_user, on=place, place=place, changes=changes, note=f"{on} {reason}")
    return into


@transaction.atomic
def add_small_place(*, acting_user: Actor, county: Place, level: str, name: str, code: str = "") -> Place:
    """A township, street or park of a county. Raises ``AccessDenied`` and ``ValidationError``."""
    require(acting_user, "places.keep_townships", county)
    if level not in SMALL_LEVELS:
        raise ValidationError({"level": _("请选择乡镇（街道）或园区。")})
    name, code = _checked_name(name, None, county), code.strip()
    if code and not re.fullmatch(rf"{county.code}[0-9]{{3,6}}", code):
        raise ValidationError(
            {"code": _("代码应以%s的代码 %s 开头，共 9 至 12 位数字；没有的留空。") % (county, county.code)}
        )
    if code and Place.objects.filter(code=code).exists():
        raise ValidationError({"code": _("代码 %s 已经用过。请核对。") % code})
    place = save_place(level=level, code=code or _next_code(county, level), name=name, parent=county)
    log("places.township_added", by=acting_user, on=place, place=county)
    return place


def _next_code(county: Place, level: str) -> str:
    """A number of our own for what has no official code: 320115T01."""
    letter = "T" if level == Level.TOWNSHIP else "P"
    stem = f"{county.code}{letter}"
    taken = {
        code.removeprefix(stem) for code in Place.objects.filter(code__startswith=stem).values_list("code", flat=True)
    }
    return next(f"{stem}{number:02d}" for number in range(1, 10_000) if f"{number:02d}" not in taken)


@transaction.atomic
def rename_small_place(*, acting_user: Actor, place: Place, name: str, on: datetime.date) -> Place:
    """Raises ``AccessDenied`` and ``ValidationError``."""
    require(acting_user, "places.keep_townships", place.county)
    _checked_day(on)
    old, new = place.name, _checked_name(name, place, place.parent)
    rename_place(place, name=new, short_name=new, on=on)
    log("places.township_renamed", by=acting_user, on=place, place=place.county, changes={_("名称"): [old, new]})
    return place


@transaction.atomic
def close_small_place(*, acting_user: Actor, place: Place, on: datetime.date) -> int:
    """It can no longer be chosen, and its enterprises belong to none. Returns how many. Raises ``AccessDenied`` and
    ``ValidationError``."""
    require(acting_user, "places.keep_townships", place.county)
    _checked_day(on)
    if place.is_closed:
        raise ValidationError(_("“%s”已经撤销。") % place)
    number = clear_place(place)
    close_place(place, on=on)
    note = filled(_("%(day)s 撤销，%(count)d 家企业不再属于它"), {"day": on, "count": number})
    log("places.township_closed", by=acting_user, on=place, place=place.county, note=note)
    return number
