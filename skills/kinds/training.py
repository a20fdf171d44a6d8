"""Declarations of the kinds of training: classes and apprenticeship."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.bases.sorts import TRAINING
from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, Steps, register
from records.core.shown_from import from_bases
from records.duties.circumstances import contradicts
from records.duties.models import Circumstance
from skills.models import Apprentice, Programme, SchoolClass, SchoolClassStep, TrainingClass

#: After these somebody begins in manufacturing.
_LEADING_INTO_WORK = (Programme.STRONG, Programme.SERVICE, Programme.CASUAL)


@register
class TrainingClassKind(RecordKind):
    model = TrainingClass
    area = "skills"
    filed_by = FiledBy.EITHER
    clauses = (
        "2022-m6-c4",
        "2022-m6-c6",
        "2025-a5-m2-c1",
        "2025-a5-m3-c1",
        "2025-a5-f5",
        "2025-a5-f6",
    )
    purpose = _("岗位技能、等级提升、数字技能、强技行动、转型培训等各类培训班。每结业一班填一条，活动日期填结业日期。")
    shown = from_bases(TRAINING)
    fieldsets = (
        Fieldset(_("班次"), ("title", "happened_on", "programme", "institution")),
        Fieldset(_("规模"), ("number_of_people", "frontline_trainees", "hours_each")),
        Fieldset(_("结果"), ("certified", "placed")),
    )
    required = ("title", "happened_on", "programme", "number_of_people", "hours_each")
    columns = ("programme", "number_of_people", "hours_each", "certified")
    filters = ("programme",)
    facts = (
        Fact("D10.classes", _("职业技能培训班"), _("班")),
        Fact("D10.attendances", _("职业技能培训人次"), _("人次"), amount="number_of_people"),
        Fact(
            "D10.frontline", _("其中一线职工培训人次"), _("人次"), amount="frontline_trainees", whole="D10.attendances"
        ),
        Fact("D10.hours", _("职业技能培训人学时"), _("人学时"), amount="person_hours"),
        Fact("D10.certified", _("培训后取得证书或考核合格"), _("人次"), amount="certified"),
        Fact(
            "D14.trained",
            _("数字技能培训"),
            _("人次"),
            amount="number_of_people",
            only=Q(programme=Programme.DIGITAL),
        ),
        Fact(
            "H03.strong",
            _("高校毕业生“强技行动”培训"),
            _("人次"),
            amount="number_of_people",
            only=Q(programme=Programme.STRONG),
        ),
        Fact(
            "H05.service",
            _("服务业转制造业培训"),
            _("人次"),
            amount="number_of_people",
            only=Q(programme=Programme.SERVICE),
        ),
        Fact(
            "H05.casual",
            _("零工向技工转型培训"),
            _("人次"),
            amount="number_of_people",
            only=Q(programme=Programme.CASUAL),
        ),
        Fact(
            "H05.short",
            _("新就业形态“短平快”培训"),
            _("人次"),
            amount="number_of_people",
            only=Q(programme=Programme.SHORT),
        ),
        Fact("H05.placed", _("培训后进入制造业岗位"), _("人"), amount="placed"),
    )
    shown_when: ClassVar = {"placed": ("programme", _LEADING_INTO_WORK)}
    is_common = True


@register
class ApprenticeKind(RecordKind):
    model = Apprentice
    area = "skills"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m6-c6",)
    purpose = _("每年初填一次，填上一年的：现代学徒制、新型学徒制各有多少学徒在培，多少人结业取证。")
    fieldsets = (Fieldset(_("学徒"), ("modern", "new_style", "mentors", "certified", "school")),)
    required = ("modern", "new_style")
    columns = ("modern", "new_style", "mentors", "certified")
    facts = (
        Fact("D11.modern", _("现代学徒制在培学徒"), _("人"), Nature.HEADCOUNT, "modern", year_basis=YearBasis.AS_OF),
        Fact(
            "D11.new",
            _("企业新型学徒制在培学徒"),
            _("人"),
            Nature.HEADCOUNT,
            "new_style",
            year_basis=YearBasis.AS_OF,
        ),
        Fact("D11.mentors", _("学徒制企业导师"), _("人"), Nature.HEADCOUNT, "mentors", year_basis=YearBasis.AS_OF),
        Fact(
            "D11.certified",
            _("学徒结业取证"),
            _("人"),
            Nature.HEADCOUNT,
            "certified",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )
    warnings = (contradicts(Circumstance.APPRENTICES),)


@register
class SchoolClassKind(RecordKind):
    model = SchoolClass
    area = "skills"
    filed_by = FiledBy.EITHER
    clauses = ("2022-m6-c3", "2025-a5-m3-c1", "2025-a5-f5", "2025-a5-f7")
    purpose = _("与院校合办的定制班、订单班、定向班等。开班填一条，结业再填一条，活动日期填当天。")
    steps = Steps("step", {SchoolClassStep.BEGUN: SchoolClassStep.FINISHED}, ("title", "mode", "school", "trade"))
    fieldsets = (
        Fieldset(_("班次"), ("title", "happened_on", "step", "mode", "school", "trade")),
        Fieldset(_("学员"), ("students", "delivered")),
        Fieldset(_("投入"), ("invested",)),
    )
    required = ("title", "happened_on", "step", "mode", "school")
    columns = ("step", "mode", "school", "students", "delivered")
    filters = ("step", "mode")
    facts = (
        Fact("D12.classes", _("定制班、订单班开班"), _("个"), only=Q(step=SchoolClassStep.BEGUN)),
        Fact("D12.students", _("定制班、订单班新学员"), _("人"), amount="students"),
        Fact("H04.delivered", _("订单式培养定向输送到岗"), _("人"), amount="delivered"),
    )
    warnings = (contradicts(Circumstance.SCHOOLS),)
    shown_when: ClassVar = {
        "students": ("step", (SchoolClassStep.BEGUN,)),
        "delivered": ("step", (SchoolClassStep.FINISHED,)),
    }
    undecided: ClassVar = {"invested": False}
