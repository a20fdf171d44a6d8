"""Declaration of the return on training funds."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, RecordKind, Rhythm, register
from records.core.lines import Lines, Total
from records.core.shown_from import from_profile, from_year
from skills.business_rules.funds import (
    AboveTheDeduction,
    AccruedBelowTheBand,
    FrontLineShare,
    FundsOverseen,
    TrainingFundsSpent,
)
from skills.models import Spending, TrainingFund


@register
class TrainingFundKind(RecordKind):
    model = TrainingFund
    area = "skills"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-s3-c2", "2022-m6-c6")
    purpose = _(
        "每年初填一次，填上一年的：职工教育经费提取、支出了多少，用在哪里。工资总额在年度基本情况中填，不用再填；"
        "税前扣除由平台估算，以纳税申报为准。"
    )
    shown = (
        *from_profile("wages_total", "headcount", "frontline_count"),
        from_year("skills.trainingclass", "number_of_people", _("全年培训班参加人数（各班相加）")),
    )
    fieldsets = (
        Fieldset(_("经费"), ("spent", "frontline", "accrued"), lines="spending"),
        Fieldset(_("参训"), ("trained",)),
        Fieldset(_("民主监督"), ("overseen", "congress_topic")),
    )
    lines = (
        Lines(
            "spending",
            Spending,
            fields=("purpose", "amount"),
            label=_("支出用途"),
            required=("purpose", "amount"),
            unique=("purpose",),
            totals=(Total("amount", "spent"),),
            help=_("一种用途一行，各行合计应等于实际发生额。分不清用途的可以不填。"),
        ),
    )
    required = ("spent", "frontline")
    columns = ("spent", "frontline", "accrued", "trained")
    facts = (
        Fact(
            "D08.spent", _("职工教育经费实际支出"), _("万元"), Nature.STOCK, "spent", year_basis=YearBasis.CLOSED_YEAR
        ),
        Fact(
            "D09.frontline",
            _("其中用于一线职工的职工教育经费"),
            _("万元"),
            Nature.STOCK,
            "frontline",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D10.trained",
            _("全年参训职工（每人计一次）"),
            _("人"),
            Nature.HEADCOUNT,
            "trained",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )
    rules = (TrainingFundsSpent, FrontLineShare, FundsOverseen)
    warnings = (AboveTheDeduction, AccruedBelowTheBand)
    shown_when: ClassVar = {"congress_topic": ("overseen", (True,))}
