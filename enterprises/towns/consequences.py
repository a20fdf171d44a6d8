"""An enterprise that moves to another county leaves its township and park, unless they moved along."""

from collections.abc import Iterator

from django.db.models import F, Q
from django.utils.translation import gettext as _

from enterprises.consequences import Consequence, Effect, PlannedChange, register_consequence
from enterprises.models import ChangeKind, Enterprise
from foundation.accounts.models import Actor
from foundation.places.models import SMALL_LEVELS
from foundation.saying import filled

_CHUNK = 500


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


@register_consequence
class Towns(Consequence):
    name = "towns"
    order = 5

    def foresee(self, change: PlannedChange) -> Iterator[Effect]:
        if change.kind != ChangeKind.MOVE:
            return
        assigned = Q(township__isnull=False) | Q(park__isnull=False)
        number = sum(Enterprise.objects.filter(assigned, pk__in=ids).count() for ids in _chunks(change.enterprise_ids))
        if number:
            text = _("%d 家企业所属的乡镇（街道）或园区不随企业迁移的，将被清空，请在迁入地重新设置。")
            yield Effect(_("所属乡镇和园区"), filled(text, number))

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> None:
        for county, moved in change.by_county().items():
            for ids in _chunks(moved):
                for level in SMALL_LEVELS:
                    left = Enterprise.objects.filter(pk__in=ids, **{f"{level}__isnull": False})
                    left.exclude(**{f"{level}__county": county}).update(
                        **{str(level): None, "version": F("version") + 1}
                    )
