"""What a change of the register does to the accounts of the enterprise."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.consequences import Consequence, Effect, PlannedChange, register_consequence
from enterprises.models import ChangeKind
from foundation.access.bulk import grant_alike, lift_limit, limit_grants
from foundation.access.models import Grant
from foundation.accounts.models import Actor
from foundation.saying import filled

#: How long the people of a closed enterprise may still read what they filed.
READABLE_FOR = datetime.timedelta(days=30)


def _last_day() -> datetime.date:
    return timezone.localdate() + READABLE_FOR


@register_consequence
class Accounts(Consequence):
    """The people of an enterprise keep their accounts when it moves, read on for a while when it is closed, and work
    for the survivor after a merger."""

    name = "accounts"
    order = 30

    def _people(self, change: PlannedChange) -> int:
        held = Grant.objects.in_force().filter(user__is_active=True)
        ids = change.enterprise_ids
        people: set[int] = set()
        for start in range(0, len(ids), 500):
            people.update(held.filter(place_id__in=ids[start : start + 500]).values_list("user_id", flat=True))
        return len(people)

    def foresee(self, change: PlannedChange) -> Iterator[Effect]:
        about, people = _("账号"), self._people(change)
        if change.kind == ChangeKind.SPLIT:
            yield Effect(about, _("新企业还没有账号，办理后请由系统管理员为它的经办员授权。"))
        elif change.kind == ChangeKind.REOPEN:
            limited = len(change.memo.get(self.name, {}).get("grants", []))
            yield Effect(about, filled(_("注销时限期的 %d 个授权恢复原来的期限；此后由管理员改过的不动。"), limited))
        elif not people:
            return
        elif change.kind == ChangeKind.MOVE:
            yield Effect(about, filled(_("%d 个账号照常使用，改由迁入地的系统管理员管理。"), people))
        elif change.kind == ChangeKind.MERGE:
            yield Effect(
                about,
                filled(
                    _("%(count)d 个账号在“%(name)s”获得同样的角色；原企业的记录仍可查看，不能再填报。"),
                    {"count": people, "name": change.successor},
                ),
            )
        elif change.kind == ChangeKind.CLOSE:
            yield Effect(
                about,
                filled(
                    _("%(count)d 个账号不能再为这家企业填报，可以查看到 %(day)s，之后收回。"),
                    {"count": people, "day": _last_day()},
                ),
            )

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> Any:
        if change.kind == ChangeKind.MERGE and change.successor is not None:
            for enterprise in change.enterprises:
                grant_alike(acting_user=acting_user, source=enterprise.place, target=change.successor.place)
        elif change.kind == ChangeKind.CLOSE:
            until = _last_day()
            limited = [
                grant
                for enterprise in change.enterprises
                for grant in limit_grants(acting_user=acting_user, place=enterprise.place, until=until)
            ]
            was = [[grant.pk, grant.valid_until and grant.valid_until.isoformat()] for grant in limited]
            return {"until": until.isoformat(), "grants": was}
        elif change.kind == ChangeKind.REOPEN and (kept := change.memo.get(self.name)):
            day = datetime.date.fromisoformat
            lift_limit(
                acting_user=acting_user,
                limited={pk: day(was) if was else None for pk, was in kept["grants"]},
                until=day(kept["until"]),
            )
        return None
