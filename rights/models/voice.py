"""Workers' voice: what is disclosed, and what becomes of what they say."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, count, text
from records.core.several import several, well_formed
from records.models import LineOf, Record, RecordLine


class VoiceChannel(models.TextChoices):
    MANAGER = "manager", _("总经理信箱")
    SECRETARY = "secretary", _("书记信箱")
    UNION = "union", _("工会信箱")
    MEETING = "meeting", _("恳谈会、接待日")
    OTHER = "other", _("其他渠道")


class Disclosure(models.TextChoices):
    BOARD = "board", _("公开栏")
    CONGRESS = "congress", _("职代会")
    SITE = "site", _("内部网站或信息系统")
    GROUP = "group", _("微信群等工作群")
    MEETING = "meeting", _("会议通报")
    OTHER = "other", _("其他")


class Voice(Record):
    """民主管理与意见办理: the quarter's return on disclosure, on opinions by channel and on delegates' visits
    (2022年实施意见第9条“推动厂务公开”“总经理信箱”“职工代表有序参与公司治理”).

    Numbers only: what somebody wrote stays with the enterprise."""

    disclosures = count(_("厂务公开"), _("次"), _("本季度向职工公开生产经营、制度、福利等事项，没有填 0。"))
    channels = several(_("公开渠道"), Disclosure, _("本季度用过的，可多选。"))
    disclosed_by = text(_("其他公开渠道"), 120, _("例如：班组会、简报。"))
    visits = count(
        _("职工代表巡视检查、列席会议"), _("次"), _("本季度职工代表巡视检查或者列席经营管理会议，没有填 0。")
    )
    opinions: "tuple[VoiceLine, ...]"

    class Meta:
        verbose_name = verbose_name_plural = _("民主管理与意见办理")
        constraints = [well_formed("channels", "voice_channels_listed")]


class VoiceLine(RecordLine):
    """意见办理: what came in by one channel, and what was done with it. A channel that is set up has a line."""

    record = LineOf(Voice, related_name="opinions")
    channel = choice(_("渠道"), VoiceChannel)
    received = count(_("收到"), _("件"), _("本季度，没有填 0。"))
    settled = count(_("办结"), _("件"), _("本季度收到的意见中已经答复或办结的。"))
    in_time = count(_("按期办结"), _("件"), _("在本单位规定的期限内办结的。"))
    satisfied = count(_("答复满意"), _("件"), _("办结后本人表示满意的，没有回访的不填。"))
    parts = (("settled", "received"), ("in_time", "settled"), ("satisfied", "settled"))

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("意见办理")
