"""Declarations of the kinds of recognition: honours given, and what the reform achieved made known."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.facts.declaring import Fact
from records.core.kinds import Fieldset, RecordKind, register
from services.models import Award, AwardLevel, Honoured, Medium, Publicity, PublicityForm


@register
class PublicityKind(RecordKind):
    model = Publicity
    area = "services"
    clauses = ("2022-s4-c2", "2025-p7-m3-c1")
    purpose = _("媒体宣传本企业产改成效和产业工人事迹。刊发或播出一篇（一期）填一条，日期填刊播那天。")
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
_UNITS = Q(honoured__in=(Honoured.TEAM, Honoured.ENTERPRISE))


@register
class AwardKind(RecordKind):
    model = Award
    area = "services"
    clauses = ("2022-s3-c1", "2022-s3-c3")
    purpose = _("职工、班组或企业获得的评选表彰。同一次授予的同一奖项填一条。")
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
    )
    shown_when: ClassVar = {"frontline_number": ("honoured", (Honoured.PERSON,))}
