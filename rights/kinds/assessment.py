"""The declaration of assessments of the risks of employment."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.facts import append_record_changes
from records.core.kinds import Fieldset, RecordKind, Rhythm, register
from records.duties.circumstances import contradicts
from records.duties.models import Circumstance
from rights.models import GRADES_COUNTED, AssessmentWay, RiskAssessment, RiskGrade


def recount(grade: str) -> None:
    """The grade stands elsewhere in the list: the figures of those that have it follow. Call inside the transaction."""
    assessed: models.QuerySet[Any] = RiskAssessment.objects.all()
    append_record_changes(((record, record.quarter) for record in assessed.filter(grade=grade)), "grade")


@register
class RiskAssessmentKind(RecordKind):
    model = RiskAssessment
    area = "rights"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-s3-c5",)
    purpose = _("上年度做过劳动用工风险评估的企业每年初填一次：谁评的、有多少风险点、整改了多少。没有评估的不用填。")
    fieldsets = (
        Fieldset(_("评估"), ("assessed_on", "way", "assessor", "grade")),
        Fieldset(_("风险点"), ("points", "rectified")),
    )
    required = ("assessed_on", "way")
    columns = ("assessed_on", "way", "points", "rectified")
    filters = ("way",)
    facts = (
        Fact(
            "F08.assessed",
            _("开展劳动用工风险评估的企业"),
            _("家"),
            Nature.STOCK,
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "F08.by_service",
            _("其中由专项服务行动评估的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(way=AssessmentWay.SERVICE),
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "F08.points",
            _("劳动用工风险点"),
            _("个"),
            Nature.STOCK,
            amount="points",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "F08.mended",
            _("其中完成整改的风险点"),
            _("个"),
            Nature.STOCK,
            amount="rectified",
            whole="F08.points",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        # The grades are the province's list; figures know them by their order, whatever they are called.
        *(
            Fact(
                f"F08.grade{place}",
                format_lazy(_("其中结果为等级表次序第{place}位的企业"), place=place),
                _("家"),
                Nature.STOCK,
                only=Q(grade__order=place),
                year_basis=YearBasis.CLOSED_YEAR,
                of_some=True,
            )
            for place in range(1, GRADES_COUNTED + 1)
        ),
    )
    warnings = (contradicts(Circumstance.RISK),)

    def not_asked(self, enterprise: Enterprise) -> tuple[str, ...]:
        """While the province has entered no grades, nobody is asked for one."""
        return () if RiskGrade.objects.exists() else ("grade",)
