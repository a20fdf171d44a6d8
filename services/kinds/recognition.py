"""Declarations of the kinds of making known what the reform achieved."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.facts.declaring import Fact
from records.core.kinds import Fieldset, RecordKind, register
from services.models import Medium, Publicity, PublicityForm


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
