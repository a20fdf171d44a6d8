"""Registering many enterprises at once: the same checks as ``enterprises.actions``, written set-based."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

import enterprises.actions  # noqa: F401 -- registers the audit events
from enterprises.feed import announce
from enterprises.models import Enterprise
from enterprises.pilots.tiers import open_given_tiers
from foundation.access.rules import require
from foundation.audit.log import Noted, log_each
from foundation.places.models import Level, Place, pinyin_initials

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
                raise ValidationError(Enterprise._meta.get_field("credit_code").error_messages["unique"])
            taken.add(draft.credit_code)
        except ValidationError as problem:
            problems.extend(
                _("第 %(number)d 家：%(message)s") % {"number": number, "message": text} for text in problem.messages
            )
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def register_enterprises(*, acting_user: models.Model, drafts: Sequence[Enterprise], origin: str) -> list[Enterprise]:
    """Enter unsaved rows with their places; all of them or none. ``origin`` says in the audit log where they came
    from. Raises ``AccessDenied`` for a county out of reach and ``ValidationError`` naming every refused row."""
    drafts = list(drafts)
    for county in {draft.county_id: draft.county for draft in drafts}.values():
        require(acting_user, "enterprises.register", county)
    for draft in drafts:
        draft.province_id, draft.city_id = draft.county.province_id, draft.county.city_id
        draft.initials = pinyin_initials(draft.name)
    _check(drafts)
    places = Place.objects.bulk_create(
        [
            Place(
                level=Level.ENTERPRISE, code=draft.credit_code, name=draft.name, short_name=draft.name,
                initials=draft.initials, parent=draft.county, province_id=draft.province_id, city_id=draft.city_id,
                county_id=draft.county_id,
            )
            for draft in drafts
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    for draft, place in zip(drafts, places, strict=True):
        draft.place = place
    Enterprise.objects.bulk_create(drafts, batch_size=_BATCH)
    open_given_tiers(acting_user=acting_user, enterprises=drafts)
    log_each("enterprises.registered", [Noted(draft, origin) for draft in drafts], by=acting_user)
    announce(draft.pk for draft in drafts)
    return drafts
