"""Declarations of the kinds of ideological guidance."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from ideology.business_rules import EmptyTeamsHavePlan, EmptyTeamsReported
from ideology.models import Lecture, PartyDevelopment
from records.facts import Fact, Nature
from records.kinds import Fieldset, RecordKind, Rhythm, register


@register
class LectureKind(RecordKind):
    model = Lecture
    area = "ideology"
    rhythm = Rhythm.EVENT
    clauses = ("2022-m1-c3", "2025-a4-f9")
    purpose = _("请劳模工匠和身边人给职工讲一课。每举办一场填一条。")
    fieldsets = (
        Fieldset(_("活动"), ("title", "happened_on", "form", "venue")),
        Fieldset(_("主讲人"), ("speaker", "speaker_kind")),
        Fieldset(_("规模"), ("number_of_people", "attendances", "frontline_attendances")),
        Fieldset(_("内容"), ("summary",)),
    )
    required = ("title", "happened_on", "form", "speaker", "number_of_people", "attendances")
    columns = ("speaker", "attendances")
    filters = ("form", "speaker_kind")
    facts = (
        Fact("B01.sessions", _("职工大讲堂场次"), _("场")),
        Fact("B01.attendances", _("职工大讲堂参训人次"), _("人次"), amount="attendances"),
        Fact("B01.frontline", _("其中一线职工人次"), _("人次"), amount="frontline_attendances"),
    )
    is_common = True


@register
class PartyDevelopmentKind(RecordKind):
    model = PartyDevelopment
    area = "ideology"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2022-m2-c4", "2022-m2-c5")
    purpose = _("每季度填一次：新发展了多少党员，一线占多少，空白班组还剩几个。")
    fieldsets = (
        Fieldset(_("发展党员"), ("new_members", "new_frontline_members", "total_members")),
        Fieldset(
            _("党员空白班组"),
            ("teams_without_members", "clearing_plan", "clearing_due"),
            _("国有企业填报。还有空白班组的，写明怎样消除、什么时候消除。"),
        ),
    )
    required = ("new_members", "new_frontline_members", "total_members")
    columns = ("new_members", "total_members", "teams_without_members")
    facts = (
        Fact("B04.new_members", _("新发展党员"), _("人"), amount="new_members"),
        Fact("B04.new_frontline", _("其中一线职工党员"), _("人"), amount="new_frontline_members"),
        Fact("B03.members", _("党员总数"), _("人"), Nature.HEADCOUNT, amount="total_members"),
        Fact("B05.empty_teams", _("国企党员空白班组"), _("个"), Nature.STOCK, amount="teams_without_members"),
    )
    rules = (EmptyTeamsReported, EmptyTeamsHavePlan)

    def prepare_form(self, form, enterprise: Enterprise) -> None:
        """Only state-owned enterprises are asked about teams without party members."""
        if not enterprise.is_state_owned:
            for name in ("teams_without_members", "clearing_plan", "clearing_due"):
                form.fields.pop(name, None)
