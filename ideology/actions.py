"""Changes of state of ideological guidance beyond its records: the categories of 三代表三委员."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.fields import label_of_field
from ideology.models import RepresentativeCategory

register_event("ideology.category_saved", gettext_lazy("设置三代表三委员类别"))

#: What may be changed later; the code never.
_EDITABLE = ("name", "order", "is_settled", "is_active")


@transaction.atomic
def save_category(
    *, acting_user: Actor, values: Mapping[str, Any], category: RepresentativeCategory | None = None
) -> RepresentativeCategory:
    """Add a category, or change everything of one but its code. Raises ``AccessDenied``, ``ValidationError``."""
    require(acting_user, "ideology.categories")
    before = {} if category is None else dict(RepresentativeCategory.objects.values(*_EDITABLE).get(pk=category.pk))
    category = category or RepresentativeCategory(code=values["code"])
    for name in _EDITABLE:
        setattr(category, name, values[name])
    category.full_clean()
    category.save()
    changes = {
        label_of_field(RepresentativeCategory, name): [str(before.get(name, "")), str(values[name])]
        for name in _EDITABLE
        if before.get(name) != values[name]
    }
    log("ideology.category_saved", by=acting_user, on=category, changes=changes)
    return category
