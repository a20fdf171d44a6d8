"""The declaration of people in new forms of employment."""

from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.facts.declaring import Fact, Nature
from foundation.labels import Label
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, register
from records.core.lines import Lines
from records.core.shown_from import from_register
from rights.models import NewForm, NewFormLine, Trade

#: 道路运输业, 装卸搬运和仓储业, 邮政业 and 互联网和相关服务: divisions in which such people are engaged.
_DIVISIONS = ("G54", "G59", "G60", "I64")


def _people(code: str, label: Label, amount: str) -> Fact:
    return Fact(code, label, _("人"), Nature.HEADCOUNT, amount=amount, lines="trades")


@register
class NewFormKind(RecordKind):
    model = NewForm
    area = "rights"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2025-a4-m3-c2", "2025-a4-f5")
    filed_by = FiledBy.EITHER
    purpose = _(
        "每季度填一次：快递、外卖、网约车等从业人员季末有多少，签合同、入会、协商覆盖多少。产改办只填没有单独填报的企业的人。"
    )
    shown = from_register("industry")
    fieldsets = (
        Fieldset(_("从业人员"), (), lines="trades"),
        Fieldset(_("维权"), ("services", "checks")),
    )
    lines = (
        Lines(
            "trades",
            NewFormLine,
            fields=("trade", "workers", "contracts", "members", "covered"),
            label=_("各行业从业人员"),
            required=("trade", "workers", "contracts", "members", "covered"),
            at_least=1,
            most=len(Trade),
            unique=("trade",),
            help=_("一个行业一行，都是季末数。企业一般只有一行。"),
        ),
    )
    required = ("services",)
    columns = ("services", "checks")
    facts = (
        _people("G10.workers", _("新就业形态从业人员"), "workers"),
        _people("G10.contracts", _("签订劳动合同或书面协议的新就业形态从业人员"), "contracts"),
        _people("G10.members", _("加入工会的新就业形态从业人员"), "members"),
        _people("G10.covered", _("协商协议覆盖的新就业形态从业人员"), "covered"),
        Fact("G10.services", _("新就业形态劳动者维权服务"), _("件"), amount="services"),
        Fact("G10.checks", _("规范用工检查"), _("次"), amount="checks"),
    )

    def applies_to(self, enterprise: Enterprise) -> bool:
        """Carriers, couriers and platforms."""
        return enterprise.industry_id.startswith(_DIVISIONS)

    def prepare_form(self, form: BaseForm, enterprise: Enterprise) -> None:
        """Checks are the offices'."""
        form.fields.pop("checks", None)
