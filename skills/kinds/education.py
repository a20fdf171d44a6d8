"""Declarations of the kinds of schools and enterprises."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from enterprises.models.organisation import OrganisationKind
from foundation.access.models import Role
from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, register
from records.core.shown_from import from_organisations, from_register
from records.duties.circumstances import contradicts
from records.duties.models import Circumstance
from skills.models import Degree, Fusion, FusionStatus, Matching, MatchingForm, SchoolEvaluation, Vocational

_LISTED = (FusionStatus.LISTED, FusionStatus.CERTIFIED)
#: What is held on a day; the others are something made.
_MEETING = (MatchingForm.FAIR, MatchingForm.PLATFORM, MatchingForm.CAMPUS, MatchingForm.CONTRACT)


@register
class FusionKind(RecordKind):
    model = Fusion
    area = "skills"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m6-c1", "2022-m6-c2", "2022-s3-c2")
    purpose = _("每年初填一次，填上一年的：是不是产教融合型企业，校企合作投入多少、得到多少补偿。")
    shown = from_register("industry", "pilot_tier")
    fieldsets = (
        Fieldset(_("产教融合型企业"), ("identity", "batch")),
        Fieldset(
            _("投资和附加"),
            ("investment", "surcharges"),
            _("按投资额的30%抵免当年应缴教育费附加和地方教育附加（财税〔2019〕46号），可抵免额由平台计算。"),
        ),
        Fieldset(_("校企合作"), ("interns", "cost", "applied", "received")),
    )
    required = ("identity",)
    columns = ("identity", "investment", "interns", "cost")
    filters = ("identity",)
    facts = (
        Fact(
            "D13.listed",
            _("列入培育库的产教融合型企业"),
            _("家"),
            Nature.STOCK,
            only=Q(identity=FusionStatus.LISTED),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "D13.certified",
            _("已认定的产教融合型企业"),
            _("家"),
            Nature.STOCK,
            only=Q(identity=FusionStatus.CERTIFIED),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "D13.investment",
            _("产教融合型企业符合规定的投资"),
            _("万元"),
            Nature.STOCK,
            "investment",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D13.credit",
            _("按投资额30%可抵免额"),
            _("万元"),
            Nature.STOCK,
            "credit",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact("D17.cost", _("校企合作支出"), _("万元"), Nature.STOCK, "cost", year_basis=YearBasis.CLOSED_YEAR),
        Fact(
            "D17.applied",
            _("申请校企合作成本补偿"),
            _("万元"),
            Nature.STOCK,
            "applied",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D17.received",
            _("获得校企合作成本补偿"),
            _("万元"),
            Nature.STOCK,
            "received",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact("D17.interns", _("接收实习学生"), _("人"), Nature.HEADCOUNT, "interns", year_basis=YearBasis.CLOSED_YEAR),
    )
    warnings = (contradicts(Circumstance.SCHOOLS),)
    shown_when: ClassVar = dict.fromkeys(("batch", "investment", "surcharges"), ("identity", _LISTED))
    undecided: ClassVar = dict.fromkeys(("investment", "surcharges", "applied", "received"), True)


@register
class DegreeKind(RecordKind):
    model = Degree
    area = "skills"
    rhythm = Rhythm.ANNUAL
    clauses = ("2025-a5-m1-c1", "2025-a5-m1-c2", "2025-a5-f2")
    purpose = _("每年初填一次，填上一年的：多少职工在读、取得学历，多少人把学习成果存进了学分银行。")
    fieldsets = (
        Fieldset(_("学历继续教育"), ("studying", "graduated", "funding")),
        Fieldset(_("学分银行"), ("banked", "results", "converted")),
    )
    required = ("studying",)
    columns = ("studying", "graduated", "banked")
    facts = (
        Fact(
            "D15.studying",
            _("在读学历继续教育的职工"),
            _("人"),
            Nature.HEADCOUNT,
            "studying",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "D15.graduated",
            _("取得学历的职工"),
            _("人"),
            Nature.HEADCOUNT,
            "graduated",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D15.bank",
            _("学分银行存入学习成果的职工"),
            _("人"),
            Nature.HEADCOUNT,
            "banked",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D15.funding",
            _("企业资助学历提升"),
            _("万元"),
            Nature.STOCK,
            "funding",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D20.results",
            _("学分银行存入学习成果"),
            _("项"),
            Nature.STOCK,
            "results",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D20.converted",
            _("技能等级证书转换学分的职工"),
            _("人"),
            Nature.HEADCOUNT,
            "converted",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )


@register
class MatchingKind(RecordKind):
    model = Matching
    area = "skills"
    filed_by = FiledBy.EITHER
    clauses = ("2025-a5-m2-c1", "2025-a5-f4", "2025-a5-f5", "2025-a5-f6")
    purpose = _("校企对接、进校招聘、订单签约，开发培训项目，建立转换机制。每次填一条。")
    fieldsets = (
        Fieldset(_("事项"), ("title", "happened_on", "form", "schools", "enterprises", "projects")),
        Fieldset(_("录用"), ("hired", "graduates")),
    )
    required = ("title", "happened_on", "form")
    columns = ("form", "schools", "hired")
    filters = ("form",)
    facts = (
        Fact("H09.events", _("校企对接和就业服务活动"), _("场"), only=Q(form__in=_MEETING)),
        Fact("H09.hired", _("校企对接达成录用"), _("人"), amount="hired"),
        Fact("H09.graduates", _("其中高校毕业生"), _("人"), amount="graduates", whole="H09.hired"),
        Fact("H09.projects", _("开发培训项目"), _("个"), amount="projects"),
        Fact("H09.mechanisms", _("建立转换机制"), _("个"), only=Q(form=MatchingForm.MECHANISM)),
    )
    shown_when: ClassVar = {
        **dict.fromkeys(("schools", "enterprises", "hired", "graduates"), ("form", _MEETING)),
        "projects": ("form", (MatchingForm.PROJECT,)),
    }

    def not_asked(self, enterprise: Enterprise) -> tuple[str, ...]:
        """An enterprise does not count the others that came."""
        return ("enterprises",)


@register
class SchoolEvaluationKind(RecordKind):
    model = SchoolEvaluation
    area = "skills"
    rhythm = Rhythm.ANNUAL
    filed_by = FiledBy.OFFICE
    office_levels = (Role.CITY, Role.PROVINCE)
    clauses = ("2025-a5-m1-c3", "2025-a5-f3")
    purpose = _("每年初填一次，填上一年的：多少所技工院校开展了在校生自主评价，多少学生取得证书。数由人社部门提供。")
    shown = (from_organisations(OrganisationKind.TECHNICIAN),)
    fieldsets = (Fieldset(_("自主评价"), ("schools", "students", "certified", "senior")),)
    required = ("schools", "students")
    columns = ("schools", "students", "certified")
    facts = (
        Fact(
            "D21.schools",
            _("开展在校生自主评价的技工院校"),
            _("所"),
            Nature.STOCK,
            "schools",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        *(
            Fact(code, label, _("人"), Nature.HEADCOUNT, amount, year_basis=YearBasis.CLOSED_YEAR)
            for code, label, amount in (
                ("D21.students", _("参加自主评价的技工院校在校生"), "students"),
                ("D21.certified", _("自主评价取得证书的在校生"), "certified"),
                ("D21.senior", _("其中高级工"), "senior"),
            )
        ),
    )


@register
class VocationalKind(RecordKind):
    model = Vocational
    area = "skills"
    rhythm = Rhythm.ANNUAL
    filed_by = FiledBy.OFFICE
    office_levels = (Role.CITY, Role.PROVINCE)
    clauses = ("2025-a5-m1-c1", "2025-a5-f1", "2025-a5-f2")
    purpose = _("每年填一次：职业本科院校、贯通培养、职普融通和高校面向产业工人办学的情况。数由教育部门提供。")
    shown = (from_organisations(OrganisationKind.VOCATIONAL), from_organisations(OrganisationKind.UNIVERSITY))
    fieldsets = (
        Fieldset(_("职业本科"), ("colleges", "planned", "college_students")),
        Fieldset(_("贯通和融通"), ("programmes", "programme_students", "integrated")),
        Fieldset(_("高校继续教育"), ("universities", "worker_students")),
    )
    required = ("colleges",)
    columns = ("colleges", "programmes", "universities")
    facts = tuple(
        Fact(code, label, unit, nature, amount, year_basis=YearBasis.AS_OF)
        for code, label, unit, nature, amount in (
            ("D22.colleges", _("职业本科院校"), _("所"), Nature.STOCK, "colleges"),
            ("D22.students", _("职业本科在校生"), _("人"), Nature.HEADCOUNT, "college_students"),
            ("D22.programmes", _("中职、高职、本科贯通培养项目"), _("个"), Nature.STOCK, "programmes"),
            ("D22.integrated", _("职普融通项目"), _("个"), Nature.STOCK, "integrated"),
            ("D22.universities", _("面向产业工人开展学历继续教育的高校"), _("所"), Nature.STOCK, "universities"),
            ("D22.workers", _("高校学历继续教育学员中产业工人"), _("人"), Nature.HEADCOUNT, "worker_students"),
        )
    )
