"""Evidence follows its record: adopted when the form is saved, gone with a draft, named in the record's history."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Actor
from foundation.stored_files.actions import attach_files, delete_files
from records.core.effects import Effect, register_effect
from records.core.kinds import kind_of
from records.core.models import Record
from records.core.values import Part, register_part
from records.evidence.models import Attachment


@register_effect
class EvidenceFollows(Effect):
    order = 10

    def filed(self, record: Record, *, acting_user: Actor) -> None:
        """Files uploaded for this form by this person now belong to the record."""
        takes_video = kind_of(record).takes_video
        attach_files(
            Attachment,
            acting_user=acting_user,
            owner=record,
            form_token=record.form_token,
            takes_video=takes_video,
        )

    def discarding(self, record: Record) -> None:
        delete_files(Attachment.objects.filter(record_id=record.pk))


def names_by_record(record_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of the evidence of many records."""
    names: dict[int, list[str]] = defaultdict(list)
    everything = list(record_ids)
    for start in range(0, len(everything), 500):
        found = Attachment.objects.filter(record_id__in=everything[start : start + 500])
        for pk, name in found.order_by("pk").values_list("record_id", "name"):
            names[pk].append(name)
    return names


register_part(Part("attachments", _("佐证材料"), names_by_record))
