"""An enterprise's bodies lie where the enterprise lies."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from enterprises.bodies.actions import append_body_changes
from enterprises.consequences import Consequence, Effect, PlannedChange, register_consequence
from enterprises.models import Body
from foundation.accounts.models import Actor
from foundation.saying import filled


@register_consequence
class Bodies(Consequence):
    """They move with it; of one that leaves the register they are no longer counted, and stay as they are."""

    name = "bodies"
    order = 9

    def foresee(self, change: PlannedChange) -> Iterator[Effect]:
        number = Body.objects.standing().filter(enterprise__in=change.enterprise_ids).count()
        if number and change.closes:
            text = _("企业的 %d 个组织登记保留，自办理之日起不再计入统计。")
            yield Effect(_("组织与会议"), filled(text, number))

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> None:
        for county, enterprises in change.by_county().items():
            Body.objects.filter(enterprise__in=enterprises).update(
                county=county, city_id=county.city_id, province_id=county.province_id
            )
        having = Body.objects.filter(enterprise__in=change.enterprise_ids).order_by()
        append_body_changes(having.values_list("place_id", flat=True).distinct())
