"""Every change of the register of enterprises."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import uscc

from enterprises.doubles import same_name_questions
from enterprises.facts import append_register_changes
from enterprises.models import ChangeKind, Enterprise, EnterpriseEvent
from enterprises.profiles.queries import FOLLOWED, follows_profile
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.fields import field_of, label_of_field
from foundation.folding import fold
from foundation.places.actions import save_place
from foundation.places.models import Level, Place, pinyin_initials
from foundation.refusals import Stale, require_confirmed

register_event("enterprises.registered", gettext_lazy("登记企业"))
register_event("enterprises.edited", gettext_lazy("修改企业信息"))

#: What a person may change of an entry; the county is changed by moving, the tier by ``enterprises.pilots``.
EDITABLE_FIELDS = (
    "name",
    "credit_code",
    "industry",
    "ownership",
    "size",
    "headcount",
    "frontline_count",
    "has_union",
    "has_party_organisation",
    "instructor",
    "liaison",
    "observer",
)


def shown(enterprise: Enterprise, name: str) -> str:
    field = field_of(enterprise, name)
    value = getattr(enterprise, name)
    if field.choices:
        return str(getattr(enterprise, f"get_{name}_display")())
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return _("未填报") if value in (None, "") else str(value)


def _checked(enterprise: Enterprise, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name in EDITABLE_FIELDS:
            setattr(enterprise, name, value)
    enterprise.credit_code = uscc.compact(enterprise.credit_code or "")
    enterprise.initials = pinyin_initials(enterprise.name)
    enterprise.full_clean(exclude=["place"])


def name_place(enterprise: Enterprise) -> None:
    """The enterprise's place carries its name and code."""
    place = enterprise.place
    place.name, place.short_name = enterprise.name, enterprise.name
    place.code, place.initials = enterprise.credit_code, enterprise.initials
    place.save(update_fields=["name", "short_name", "name_key", "code", "initials"])


def keep_former_name(
    enterprise: Enterprise, old_name: str, *, by: Actor, on: datetime.date, reason: str = ""
) -> EnterpriseEvent:
    """However a name was changed, the former one stays and is found by search."""
    return EnterpriseEvent.objects.create(
        enterprise=enterprise,
        kind=ChangeKind.RENAME,
        effective_on=on,
        reason=reason,
        old_name=old_name,
        old_initials=pinyin_initials(old_name),
        new_name=enterprise.name,
        made_by=by,
    )


@transaction.atomic
def register_enterprise(
    *,
    acting_user: Actor,
    county: Place,
    values: Mapping[str, Any],
    confirmed: Collection[str] = (),
    may_share_a_name: bool = False,
) -> Enterprise:
    """A new entry and its place. One of the name of another is asked about, unless it ``may_share_a_name``. Raises ``AccessDenied``, ``ValidationError``
    (also for a code already there) and ``NeedsConfirmation``."""
    require(acting_user, "enterprises.register", county)
    code = uscc.compact(values.get("credit_code") or "")
    if Place.objects.filter(code=code).exists():
        raise ValidationError({"credit_code": field_of(Enterprise, "credit_code").error_messages["unique"]})
    province, city = county.province_and_city
    enterprise = Enterprise(county=county, city_id=city, province_id=province)
    _checked(enterprise, values)
    if not may_share_a_name:
        require_confirmed(same_name_questions(acting_user, enterprise), confirmed, needs_reason=False)
    enterprise.place = save_place(
        level=Level.ENTERPRISE, code=enterprise.credit_code, name=enterprise.name, parent=county
    )
    enterprise.save(force_insert=True)
    log("enterprises.registered", by=acting_user, on=enterprise)
    append_register_changes([enterprise.pk])
    return enterprise


@transaction.atomic
def update_enterprise(
    *,
    acting_user: Actor,
    enterprise_id: int,
    version: int,
    values: Mapping[str, Any],
    confirmed: Collection[str] = (),
) -> Enterprise:
    """Change an entry; staff figures that come from a yearly profile stay. Another name that somebody has is asked about.
    Raises ``Stale``, ``AccessDenied``, ``ValidationError``, ``NeedsConfirmation``."""
    enterprise = Enterprise.objects.select_for_update(of=("self",)).select_related("place").get(pk=enterprise_id)
    require(acting_user, "enterprises.edit", enterprise)
    if enterprise.version != version:
        raise Stale(enterprise)
    before, old_name = {name: shown(enterprise, name) for name in EDITABLE_FIELDS}, enterprise.name
    if follows_profile(enterprise):
        values = {name: value for name, value in values.items() if name not in FOLLOWED}
    _checked(enterprise, values)
    after = {name: shown(enterprise, name) for name in EDITABLE_FIELDS}
    changes = {label_of_field(enterprise, n): [before[n], after[n]] for n in EDITABLE_FIELDS if before[n] != after[n]}
    if not changes:
        return enterprise
    if fold(enterprise.name) != fold(old_name):
        require_confirmed(same_name_questions(acting_user, enterprise), confirmed, needs_reason=False)
    enterprise.version += 1
    enterprise.save()
    name_place(enterprise)
    if enterprise.name != old_name:
        keep_former_name(enterprise, old_name, by=acting_user, on=timezone.localdate())
    log("enterprises.edited", by=acting_user, on=enterprise, changes=changes)
    append_register_changes([enterprise.pk])
    return enterprise
