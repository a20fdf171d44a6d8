"""The declaration of disclosure and opinions."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from foundation.facts.declaring import Fact
from records.core.kinds import Fieldset, RecordKind, Rhythm, register
from records.core.lines import Lines
from rights.models import Disclosure, Voice, VoiceChannel, VoiceLine


@register
class VoiceKind(RecordKind):
    model = Voice
    area = "rights"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2022-m9-c1", "2022-m9-c2", "2022-m3-c3")
    purpose = _("每季度填一次：公开了几次厂务，各信箱和恳谈收到、办结多少意见。只填件数，不写职工姓名和意见内容。")
    fieldsets = (
        Fieldset(_("厂务公开"), ("disclosures", "channels", "disclosed_by")),
        Fieldset(_("职工代表参与治理"), ("visits",)),
        Fieldset(_("意见办理"), (), lines="opinions"),
    )
    lines = (
        Lines(
            "opinions",
            VoiceLine,
            fields=("channel", "received", "settled", "in_time", "satisfied"),
            label=_("意见办理"),
            required=("channel", "received", "settled"),
            unique=("channel",),
            most=len(VoiceChannel),
            help=_("已经设置的渠道一个一行，本季度没有收到意见的也填，收到填 0。没有设置的不填。"),
        ),
    )
    required = ("disclosures",)
    columns = ("disclosures", "visits")
    filters = ("channels",)
    shown_when: ClassVar = {"disclosed_by": ("channels", (Disclosure.OTHER.value,))}
    facts = (
        Fact("F04.times", _("厂务公开"), _("次"), amount="disclosures"),
        Fact("F06.received", _("收到职工意见"), _("件"), amount="received", lines="opinions"),
        Fact("F06.settled", _("办结职工意见"), _("件"), amount="settled", lines="opinions"),
        Fact("F06.in_time", _("按期办结职工意见"), _("件"), amount="in_time", lines="opinions"),
        Fact("F06.satisfied", _("职工意见答复满意"), _("件"), amount="satisfied", lines="opinions"),
        # What workers say through these channels is their interests put forward by law and reason (2022, measure 3).
        Fact("B17.received", _("收到职工诉求"), _("件"), amount="received", lines="opinions"),
        Fact("B17.closed", _("办结职工诉求"), _("件"), amount="settled", lines="opinions"),
        Fact("F21.times", _("职工代表巡视检查、列席会议"), _("次"), amount="visits"),
    )
