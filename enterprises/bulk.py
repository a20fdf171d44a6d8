"""Registering, changing and moving many enterprises at once: the same checks as the single actions, written set-based."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.actions import EDITABLE_FIELDS, shown
from enterprises.consequences import PlannedChange, carry_out, foresee
from enterprises.facts import append_register_changes
from enterprises.models import ChangeKind, Enterprise, EnterpriseEvent
from enterprises.pilots.tiers import open_given_tiers
from enterprises.profiles.queries import FOLLOWED, newest
from foundation.access.rules import AccessDenied, require, verdict
from foundation.accounts.models import Actor
from foundation.audit.log import Noted, log_each, register_event
from foundation.fields import field_of, label_of_field
from foundation.folding import fold
from foundation.places.actions import put_under
from foundation.places.models import Level, Place, pinyin_initials

register_event("enterprises.moved", gettext_lazy("企业迁入"))
register_event("enterprises.moved_away", gettext_lazy("企业迁出"))

_BATCH = 500


def _check(drafts: Sequence[Enterprise]) -> None:
    """Raise one ``ValidationError`` that names every refused entry by its number in the sequence."""
    codes = [draft.credit_code for draft in drafts]
    taken: set[str] = set()
    for start in range(0, len(codes), _BATCH):
        part = codes[start : start + _BATCH]
        taken.update(Place.objects.filter(code__in=part).values_list("code", flat=True))
    relations = {field.name for field in Enterprise._meta.concrete_fields if field.is_relation}
    problems: list[str] = []
    for number, draft in enumerate(drafts, 1):
        try:
            draft.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
            if draft.credit_code in taken:
                raise ValidationError(field_of(Enterprise, "credit_code").error_messages["unique"])
            taken.add(draft.credit_code)
        except ValidationError as problem:
            problems.extend(
                _("第 %(number)d 家：%(message)s") % {"number": number, "message": text} for text in problem.messages
            )
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def register_enterprises(*, acting_user: Actor, drafts: Sequence[Enterprise], origin: str) -> list[Enterprise]:
    """Enter unsaved rows with their places; all of them or none. ``origin`` says in the audit log where they came
    from. Raises ``AccessDenied`` for a county out of reach and ``ValidationError`` naming every refused row."""
    drafts = list(drafts)
    for county in {draft.county_id: draft.county for draft in drafts}.values():
        require(acting_user, "enterprises.register", county)
    for draft in drafts:
        draft.province_id, draft.city_id = draft.county.province_and_city
        draft.initials = pinyin_initials(draft.name)
    _check(drafts)
    places = Place.objects.bulk_create(
        [
            Place(
                level=Level.ENTERPRISE,
                code=draft.credit_code,
                name=draft.name,
                short_name=draft.name,
                initials=draft.initials,
                parent=draft.county,
                province_id=draft.province_id,
                city_id=draft.city_id,
                county_id=draft.county_id,
            )
            for draft in drafts
        ],
        batch_size=_BATCH,
    )
    for draft, place in zip(drafts, places, strict=True):
        draft.place = place
    Enterprise.objects.bulk_create(drafts, batch_size=_BATCH)
    open_given_tiers(acting_user=acting_user, enterprises=drafts)
    log_each("enterprises.registered", [Noted(draft, origin) for draft in drafts], by=acting_user)
    append_register_changes(draft.pk for draft in drafts)
    return drafts


class Move(NamedTuple):
    """An enterprise (with its county) and where it goes."""

    enterprise: Enterprise
    county: Place


def check_moves(acting_user: Actor, moves: Sequence[Move]) -> None:
    """Raise ``AccessDenied`` when either end is out of reach, ``ValidationError`` for what cannot move there."""
    for county in {move.county.pk: move.county for move in moves}.values():
        if not verdict(acting_user, "enterprises.register", county):
            raise AccessDenied(
                _("%s不在您的管辖范围内，不能迁到那里。市内跨县（区）的迁移请由市产改办办理，跨市的请由省产改办办理。")
                % county.full_name()
            )
    for enterprise, county in moves:
        require(acting_user, "enterprises.move", enterprise)
        if not enterprise.is_active:
            raise ValidationError(_("“%s”已经注销，不能迁移。请先恢复在册。") % enterprise)
        if enterprise.county_id == county.pk:
            raise ValidationError(
                {
                    "county": _("“%(enterprise)s”已经在%(county)s。请另选迁入地。")
                    % {"enterprise": enterprise, "county": county.full_name()}
                }
            )


@transaction.atomic
def move_enterprises(
    *, acting_user: Actor, moves: Sequence[Move], reason: str, on: datetime.date, confirmed: Collection[str]
) -> None:
    """Move enterprises, whose rows the caller has locked, to other counties. Records stay where they were filed.

    Raises ``AccessDenied``, ``ValidationError``, ``ChangeRefused``, and ``ChangeUnconfirmed`` unless ``confirmed`` names the
    effects as they now are."""
    check_moves(acting_user, moves)
    targets = {move.enterprise.pk: move.county for move in moves}
    change = PlannedChange(ChangeKind.MOVE, [move.enterprise for move in moves], on, counties=targets)
    foresee(change).require_confirmed(confirmed)
    for county, ids in change.by_county().items():
        for start in range(0, len(ids), _BATCH):
            part = ids[start : start + _BATCH]
            put_under(part, county)
            Enterprise.objects.filter(pk__in=part).update(
                county=county,
                city_id=county.city_id,
                province_id=county.province_id,
                version=F("version") + 1,
                updated_at=timezone.now(),
            )
    EnterpriseEvent.objects.bulk_create(
        [
            EnterpriseEvent(
                enterprise=enterprise,
                kind=ChangeKind.MOVE,
                effective_on=on,
                reason=reason,
                from_county_id=enterprise.county_id,
                to_county=county,
                made_by=acting_user,
            )
            for enterprise, county in moves
        ],
        batch_size=_BATCH,
    )
    _note_moves(moves, reason, by=acting_user)
    carry_out(change, acting_user=acting_user)
    append_register_changes(change.enterprise_ids)


def _note_moves(moves: Sequence[Move], reason: str, *, by: Actor) -> None:
    """Both ends read of it in their audit log."""
    label = label_of_field(Enterprise, "county")
    away, there = [], []
    for enterprise, county in moves:
        changes = {label: [enterprise.county.full_name(), county.full_name()]}
        away.append(Noted(enterprise, reason, enterprise.county, changes))
        there.append(Noted(enterprise, reason, county, changes))
    log_each("enterprises.moved_away", away, by=by)
    log_each("enterprises.moved", there, by=by)


class EnterpriseChange(NamedTuple):
    """New values for an enterprise (with its place), by field; its row is locked."""

    enterprise: Enterprise
    values: Mapping[str, Any]


def _changed(enterprise: Enterprise, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Put the values in; what differs, in words, by the field's name."""
    names = [name for name in EDITABLE_FIELDS if name in values]
    before = {name: shown(enterprise, name) for name in names if name != "industry"}
    changes: dict[str, list[str]] = {}
    for name in names:
        field = field_of(enterprise, name)
        if name == "industry":
            before[name], enterprise.industry_id = enterprise.industry_id, values[name]
            after = enterprise.industry_id
        else:
            setattr(enterprise, name, values[name])
            after = shown(enterprise, name)
        if before[name] != after:
            changes[str(field.verbose_name)] = [before[name], after]
    return changes


@transaction.atomic
def update_enterprises(*, acting_user: Actor, changes: Sequence[EnterpriseChange], origin: str) -> int:
    """Change many entries, all of them or none; staff figures that come from a yearly profile stay. ``origin`` says in
    the audit log where the values came from. Returns how many differ now. Raises ``AccessDenied`` for the first out of
    reach, ``ValidationError`` for impossible values."""
    relations = {field.name for field in Enterprise._meta.concrete_fields if field.is_relation}
    renamed: list[tuple[Enterprise, str]] = []
    edited: list[tuple[Enterprise, dict[str, Any]]] = []
    ids = [change.enterprise.pk for change in changes]
    followed = {pk for start in range(0, len(ids), _BATCH) for pk in newest(ids[start : start + _BATCH])}
    for enterprise, values in changes:
        require(acting_user, "enterprises.edit", enterprise)
        if enterprise.pk in followed:
            values = {name: value for name, value in values.items() if name not in FOLLOWED}
        old_name, differs = enterprise.name, _changed(enterprise, values)
        if not differs:
            continue
        enterprise.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
        enterprise.version, enterprise.updated_at = enterprise.version + 1, timezone.now()
        if enterprise.name != old_name:
            enterprise.initials, enterprise.name_key = pinyin_initials(enterprise.name), fold(enterprise.name)
            renamed.append((enterprise, old_name))
        edited.append((enterprise, differs))
    touched = [enterprise for enterprise, _differs in edited]
    columns = [*EDITABLE_FIELDS, "initials", "name_key", "version", "updated_at"]
    Enterprise.objects.bulk_update(touched, columns, batch_size=_BATCH)
    _keep_names(renamed, origin, by=acting_user)
    log_each("enterprises.edited", [Noted(one, origin, None, differs) for one, differs in edited], by=acting_user)
    append_register_changes(enterprise.pk for enterprise in touched)
    return len(touched)


def _keep_names(renamed: Sequence[tuple[Enterprise, str]], origin: str, *, by: Actor) -> None:
    """Places carry the new names, the history the former ones."""
    for enterprise, _old in renamed:
        place = enterprise.place
        place.name, place.short_name, place.initials = enterprise.name, enterprise.name, enterprise.initials
        place.name_key = enterprise.name_key
    places = [enterprise.place for enterprise, _old in renamed]
    Place.objects.bulk_update(places, ["name", "short_name", "initials", "name_key"], batch_size=_BATCH)
    EnterpriseEvent.objects.bulk_create(
        [
            EnterpriseEvent(
                enterprise=enterprise,
                kind=ChangeKind.RENAME,
                effective_on=timezone.localdate(),
                reason=origin,
                old_name=old_name,
                old_initials=pinyin_initials(old_name),
                new_name=enterprise.name,
                made_by=by,
            )
            for enterprise, old_name in renamed
        ],
        batch_size=_BATCH,
    )
