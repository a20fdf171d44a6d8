"""Who is told when the register changes: the office to which enterprises come, the people of one that is closed."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.consequences import Consequence, PlannedChange, register_consequence
from enterprises.models import ChangeKind, Enterprise
from foundation.access.models import ENTERPRISE_ROLES, Role
from foundation.access.queries import people_at
from foundation.accounts.models import Actor, User
from foundation.notify.actions import notify
from foundation.notify.registry import register_kind
from foundation.places.models import Place
from foundation.saying import filled

register_kind("enterprises.moved_in", gettext_lazy("企业迁入"))
register_kind("enterprises.closed", gettext_lazy("企业注销或并入"))

#: Enterprises named in a message; the list has them all.
NAMED = 5


def _others(people: Iterable[User], acting_user: Actor) -> list[User]:
    return [person for person in people if person.pk != acting_user.pk]


@register_consequence
class Notifications(Consequence):
    name = "notifications"
    order = 90

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> None:
        if change.closes:
            for enterprise in change.enterprises:
                self._closed(change, enterprise, acting_user)
        enterprises = {enterprise.pk: enterprise for enterprise in change.enterprises}
        for county, ids in change.by_county().items():
            self._moved_in(county, [enterprises[pk] for pk in ids], acting_user)

    def _moved_in(self, county: Place, enterprises: Sequence[Enterprise], acting_user: Actor) -> None:
        first, count = enterprises[0], len(enterprises)
        title = _("“%s”迁入") % first if count == 1 else filled(_("%d 家企业迁入"), count)
        listed = "、".join(enterprise.name for enterprise in enterprises[:NAMED]) + ("…" if count > NAMED else "")
        notify(
            event="enterprises.moved_in",
            to=_others(people_at([county.pk], [Role.COUNTY]), acting_user),
            title=title,
            text=_("%s。今后的记录由您这里审核；迁移前提交的仍由原来的县（市、区）审核。") % listed,
            place=county,
            url=reverse("enterprises:detail", args=[first.pk]) if count == 1 else reverse("enterprises:list"),
        )

    def _closed(self, change: PlannedChange, enterprise: Enterprise, acting_user: Actor) -> None:
        if change.kind == ChangeKind.MERGE:
            title = _("“%(enterprise)s”已并入“%(successor)s”") % {
                "enterprise": enterprise,
                "successor": change.successor,
            }
            text = _("今后请在“%s”名下填报；原来的记录仍可查看。") % change.successor
        else:
            title, text = (
                _("“%s”已注销") % enterprise,
                _("不能再填报，已有的记录还可以查看一段时间。有疑问请联系产改办。"),
            )
        notify(
            event="enterprises.closed",
            to=_others(people_at([enterprise.pk], ENTERPRISE_ROLES), acting_user),
            title=title,
            text=text,
            url=reverse("enterprises:detail", args=[enterprise.pk]),
            place=enterprise.place,
        )
