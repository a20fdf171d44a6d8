"""Moving, renaming, merging, splitting, closing and reopening an enterprise.

Each is made only with the keys (``confirmed``) of everything that will happen (``enterprises.consequences``): called without
them, an action changes nothing and raises ``ChangeUnconfirmed`` with what would happen.
"""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.actions import keep_former_name, name_place, register_enterprise
from enterprises.bulk import Move, move_enterprises
from enterprises.consequences import PlannedChange, carry_out, foresee
from enterprises.facts import append_register_changes
from enterprises.models import ChangeKind, Enterprise, EnterpriseEvent
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.places.models import Place, pinyin_initials
from foundation.refusals import Stale

register_event("enterprises.renamed", gettext_lazy("企业更名"))
register_event("enterprises.merged", gettext_lazy("合并企业"))
register_event("enterprises.split", gettext_lazy("分立企业"))
register_event("enterprises.closed", gettext_lazy("注销企业"))
register_event("enterprises.reopened", gettext_lazy("恢复企业在册"))

EARLIEST = datetime.date(2000, 1, 1)


def _checked(reason: str, on: datetime.date) -> str:
    """The reason, trimmed. The register says what is, so nothing is changed for a day to come."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请写明原因和依据，例如营业执照变更、主管部门的批复。")})
    if on > timezone.localdate():
        raise ValidationError({"on": _("变更日期 %s 还没有到。请在变更之后再办理。") % on})
    if on < EARLIEST:
        raise ValidationError(
            {"on": _("变更日期 %(day)s 早于 %(first)s。请核对年份。") % {"day": on, "first": EARLIEST}}
        )
    return reason


def _locked(enterprise_id: int, version: int | None = None) -> Enterprise:
    """The row, locked for this transaction. Raises ``Stale``."""
    rows = Enterprise.objects.select_for_update(of=("self",)).select_related("place", "county__city")
    enterprise = rows.get(pk=enterprise_id)
    if version is not None and enterprise.version != version:
        raise Stale(enterprise)
    return enterprise


def _require_active(enterprise: Enterprise) -> None:
    if not enterprise.is_active:
        raise ValidationError(_("“%s”已经注销。要办理变更，请先恢复在册。") % enterprise)


def _saved(enterprise: Enterprise) -> None:
    enterprise.version += 1
    enterprise.save()
    append_register_changes([enterprise.pk])


@transaction.atomic
def move_enterprise(
    *,
    acting_user: Actor,
    enterprise_id: int,
    version: int,
    county: Place,
    reason: str,
    on: datetime.date,
    confirmed: Collection[str] = (),
) -> Enterprise:
    """Move an enterprise to another county. Raises ``Stale``, ``AccessDenied``, ``ValidationError``,
    ``ChangeUnconfirmed``, ``ChangeRefused``."""
    enterprise = _locked(enterprise_id, version)
    require(acting_user, "enterprises.move", enterprise)
    reason = _checked(reason, on)
    move_enterprises(
        acting_user=acting_user, moves=[Move(enterprise, county)], reason=reason, on=on, confirmed=confirmed
    )
    enterprise.refresh_from_db()
    return enterprise


@transaction.atomic
def rename_enterprise(
    *,
    acting_user: Actor,
    enterprise_id: int,
    version: int,
    name: str,
    reason: str,
    on: datetime.date,
    confirmed: Collection[str] = (),
) -> Enterprise:
    """Give an enterprise its new name; the former one is kept. Raises what ``move_enterprise`` raises."""
    enterprise = _locked(enterprise_id, version)
    require(acting_user, "enterprises.edit", enterprise)
    reason, old_name = _checked(reason, on), enterprise.name
    enterprise.name = name.strip()
    if enterprise.name == old_name:
        raise ValidationError({"name": _("新名称与现在的名称相同。请填更名后的全称。")})
    enterprise.clean_fields(exclude=[field.name for field in enterprise._meta.fields if field.name != "name"])
    change = PlannedChange(ChangeKind.RENAME, [enterprise], on)
    foresee(change).require_confirmed(confirmed)
    enterprise.initials = pinyin_initials(enterprise.name)
    _saved(enterprise)
    name_place(enterprise)
    keep_former_name(enterprise, old_name, by=acting_user, on=on, reason=reason)
    carry_out(change, acting_user=acting_user)
    label = str(enterprise._meta.get_field("name").verbose_name)
    changes = {label: [old_name, enterprise.name]}
    log("enterprises.renamed", by=acting_user, on=enterprise, changes=changes, note=reason)
    return enterprise


def _close(
    enterprise: Enterprise, change: PlannedChange, *, by: Actor, reason: str, successor: Enterprise | None = None
) -> None:
    """Take an enterprise out of the register, for good or into another; its page and records stay."""
    enterprise.is_active, enterprise.closed_on, enterprise.successor = False, change.on, successor
    _saved(enterprise)
    memo = carry_out(change, acting_user=by)
    EnterpriseEvent.objects.create(
        enterprise=enterprise,
        kind=change.kind,
        effective_on=change.on,
        reason=reason,
        counterpart=successor,
        memo=memo,
        made_by=by,
    )


@transaction.atomic
def close_enterprise(
    *,
    acting_user: Actor,
    enterprise_id: int,
    version: int,
    reason: str,
    on: datetime.date,
    confirmed: Collection[str] = (),
) -> Enterprise:
    """Close an enterprise. Raises what ``move_enterprise`` raises."""
    enterprise = _locked(enterprise_id, version)
    require(acting_user, "enterprises.change", enterprise)
    reason = _checked(reason, on)
    _require_active(enterprise)
    change = PlannedChange(ChangeKind.CLOSE, [enterprise], on)
    foresee(change).require_confirmed(confirmed)
    _close(enterprise, change, by=acting_user, reason=reason)
    log("enterprises.closed", by=acting_user, on=enterprise, note=reason)
    return enterprise


@transaction.atomic
def merge_enterprise(
    *,
    acting_user: Actor,
    enterprise_id: int,
    version: int,
    successor: Enterprise,
    reason: str,
    on: datetime.date,
    confirmed: Collection[str] = (),
) -> Enterprise:
    """Close an enterprise into the one that survives. Raises what ``move_enterprise`` raises."""
    enterprise, survivor = _locked(enterprise_id, version), _locked(successor.pk)
    for party in (enterprise, survivor):
        require(acting_user, "enterprises.change", party)
        _require_active(party)
    reason = _checked(reason, on)
    if enterprise.pk == survivor.pk:
        raise ValidationError({"successor": _("不能并入它自己。请选择合并后存续的那一家。")})
    if enterprise.city_id != survivor.city_id:
        raise ValidationError({"successor": _other_city(enterprise, survivor)})
    change = PlannedChange(ChangeKind.MERGE, [enterprise], on, successor=survivor)
    foresee(change).require_confirmed(confirmed)
    _close(enterprise, change, by=acting_user, reason=reason, successor=survivor)
    EnterpriseEvent.objects.create(
        enterprise=survivor,
        kind=ChangeKind.ABSORB,
        effective_on=on,
        reason=reason,
        counterpart=enterprise,
        made_by=acting_user,
    )
    changes = {_("存续企业"): ["", str(survivor)], _("被并入企业"): ["", str(enterprise)]}
    for party in (enterprise, survivor):
        log("enterprises.merged", by=acting_user, on=party, note=reason, changes=changes)
    return survivor


def _other_city(enterprise: Enterprise, survivor: Enterprise) -> str:
    return _(
        "“%(one)s”在%(here)s，“%(other)s”在%(there)s，不能跨市合并。请先由省产改办把“%(one)s”迁移到%(there)s，再合并。"
    ) % {
        "one": enterprise,
        "here": enterprise.city,
        "other": survivor,
        "there": survivor.city,
    }


@transaction.atomic
def split_enterprise(
    *,
    acting_user: Actor,
    enterprise_id: int,
    version: int,
    county: Place,
    values: Mapping[str, Any],
    reason: str,
    on: datetime.date,
    confirmed: Collection[str] = (),
) -> Enterprise:
    """Register a new enterprise that was split off an existing one, which stays as it is. Returns the new one. Raises
    what ``move_enterprise`` and ``register_enterprise`` raise."""
    origin = _locked(enterprise_id, version)
    require(acting_user, "enterprises.change", origin)
    _require_active(origin)
    reason = _checked(reason, on)
    # Its name may be another's: what is split off is told from the origin by its code, and is shown before it is confirmed.
    enterprise = register_enterprise(acting_user=acting_user, county=county, values=values, may_share_a_name=True)
    change = PlannedChange(ChangeKind.SPLIT, [origin], on)
    foresee(change).require_confirmed(confirmed)
    carry_out(change, acting_user=acting_user)
    for party, kind, other in ((origin, ChangeKind.SPLIT, enterprise), (enterprise, ChangeKind.SPLIT_OFF, origin)):
        EnterpriseEvent.objects.create(
            enterprise=party, kind=kind, effective_on=on, reason=reason, counterpart=other, made_by=acting_user
        )
    log("enterprises.split", by=acting_user, on=origin, note=reason, changes={_("分立出"): ["", str(enterprise)]})
    return enterprise


def closing_of(enterprise: Enterprise) -> EnterpriseEvent | None:
    """The event by which an enterprise left the register last."""
    closings = enterprise.events.filter(kind__in=[ChangeKind.CLOSE, ChangeKind.MERGE])
    return closings.order_by("-pk").first()


@transaction.atomic
def reopen_enterprise(
    *,
    acting_user: Actor,
    enterprise_id: int,
    version: int,
    reason: str,
    on: datetime.date,
    confirmed: Collection[str] = (),
) -> Enterprise:
    """Take a closed enterprise back into the register. Raises what ``move_enterprise`` raises."""
    enterprise = _locked(enterprise_id, version)
    require(acting_user, "enterprises.change", enterprise)
    if enterprise.is_active:
        raise ValidationError(_("“%s”在册，不用恢复。") % enterprise)
    reason, closing = _checked(reason, on), closing_of(enterprise)
    change = PlannedChange(ChangeKind.REOPEN, [enterprise], on, memo=closing.memo if closing else {})
    foresee(change).require_confirmed(confirmed)
    enterprise.is_active, enterprise.closed_on, enterprise.successor = True, None, None
    _saved(enterprise)
    carry_out(change, acting_user=acting_user)
    EnterpriseEvent.objects.create(
        enterprise=enterprise, kind=ChangeKind.REOPEN, effective_on=on, reason=reason, made_by=acting_user
    )
    log("enterprises.reopened", by=acting_user, on=enterprise, note=reason)
    return enterprise
