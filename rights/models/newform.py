"""People in new forms of employment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, count
from records.models import LineOf, Record, RecordLine


class Trade(models.TextChoices):
    COURIER = "courier", _("快递")
    TAKEAWAY = "takeaway", _("外卖")
    RIDES = "rides", _("网约车")
    FREIGHT = "freight", _("货运")
    OTHER = "other", _("其他")


class NewForm(Record):
    """新就业形态劳动者维权: the quarter's return on people in new forms of employment, by trade
    (2025年方案第四项行动“新就业形态劳动者”“快递行业”).

    An office reports only of people whose enterprise reports nothing itself: a total is both together."""

    services = count(_("维权服务"), _("件"), _("本季度为新就业形态劳动者提供的法律咨询、调解、援助等，没有填 0。"))
    checks = count(_("规范用工检查"), _("次"), _("产改办填写：本季度对平台、快递等企业开展的检查。"))
    trades: "tuple[NewFormLine, ...]"

    class Meta:
        verbose_name = verbose_name_plural = _("新就业形态劳动者维权")


class NewFormLine(RecordLine):
    """各行业从业人员: the people of one trade at the quarter's end."""

    record = LineOf(NewForm, related_name="trades")
    trade = choice(_("行业"), Trade)
    workers = count(_("从业人员"), _("人"), _("季末在岗的，同一人只计一次。"))
    contracts = count(_("签订劳动合同或书面协议"), _("人"))
    members = count(_("加入工会"), _("人"))
    covered = count(_("协商协议覆盖"), _("人"), _("集体协商协议或者行业协议覆盖的。"))
    parts = (("contracts", "workers"), ("members", "workers"), ("covered", "workers"))

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("各行业从业人员")
