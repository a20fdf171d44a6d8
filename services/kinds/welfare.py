"""Declarations of the kinds of welfare and care."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from enterprises.bases.sorts import RECUPERATION
from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, register
from records.core.shown_from import from_bases
from services.business_rules import FiledByItsOrganiser
from services.models import Care, Pairing, Recuperation


@register
class RecuperationKind(RecordKind):
    model = Recuperation
    area = "services"
    clauses = ("2022-m11-c1", "2025-a4-f8")
    filed_by = FiledBy.EITHER
    purpose = _("组织职工疗休养。每一批填一条，日期填出发那天；谁组织由谁填。")
    shown = (*from_bases(RECUPERATION), *from_bases(RECUPERATION, of_offices=True))
    fieldsets = (
        Fieldset(_("批次"), ("title", "happened_on", "days", "organiser")),
        Fieldset(_("人员"), ("number_of_people", "frontline_people", "skilled_people", "cost")),
    )
    required = ("title", "happened_on", "organiser", "number_of_people", "frontline_people")
    columns = ("organiser", "number_of_people", "frontline_people")
    filters = ("organiser",)
    facts = (
        Fact("G01.batches", _("职工疗休养"), _("批")),
        Fact("G01.people", _("职工疗休养人次"), _("人次"), amount="number_of_people"),
        Fact("G01.frontline", _("其中一线职工疗休养人次"), _("人次"), amount="frontline_people"),
        Fact("G01.skilled", _("其中高技能人才疗休养人次"), _("人次"), amount="skilled_people"),
    )
    warnings = (FiledByItsOrganiser,)
    undecided: ClassVar = {"cost": False}


@register
class CareKind(RecordKind):
    model = Care
    area = "services"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2022-m11-c4",)
    purpose = _("每季度填一次：职工家里有喜事、难事时慰问了多少，心理关怀做了多少。")
    fieldsets = (
        Fieldset(
            _("慰问职工家庭"),
            ("wedding", "birth", "moving", "hospital", "funeral", "spent"),
            _("只填次数和合计支出，不填职工姓名和病情。"),
        ),
        Fieldset(_("心理关怀"), ("counselled", "mental_lectures")),
    )
    columns = ("wedding", "birth", "hospital", "funeral", "counselled")
    when_nothing: ClassVar = dict.fromkeys(
        ("wedding", "birth", "moving", "hospital", "funeral", "spent", "counselled", "mental_lectures"), 0
    )
    facts = (
        Fact("G04.wedding", _("新婚慰问"), _("人次"), amount="wedding"),
        Fact("G04.birth", _("生育慰问"), _("人次"), amount="birth"),
        Fact("G04.moving", _("乔迁慰问"), _("人次"), amount="moving"),
        Fact("G04.hospital", _("住院慰问"), _("人次"), amount="hospital"),
        Fact("G04.funeral", _("丧事慰问"), _("人次"), amount="funeral"),
        Fact("G04.amount", _("慰问支出"), _("元"), amount="spent"),
        Fact("B10.attendances", _("心理疏导服务人次"), _("人次"), amount="counselled"),
        Fact("B10.sessions", _("心理健康讲座"), _("场"), amount="mental_lectures"),
    )


@register
class PairingKind(RecordKind):
    model = Pairing
    area = "services"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m11-c5",)
    purpose = _("每年初填一次，填上一年的：“一对一、点对点”结对帮扶了多少对，走访了几次。")
    fieldsets = (
        Fieldset(_("结对"), ("pairs", "hardship_pairs")),
        Fieldset(_("帮扶"), ("visits", "given")),
    )
    required = ("pairs",)
    columns = ("pairs", "hardship_pairs", "visits", "given")
    facts = (
        Fact("G03.pairs", _("结对帮扶"), _("对"), Nature.STOCK, amount="pairs", year_basis=YearBasis.AS_OF),
        Fact(
            "G03.hardship",
            _("其中帮扶困难职工"),
            _("对"),
            Nature.STOCK,
            amount="hardship_pairs",
            whole="G03.pairs",
            year_basis=YearBasis.AS_OF,
        ),
        Fact("G03.visits", _("结对帮扶走访"), _("次"), Nature.STOCK, amount="visits", year_basis=YearBasis.CLOSED_YEAR),
        Fact(
            "G03.amount",
            _("结对帮扶资金物资折价"),
            _("万元"),
            Nature.STOCK,
            amount="given",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )
