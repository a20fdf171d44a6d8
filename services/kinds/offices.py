"""Declarations of what offices report of themselves."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.facts.declaring import Fact
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, register
from services.models import Research, ResearchOutcome


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
