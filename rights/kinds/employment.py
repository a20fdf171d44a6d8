"""Declarations of the kinds about what is owed to whoever is employed."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, RecordKind, Rhythm, register
from records.core.shown_from import from_profile
from records.models import Record
from rights.business_rules.employment import EverybodyInsured, MediatedInTime
from rights.kinds.answers import AnsweredKind
from rights.models import INSURED, Insurance, LabourContract, Relations


@register
class InsuranceKind(AnsweredKind):
    model = Insurance
    area = "rights"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m8-c4",)
    purpose = _("每年填一次：截至填报日有多少职工参加五险一金，有没有补充医疗保险。")
    shown = from_profile("headcount", fills="due")
    fieldsets = (
        Fieldset(
            _("五险一金"),
            ("due", "all_insured", *INSURED),
            _("全员参加的，选“是”，不用再填各项人数。生育保险并入医疗保险。"),
        ),
        Fieldset(_("补充医疗保险"), ("has_supplement", "supplemented")),
    )
    required = ("due", "all_insured")
    columns = ("due", "all_insured", "pension", "fund")
    filters = ("all_insured", "has_supplement")
    facts = (
        Fact("E09.due", _("应参保职工"), _("人"), Nature.HEADCOUNT, amount="due", year_basis=YearBasis.AS_OF),
        Fact(
            "E09.pension",
            _("养老保险参保职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="pension",
            year_basis=YearBasis.AS_OF,
            whole="E09.due",
        ),
        Fact(
            "E09.medical",
            _("医疗（含生育）保险参保职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="medical",
            year_basis=YearBasis.AS_OF,
            whole="E09.due",
        ),
        Fact(
            "E09.unemployment",
            _("失业保险参保职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="unemployment",
            year_basis=YearBasis.AS_OF,
            whole="E09.due",
        ),
        Fact(
            "E09.injury",
            _("工伤保险参保职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="injury",
            year_basis=YearBasis.AS_OF,
            whole="E09.due",
        ),
        Fact(
            "E09.fund",
            _("住房公积金缴存职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="fund",
            year_basis=YearBasis.AS_OF,
            whole="E09.due",
        ),
        Fact(
            "E09.everybody",
            _("全员参加五险一金的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(all_insured=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact("E09.reported", _("已报社会保险情况的企业"), _("家"), Nature.STOCK, year_basis=YearBasis.AS_OF),
        Fact(
            "E10.medical",
            _("有补充医疗保险的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_supplement=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "E10.covered",
            _("补充医疗保险覆盖职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="supplemented",
            year_basis=YearBasis.AS_OF,
        ),
    )
    rules = (EverybodyInsured,)
    shown_when: ClassVar = {
        **dict.fromkeys(INSURED, ("all_insured", (False,))),
        "supplemented": ("has_supplement", (True,)),
    }
    none_without: ClassVar = {"has_supplement": ("supplemented",)}

    def clear_hidden(self, record: Record) -> None:
        """Where everybody is insured, each of the five is the number of all."""
        super().clear_hidden(record)
        if isinstance(record, Insurance) and record.all_insured:
            for name in INSURED:
                setattr(record, name, record.due)


@register
class LabourContractKind(RecordKind):
    model = LabourContract
    area = "rights"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m9-c3",)
    purpose = _(
        "每年初填一次：劳动合同签了多少，审查、督查、纠纷处理三个机制建了没有，上年度督查发现和整改了多少问题。"
    )
    shown = from_profile("headcount", fills="due")
    fieldsets = (
        Fieldset(_("劳动合同"), ("due", "signed", "dispatched")),
        Fieldset(_("三个机制"), ("has_review", "has_mediation", "has_supervision", "found", "rectified")),
    )
    required = ("due", "signed", "has_review", "has_supervision", "has_mediation")
    columns = ("due", "signed", "has_review", "has_supervision", "has_mediation")
    filters = ("has_review", "has_supervision", "has_mediation")
    facts = (
        Fact("E08.due", _("应签劳动合同职工"), _("人"), Nature.HEADCOUNT, amount="due", year_basis=YearBasis.AS_OF),
        Fact(
            "E08.signed", _("已签劳动合同职工"), _("人"), Nature.HEADCOUNT, amount="signed", year_basis=YearBasis.AS_OF
        ),
        Fact(
            "F14.review",
            _("有劳动合同合规审查机制的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_review=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "F14.supervision",
            _("有劳动合同履行督查机制的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_supervision=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "F14.mediation",
            _("有劳动纠纷快速处理机制的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_mediation=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact("F14.reported", _("已报劳动合同情况的企业"), _("家"), Nature.STOCK, year_basis=YearBasis.AS_OF),
        Fact(
            "F14.found",
            _("劳动合同督查发现问题"),
            _("个"),
            Nature.STOCK,
            amount="found",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "F14.mended",
            _("其中完成整改"),
            _("个"),
            Nature.STOCK,
            amount="rectified",
            whole="F14.found",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )
    shown_when: ClassVar = dict.fromkeys(("found", "rectified"), ("has_supervision", (True,)))


@register
class RelationsKind(AnsweredKind):
    model = Relations
    area = "rights"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2022-m8-c4", "2022-m9-c3")
    purpose = _("每季度填一次：有没有欠薪欠缴，有没有劳动争议。都没有的，选“否”、填 0 就完了。")
    fieldsets = (
        Fieldset(
            _("欠薪欠缴"),
            ("has_arrears", "in_arrears", "arrears", "unpaid"),
            _("工资，以及社会保险费、住房公积金。只填数，不写姓名。"),
        ),
        Fieldset(
            _("劳动争议"),
            ("disputes", "taken_up", "in_time", "succeeded", "referred"),
            _("没有发生争议的，只填一个 0。"),
        ),
    )
    required = ("has_arrears", "disputes")
    when_nothing = {"has_arrears": False, "disputes": 0}
    columns = ("has_arrears", "in_arrears", "disputes", "taken_up")
    filters = ("has_arrears",)
    facts = (
        Fact("E11.firms", _("有欠薪或欠缴的企业"), _("家次"), only=Q(has_arrears=True)),
        Fact("E11.people", _("欠薪欠缴涉及职工"), _("人次"), amount="in_arrears"),
        Fact("E11.amount", _("欠薪欠缴金额"), _("万元"), amount="arrears"),
        Fact("E11.unpaid", _("季末未清偿的欠薪欠缴"), _("万元"), Nature.STOCK, amount="unpaid"),
        Fact("F07.arisen", _("发生劳动争议"), _("件"), amount="disputes"),
        Fact("F07.mediated", _("企业内部调解受理劳动争议"), _("件"), amount="taken_up"),
        Fact("F07.in_time", _("其中15日内办结"), _("件"), amount="in_time", whole="F07.mediated"),
        Fact("F07.succeeded", _("其中调解成功"), _("件"), amount="succeeded", whole="F07.mediated"),
        Fact("F15.referred", _("劳动争议转仲裁、诉讼或其他部门"), _("件"), amount="referred"),
    )
    rules = (MediatedInTime,)
    shown_when: ClassVar = dict.fromkeys(("in_arrears", "arrears", "unpaid"), ("has_arrears", (True,)))
    none_without: ClassVar = {"has_arrears": ("in_arrears", "arrears", "unpaid")}
    undecided: ClassVar = {"arrears": True, "unpaid": True}
