"""Declarations of what offices report of workers' rights."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.bases.sorts import LEGAL_AID
from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, register
from records.core.lines import Lines
from records.core.shown_from import from_bases
from rights.business_rules.bargaining import ContractsFiled, ContractsFiledInTime, ContractsInForce, ContractTerm
from rights.models import Inspection, LegalAid, RegionalContract, RegionalContractLine


@register
class LegalAidKind(RecordKind):
    model = LegalAid
    area = "rights"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2025-a4-m3-c1", "2025-a4-f4")
    filed_by = FiledBy.OFFICE
    purpose = _("每季度填一次，由县（市、区）和设区市产改办填本级的：法律援助了多少件，“五位一体”化解了多少劳动争议。")
    shown = from_bases(LEGAL_AID, of_offices=True)
    fieldsets = (
        Fieldset(_("法律援助"), ("cases", "online", "cloud", "helped", "recovered")),
        Fieldset(_("“五位一体”多元化解"), ("taken_up", "transferred", "settled")),
    )
    required = ("cases",)
    columns = ("cases", "helped", "taken_up", "settled")
    facts = (
        Fact("G06.cases", _("法律援助案件"), _("件"), amount="cases"),
        Fact("G06.online", _("其中通过“12351”网上法律服务站"), _("件"), amount="online", whole="G06.cases"),
        Fact("G06.cloud", _("其中通过“法务云”平台"), _("件"), amount="cloud", whole="G06.cases"),
        Fact("G06.attendances", _("法律援助受援职工"), _("人次"), amount="helped"),
        Fact("G06.recovered", _("法律援助挽回经济损失"), _("万元"), amount="recovered"),
        Fact("G12.received", _("“五位一体”受理劳动争议"), _("件"), amount="taken_up"),
        Fact("G12.transferred", _("其中其他部门转来或移送"), _("件"), amount="transferred", whole="G12.received"),
        Fact("G12.settled", _("“五位一体”化解成功"), _("件"), amount="settled"),
    )


@register
class InspectionKind(RecordKind):
    model = Inspection
    area = "rights"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2022-s3-c4", "2022-m8-c4")
    filed_by = FiledBy.OFFICE
    purpose = _(
        "每季度填一次，由县（市、区）和设区市产改办向本级人社部门了解后填：检查了多少企业，责令改正多少、改正多少。"
    )
    fieldsets = (
        Fieldset(_("检查"), ("inspected", "with_problems", "orders", "corrected")),
        Fieldset(_("追发追缴"), ("paid", "insured")),
    )
    required = ("inspected",)
    columns = ("inspected", "orders", "corrected", "paid")
    facts = (
        Fact("F20.inspected", _("劳动保障监察检查企业"), _("家次"), amount="inspected"),
        Fact("F20.with_problems", _("其中发现问题的企业"), _("家次"), amount="with_problems", whole="F20.inspected"),
        Fact("F20.orders", _("劳动保障监察责令改正"), _("件"), amount="orders"),
        Fact("F20.mended", _("劳动保障监察已改正"), _("件"), amount="corrected"),
        Fact("F20.paid", _("追发工资涉及职工"), _("人次"), amount="paid"),
        Fact("F20.insured", _("追缴社会保险费涉及职工"), _("人次"), amount="insured"),
    )


@register
class RegionalContractKind(RecordKind):
    model = RegionalContract
    area = "rights"
    rhythm = Rhythm.ANNUAL
    clauses = ("2025-a4-m2-c1",)
    filed_by = FiledBy.OFFICE
    purpose = _("每年填一次，由县（市、区）和设区市产改办填本级的：现在有哪些区域、行业集体合同有效、覆盖多少职工。")
    fieldsets = (Fieldset(_("区域、行业集体合同"), ("covered",), lines="agreements"),)
    lines = (
        Lines(
            "agreements",
            RegionalContractLine,
            fields=("sort", "scope", "signed_on", "ends_on", "people", "filed_on", "is_courier"),
            stands_until="ends_on",
            label=_("有效的区域、行业集体合同"),
            required=("sort", "scope", "signed_on", "ends_on", "people"),
            unique=("sort", "scope"),
            help=_("一份合同一行，只填现在有效的、本级签订的；续签过的填最近一份。"),
        ),
    )
    required = ("covered",)
    columns = ("covered",)
    facts = (
        Fact(
            "E03.regional",
            _("有效区域、行业集体合同"),
            _("份"),
            Nature.STOCK,
            year_basis=YearBasis.AS_OF,
            lines="agreements",
        ),
        Fact(
            "E03.courier",
            _("其中快递行业集体合同"),
            _("份"),
            Nature.STOCK,
            only=Q(is_courier=True),
            year_basis=YearBasis.AS_OF,
            lines="agreements",
        ),
        Fact(
            "E03.regional_covered",
            _("区域、行业集体合同覆盖职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="covered",
            year_basis=YearBasis.AS_OF,
        ),
    )
    rules = (ContractsFiled, ContractsFiledInTime, ContractTerm)
    warnings = (ContractsInForce,)
