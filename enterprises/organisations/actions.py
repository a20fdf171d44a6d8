"""Entering and changing schools, institutions and associations."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Organisation
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.places.models import pinyin_initials

register_event("enterprises.organisation_saved", gettext_lazy("登记院校和机构"))

EDITABLE = ("kind", "name", "code", "county", "contact", "is_active")


def _words(organisation: Organisation) -> dict[str, str]:
    field = organisation._meta.get_field
    shown = {name: getattr(organisation, name) for name in EDITABLE if name != "county"}
    shown |= {
        "kind": organisation.get_kind_display(),
        "is_active": _("是") if organisation.is_active else _("否"),
        "county": organisation.county if organisation.county_id else "",
    }
    return {str(field(name).verbose_name): str(value or "") for name, value in shown.items()}


@transaction.atomic
def save_organisation(
    *, acting_user: Actor, values: Mapping[str, Any], organisation: Organisation | None = None
) -> Organisation:
    """Enter one, or change one; its old and its new county must be the office's. Raises ``AccessDenied`` and
    ``ValidationError``."""
    before: dict[str, str] = {}
    if organisation is not None:
        rows = Organisation.objects.select_for_update(of=("self",)).select_related("county")
        organisation = rows.get(pk=organisation.pk)
        require(acting_user, "enterprises.keep_organisations", organisation)
        before = _words(organisation)
    organisation = organisation or Organisation()
    for name in EDITABLE:
        setattr(organisation, name, values[name])
    organisation.code = (organisation.code or "").strip().upper() or None
    organisation.initials = pinyin_initials(organisation.name)[:120]
    organisation.city_id, organisation.province_id = organisation.county.city_id, organisation.county.province_id
    require(acting_user, "enterprises.keep_organisations", organisation)
    organisation.full_clean()
    organisation.save()
    changes = {
        label: [before.get(label, ""), word]
        for label, word in _words(organisation).items()
        if before.get(label, "") != word
    }
    log("enterprises.organisation_saved", by=acting_user, on=organisation, changes=changes)
    return organisation
