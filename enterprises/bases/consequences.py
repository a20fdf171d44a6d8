"""Bases go along with the enterprise that holds them; of one that leaves the register nobody else is told to be the holder."""

from collections.abc import Iterator

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from enterprises.consequences import Consequence, Effect, PlannedChange, register_consequence
from enterprises.models import Base, ChangeKind
from foundation.accounts.models import Actor
from foundation.saying import filled


def _held(enterprise_ids: list[int]) -> models.QuerySet[Base]:
    return Base.objects.filter(enterprise__in=enterprise_ids)


@register_consequence
class Bases(Consequence):
    name = "bases"
    order = 9

    def foresee(self, change: PlannedChange) -> Iterator[Effect]:
        if not (change.closes or change.kind == ChangeKind.MOVE):
            return
        if number := _held(change.enterprise_ids).count():
            if change.closes:
                text = _("名下 %d 个阵地的登记保留，自办理之日起不再计入统计。还在使用的，请在办理之后改填持有者。")
            else:
                text = _("名下 %d 个阵地随企业转走，由迁入地的产改办登记和修改；地址请在迁入后核对。")
            yield Effect(_("阵地与基地"), filled(text, number))

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> None:
        for county, moved in change.by_county().items():
            where = {"place": county, "county": county, "city": county.city, "province": county.province}
            _held(moved).update(**where, version=F("version") + 1)
