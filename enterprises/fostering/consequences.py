"""What is known of a fostered enterprise lies where the enterprise lies."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from enterprises.consequences import Consequence, Effect, PlannedChange, register_consequence
from enterprises.models import FosteredEnterprise
from foundation.accounts.models import Actor
from foundation.saying import filled


@register_consequence
class Fostering(Consequence):
    """The offices of the new county keep it; of an enterprise that leaves the register nothing is counted any more, and the
    row stays."""

    name = "fostering"
    order = 9

    def foresee(self, change: PlannedChange) -> Iterator[Effect]:
        number = FosteredEnterprise.objects.filter(enterprise__in=change.enterprise_ids, delisted_on=None).count()
        if number and change.closes:
            text = _("企业在 %d 个培育名单上的登记保留，自办理之日起不再计入统计。")
            yield Effect(_("优质企业培育"), filled(text, number))

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> None:
        for county, enterprises in change.by_county().items():
            FosteredEnterprise.objects.filter(enterprise__in=enterprises).update(
                county=county, city_id=county.city_id, province_id=county.province_id
            )
