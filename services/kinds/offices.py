"""Declarations of what offices report of themselves."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, register
from records.core.lines import Lines
from records.core.shown_from import from_year, number_of_year
from services.models import (
    AwardCondition,
    AwardRule,
    Hardship,
    HardshipProgramme,
    LinkedMembers,
    LinkedUnit,
    Outreach,
    OutreachForm,
    Research,
    ResearchOutcome,
    TalentPlan,
)

_BUS = Q(form__in=(OutreachForm.BUS_ENTERPRISE, OutreachForm.BUS_PARK, OutreachForm.BUS_ONLINE))
_VISIT = Q(form__in=(OutreachForm.INSTRUCTOR, OutreachForm.LIAISON, OutreachForm.OBSERVER, OutreachForm.MEMBER))


@register
class ResearchKind(RecordKind):
    model = Research
    area = "services"
    rhythm = Rhythm.EVENT
    clauses = ("2022-s1-c2",)
    filed_by = FiledBy.OFFICE
    office_levels = (Role.COUNTY, Role.CITY, Role.PROVINCE)
    purpose = _("产改办组织的调研：走访、座谈、问卷、蹲点。每次调研填一条，由组织调研的产改办填。")
    fieldsets = (
        Fieldset(_("调研"), ("title", "happened_on", "method")),
        Fieldset(_("范围"), ("enterprises", "attendances", "problems")),
        Fieldset(_("成果"), ("outcome", "adopted_in")),
    )
    required = ("title", "happened_on", "method", "enterprises", "outcome")
    columns = ("method", "enterprises", "outcome")
    filters = ("method", "outcome")
    facts = (
        Fact("A12.studies", _("产改办开展调研"), _("次")),
        Fact("A12.enterprises", _("调研企业"), _("家次"), amount="enterprises"),
        Fact("A12.attendances", _("访谈职工"), _("人次"), amount="attendances"),
        Fact("A12.adopted", _("纳入政策的调研成果"), _("项"), only=Q(outcome=ResearchOutcome.ADOPTED)),
    )
    shown_when = {"adopted_in": ("outcome", (ResearchOutcome.ADOPTED,))}


@register
class OutreachKind(RecordKind):
    model = Outreach
    area = "services"
    rhythm = Rhythm.EVENT
    clauses = ("2022-s2-c1", "2022-s2-c2", "2025-p7-m1-c1")
    filed_by = FiledBy.OFFICE
    office_levels = (Role.COUNTY, Role.CITY, Role.PROVINCE)
    purpose = _("三员、成员单位走访企业，或者开行产改直通车。每去一次、每开一次填一条，由组织的产改办填。")
    fieldsets = (
        Fieldset(_("走访"), ("title", "happened_on", "form", "visited", "attendances")),
        Fieldset(_("问题"), ("questions", "answered", "passed_on", "summary")),
    )
    required = ("title", "happened_on", "form", "visited", "questions")
    columns = ("form", "visited", "questions", "answered")
    filters = ("form",)
    facts = (
        Fact("A09.visits", _("三员和成员单位走访企业"), _("次"), only=_VISIT),
        Fact("A09.questions", _("走访和直通车收到问题"), _("个"), amount="questions"),
        Fact("A09.answered", _("其中当场答复"), _("个"), amount="answered", whole="A09.questions"),
        Fact("A11.runs", _("产改直通车开行"), _("次"), only=_BUS),
        Fact("A11.attendances", _("产改直通车参加职工"), _("人次"), amount="attendances", only=_BUS),
    )


@register
class HardshipKind(RecordKind):
    model = Hardship
    area = "services"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2025-a4-f6",)
    filed_by = FiledBy.OFFICE
    purpose = _("每季度填一次，由县（市、区）和设区市产改办填本级的：在档困难职工多少户，各帮扶项目帮了多少人次。")
    fieldsets = (
        Fieldset(_("建档"), ("households", "recovered")),
        Fieldset(_("帮扶项目"), ("not_on_file",), _("只填次数和金额，不填职工姓名。"), lines="programmes"),
    )
    lines = (
        Lines(
            "programmes",
            HardshipProgramme,
            fields=("project", "helped", "amount"),
            label=_("帮扶项目"),
            required=("project", "helped"),
            unique=("project",),
            help=_("一个项目一行，本季没有开展的不填。"),
        ),
    )
    required = ("households",)
    columns = ("households", "recovered", "not_on_file")
    facts = (
        Fact("G02.files", _("建档困难职工"), _("户"), Nature.STOCK, amount="households"),
        Fact("G02.out", _("脱困困难职工"), _("户"), amount="recovered"),
        Fact(
            "G11.medicine",
            _("特药补助"),
            _("人次"),
            lines="programmes",
            amount="helped",
            only=Q(project="medicine"),
        ),
        Fact("G11.dream", _("关爱·圆梦"), _("人次"), lines="programmes", amount="helped", only=Q(project="dream")),
        Fact(
            "G11.newform",
            _("新就业形态劳动者健康服务"),
            _("人次"),
            lines="programmes",
            amount="helped",
            only=Q(project="newform"),
        ),
        Fact("G11.unfiled", _("帮扶未建档遇困职工"), _("人次"), amount="not_on_file"),
        Fact("G11.amount", _("帮扶项目资金物资"), _("万元"), lines="programmes", amount="amount"),
    )


@register
class LinkedMembersKind(RecordKind):
    model = LinkedMembers
    area = "services"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-s2-c1",)
    filed_by = FiledBy.OFFICE
    office_levels = (Role.COUNTY, Role.CITY, Role.PROVINCE)
    purpose = _(
        "每年初填一次：本级哪些成员单位联系哪些企业，上一年帮助解决了多少问题。走访次数从“走访与产改直通车”带出，不用填。"
    )
    shown = (
        number_of_year(
            "services.outreach",
            _("本级全年成员单位走访"),
            _("次"),
            Q(form=OutreachForm.MEMBER),
            of_offices=True,
            is_own=True,
        ),
        from_year("services.outreach", "questions", _("本级全年走访和直通车收到问题"), of_offices=True, is_own=True),
    )
    fieldsets = (
        Fieldset(_("制度"), ("system_document", "solved")),
        Fieldset(_("联系关系"), (), lines="units"),
    )
    lines = (
        Lines(
            "units",
            LinkedUnit,
            fields=("unit", "enterprises", "names"),
            label=_("联系关系"),
            required=("unit", "enterprises"),
            at_least=1,
            unique=("unit",),
            help=_("一个成员单位一行；企业名称可以写主要的几家。"),
        ),
    )
    required = ("system_document",)
    columns = ("system_document", "solved")
    facts = (
        Fact("A10.units", _("联系企业的成员单位"), _("个"), Nature.STOCK, lines="units", year_basis=YearBasis.AS_OF),
        Fact(
            "A10.enterprises",
            _("成员单位联系的企业"),
            _("家"),
            Nature.STOCK,
            lines="units",
            amount="enterprises",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "A10.solved",
            _("成员单位帮助企业解决问题"),
            _("个"),
            Nature.STOCK,
            amount="solved",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )


@register
class AwardRuleKind(RecordKind):
    model = AwardRule
    area = "services"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-s3-c3",)
    filed_by = FiledBy.OFFICE
    office_levels = (Role.CITY, Role.PROVINCE)
    purpose = _("每年填一次：本级评选的哪些奖项把推进产改情况列为条件。")
    fieldsets = (
        Fieldset(_("奖项"), (), lines="conditions"),
        Fieldset(_("说明"), ("remarks",)),
    )
    lines = (
        Lines(
            "conditions",
            AwardCondition,
            fields=("honour", "is_condition", "document", "since_year"),
            label=_("奖项"),
            required=("honour", "is_condition"),
            at_least=1,
            unique=("honour",),
            help=_("一个奖项一行；列为条件的填文号和起始年。"),
        ),
    )
    facts = (
        Fact(
            "C18.awards",
            _("将产改列为条件的评选表彰奖项"),
            _("项"),
            Nature.STOCK,
            lines="conditions",
            only=Q(is_condition=True),
            year_basis=YearBasis.AS_OF,
        ),
    )


@register
class TalentPlanKind(RecordKind):
    model = TalentPlan
    area = "services"
    rhythm = Rhythm.ANNUAL
    clauses = ("2025-a4-f7",)
    filed_by = FiledBy.OFFICE
    office_levels = (Role.CITY, Role.PROVINCE)
    purpose = _(
        "每年初填一次，向本级组织、人社部门了解后填：多少高技能人才申报、入选人才计划，多少产业工人是党委联系服务的专家。"
    )
    shown = (
        from_year(
            "services.award",
            "number",
            _("全年获评工匠"),
            Q(honour__code="craftsman", honoured="person"),
            of_offices=True,
        ),
    )
    fieldsets = (
        Fieldset(_("省级人才计划"), ("applied", "chosen")),
        Fieldset(_("党委联系服务专家"), ("linked", "linked_national")),
    )
    required = ("applied", "linked")
    columns = ("applied", "chosen", "linked")
    facts = (
        Fact(
            "H10.applied",
            _("申报省级人才计划的高技能人才"),
            _("人"),
            Nature.HEADCOUNT,
            amount="applied",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "H10.chosen",
            _("入选省级人才计划的高技能人才"),
            _("人"),
            Nature.HEADCOUNT,
            amount="chosen",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "H10.linked",
            _("列为党委联系服务专家的产业工人"),
            _("人"),
            Nature.HEADCOUNT,
            amount="linked",
            year_basis=YearBasis.AS_OF,
        ),
    )
