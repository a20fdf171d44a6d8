"""Declarations of the kinds of recognition: honours given, and what the reform achieved made known."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.facts.declaring import Fact
from records.core.kinds import Fieldset, FiledBy, RecordKind, Steps, register
from services.models import Award, AwardLevel, CaseStep, GoodCase, Honoured, Medium, Publicity, PublicityForm


@register
class PublicityKind(RecordKind):
    model = Publicity
    area = "services"
    clauses = ("2022-s4-c2", "2025-p7-m3-c1")
    filed_by = FiledBy.EITHER
    office_levels = (Role.COUNTY, Role.CITY, Role.PROVINCE)
    purpose = _("媒体宣传产改成效和产业工人事迹。刊发或播出一篇（一期）填一条，日期填刊播那天；写哪家企业的由哪家填。")
    fieldsets = (
        Fieldset(_("报道"), ("title", "happened_on", "medium", "form", "outlet")),
        Fieldset(_("内容"), ("subject", "link")),
    )
    required = ("title", "happened_on", "medium", "form")
    columns = ("medium", "form", "outlet")
    filters = ("medium", "form", "subject")
    facts = (
        Fact("A15.items", _("产改宣传报道"), _("篇")),
        Fact("A15.columns", _("开设专栏"), _("个"), only=Q(form=PublicityForm.COLUMN)),
        Fact("A15.programmes", _("专题节目"), _("期"), only=Q(form=PublicityForm.PROGRAMME)),
        Fact("A15.union_media", _("工会媒体报道"), _("篇"), only=Q(medium=Medium.UNION)),
    )
    twin_fields = ("link",)
    takes_video = True


_PEOPLE = Q(honoured=Honoured.PERSON)
#: The honour's code on the list that a new portal begins with (``services.loading``); the province may add others.
_CRAFTSMEN = _PEOPLE & Q(honour="craftsman")
_UNITS = Q(honoured__in=(Honoured.TEAM, Honoured.ENTERPRISE))


@register
class AwardKind(RecordKind):
    model = Award
    area = "services"
    clauses = ("2022-s3-c1", "2022-s3-c3")
    filed_by = FiledBy.EITHER
    purpose = _(
        "职工、班组或企业获得的评选表彰。同一次授予的同一奖项填一条；在平台填报的企业由企业填，其他由产改办填。"
    )
    fieldsets = (
        Fieldset(_("奖项"), ("title", "happened_on", "honour", "level")),
        Fieldset(_("对象"), ("honoured", "number", "frontline_number")),
    )
    required = ("title", "happened_on", "honour", "level", "honoured", "number")
    columns = ("honour", "level", "honoured", "number")
    filters = ("honour", "level", "honoured")
    facts = (
        Fact(
            "C09.people_national",
            _("获国家级表彰的职工"),
            _("人"),
            amount="number",
            only=_PEOPLE & Q(level=AwardLevel.NATIONAL),
        ),
        Fact(
            "C09.people_provincial",
            _("获省级表彰的职工"),
            _("人"),
            amount="number",
            only=_PEOPLE & Q(level=AwardLevel.PROVINCIAL),
        ),
        Fact(
            "C09.people_city", _("获市级表彰的职工"), _("人"), amount="number", only=_PEOPLE & Q(level=AwardLevel.CITY)
        ),
        Fact(
            "C09.units_national",
            _("获国家级表彰的集体和企业"),
            _("个"),
            amount="number",
            only=_UNITS & Q(level=AwardLevel.NATIONAL),
        ),
        Fact(
            "C09.units_provincial",
            _("获省级表彰的集体和企业"),
            _("个"),
            amount="number",
            only=_UNITS & Q(level=AwardLevel.PROVINCIAL),
        ),
        Fact(
            "C09.units_city",
            _("获市级表彰的集体和企业"),
            _("个"),
            amount="number",
            only=_UNITS & Q(level=AwardLevel.CITY),
        ),
        *(
            Fact(f"H07.{level.value}", label, _("人"), amount="number", only=_CRAFTSMEN & Q(level=level))
            for level, label in (
                (AwardLevel.NATIONAL, _("新获评国家级工匠")),
                (AwardLevel.PROVINCIAL, _("新获评省级工匠")),
                (AwardLevel.CITY, _("新获评市级工匠")),
            )
        ),
    )
    shown_when: ClassVar = {"frontline_number": ("honoured", (Honoured.PERSON,))}


@register
class GoodCaseKind(RecordKind):
    model = GoodCase
    area = "services"
    clauses = ("2022-s4-c1", "2022-m8-c2", "2025-p7-m3-c1")
    filed_by = FiledBy.EITHER
    office_levels = (Role.COUNTY, Role.CITY, Role.PROVINCE)
    purpose = _("产改的典型案例、经验交流会，以及案例被别处推广采用。谁的做法、谁办的会由谁填，推广采用由产改办填。")
    steps = Steps("step", {CaseStep.CASE: CaseStep.ADOPTED}, ("title", "measure"))
    fieldsets = (
        Fieldset(_("案例或会议"), ("title", "happened_on", "step", "measure")),
        Fieldset(_("做法"), ("summary", "link")),
        Fieldset(_("推广采用"), ("promoted_by", "adopters")),
    )
    required = ("title", "happened_on", "step", "measure")
    columns = ("step", "measure", "adopters")
    filters = ("step", "measure", "promoted_by")
    facts = (
        Fact("A14.cases", _("产改典型案例"), _("篇"), only=Q(step=CaseStep.CASE)),
        Fact("A14.meetings", _("产改经验交流会"), _("次"), only=Q(step=CaseStep.MEETING)),
        Fact("A14.promoted", _("推广采用的典型案例"), _("篇"), only=Q(step=CaseStep.ADOPTED)),
        Fact("A14.adopted", _("采用典型做法的单位"), _("家次"), amount="adopters", only=Q(step=CaseStep.ADOPTED)),
    )
    shown_when: ClassVar = {
        "summary": ("step", (CaseStep.CASE,)),
        **dict.fromkeys(("promoted_by", "adopters"), ("step", (CaseStep.ADOPTED,))),
    }
