"""How a unit's people matched headings by hand, for their next file with the same headings."""

import hashlib
import json
from collections.abc import Mapping

from django.utils import timezone

from foundation.access.signin import home_of
from foundation.accounts.models import Actor
from foundation.exchange.matching import as_said
from foundation.exchange.models import ColumnMemory, Import
from foundation.exchange.resources import ImportResource
from foundation.exchange.tables import Layout, chosen_sheets, lacking, matched
from foundation.refusals import Refused


def _signature(layout: Layout) -> str:
    headings = {as_said(match[1]) for sheet in chosen_sheets(layout) for match in sheet["matches"]}
    return hashlib.sha256(json.dumps(sorted(headings), ensure_ascii=False).encode()).hexdigest()


def remember(batch: Import, resource: ImportResource, mapping: Mapping[str, str], *, said_by: Actor) -> None:
    """Keep what was said of these headings for the person's unit, over what was said before."""
    if place := home_of(said_by):
        ColumnMemory.objects.update_or_create(
            place=place,
            resource=batch.resource,
            slug=resource.slug,
            signature=_signature(batch.layout),
            defaults={"mapping": dict(mapping), "said_by": said_by},
        )


def recall(batch: Import, resource: ImportResource) -> bool:
    """Whether somebody of the unit has matched these headings before; they are then taken for the same, and the layout
    says so. What does not fit any more (a column that is gone) is asked about anew."""
    place = home_of(batch.created_by)
    found = ColumnMemory.objects.select_related("said_by").filter(
        place=place, resource=batch.resource, slug=resource.slug, signature=_signature(batch.layout)
    )
    memory = found.first() if place else None
    if memory is None or not set(filter(None, memory.mapping.values())) <= set(resource.by_name):
        return False
    layout = {
        **batch.layout,
        "mapping": memory.mapping,
        "recalled": {
            "who": memory.said_by.full_name,
            "day": timezone.localdate(memory.said_at).isoformat(),
            "memory": memory.pk,
        },
    }
    try:
        if any(lacking(matched(sheet, layout, resource), resource) for sheet in chosen_sheets(layout)):
            return False
    except Refused:
        return False
    batch.layout = layout
    batch.save(update_fields=["layout"])
    return True


def forget(batch: Import) -> None:
    """What was recalled for this import is not recalled again."""
    ColumnMemory.objects.filter(pk=batch.layout.get("recalled", {}).get("memory")).delete()
