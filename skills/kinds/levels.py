"""Declarations of the kinds of levels of skill."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.facts.declaring import Fact, Nature, YearBasis
from foundation.fields import field_of
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, register
from records.core.lines import Lines
from records.core.shown_from import from_clusters, from_latest, from_profile
from records.duties.circumstances import contradicts, has_none
from records.duties.models import Circumstance
from skills.business_rules.levels import MoreSkilledThanStaff
from skills.kinds.suggestions import LADDER_SUGGESTIONS
from skills.models import AssessmentWay, Certificates, Crossing, Evaluation, Ladder, Standard, StandardRole

_TOP = ("special_technician", "special_posts", "chief_technician", "chief_posts")


@register
class LadderKind(RecordKind):
    model = Ladder
    area = "skills"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m7-c1", "2022-m7-c2", "2022-m7-c4")
    purpose = _("每年填一次：年末各技能等级有多少人，设了多少特级技师、首席技师岗位。技能人才、高技能人才由平台合计。")
    shown = (*from_profile("headcount", "industrial_count"), *LADDER_SUGGESTIONS)
    fieldsets = (
        Fieldset(
            _("技能等级"),
            ("learners", "junior", "intermediate", "senior", "technician", "senior_technician"),
            _("从低到高填写。每人只按取得的最高等级计一次。"),
        ),
        Fieldset(_("特级技师和首席技师"), ("has_top_posts", *_TOP)),
        Fieldset(_("自主评价"), ("filed_for_assessment",)),
    )
    required = ("junior", "intermediate", "senior", "technician", "senior_technician")
    columns = ("senior", "technician", "senior_technician", "has_top_posts")
    filters = ("has_top_posts", "filed_for_assessment")
    facts = (
        *(
            Fact(
                f"D03.level{number}",
                field_of(Ladder, name).verbose_name,
                _("人"),
                Nature.HEADCOUNT,
                name,
                year_basis=YearBasis.AS_OF,
            )
            for number, name in enumerate(Ladder.LEVELS, start=1)
        ),
        Fact(
            "D01.skilled",
            _("技能人才（初级工及以上）"),
            _("人"),
            Nature.HEADCOUNT,
            "skilled",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "D02.highly_skilled",
            _("高技能人才（高级工及以上）"),
            _("人"),
            Nature.HEADCOUNT,
            "highly_skilled",
            year_basis=YearBasis.AS_OF,
        ),
        Fact("D06.special", _("特级技师岗位"), _("个"), Nature.STOCK, "special_posts", year_basis=YearBasis.AS_OF),
        Fact("D06.chief", _("首席技师岗位"), _("个"), Nature.STOCK, "chief_posts", year_basis=YearBasis.AS_OF),
        Fact(
            "D05.filed",
            _("技能等级自主评价已备案的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(filed_for_assessment=True),
            year_basis=YearBasis.AS_OF,
        ),
    )
    warnings = (MoreSkilledThanStaff,)

    def not_asked(self, enterprise: Enterprise) -> tuple[str, ...]:
        """Who said that it assesses nobody is not asked whether it has filed for it."""
        return ("filed_for_assessment",) if has_none(enterprise, Circumstance.EVALUATION) else ()

    shown_when: ClassVar = dict.fromkeys(_TOP, ("has_top_posts", (True,)))


@register
class StandardKind(RecordKind):
    model = Standard
    area = "skills"
    clauses = ("2022-m7-c3",)
    purpose = _("企业牵头或参与制定、已经发布的职业技能等级认定技术规范。每发布一项填一条，活动日期填发布日期。")
    shown = (from_clusters(),)
    fieldsets = (
        Fieldset(_("规范"), ("title", "happened_on", "trade", "role", "level", "number")),
        Fieldset(_("采用"), ("adopters",)),
    )
    required = ("title", "happened_on", "trade", "role")
    columns = ("trade", "role", "level")
    filters = ("role", "level")
    facts = (
        Fact("D18.standards", _("牵头制定技能等级认定技术规范"), _("项"), only=Q(role=StandardRole.LEAD)),
        Fact("D18.joined", _("参与制定技能等级认定技术规范"), _("项"), only=Q(role=StandardRole.JOIN)),
    )


@register
class CrossingKind(RecordKind):
    model = Crossing
    area = "skills"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m7-c1", "2022-m7-c5")
    purpose = _("每年初填一次，填上一年的：多少人打通了职称、技能等级和管理岗位，多少人靠知识产权评上职称。")
    fieldsets = (
        Fieldset(_("横向互通"), ("has_system", "to_title", "to_skill", "to_management")),
        Fieldset(_("职称评审"), ("by_patents", "first_place")),
    )
    required = ("has_system",)
    columns = ("has_system", "to_title", "to_skill", "to_management")
    filters = ("has_system",)
    facts = (
        Fact(
            "D07.system",
            _("已建横向互通制度的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_system=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "D07.to_title",
            _("技能人才取得职称"),
            _("人"),
            Nature.HEADCOUNT,
            "to_title",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D07.to_skill",
            _("专业技术人才取得技能等级"),
            _("人"),
            Nature.HEADCOUNT,
            "to_skill",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D07.to_management",
            _("技能、技术岗位转管理岗位"),
            _("人"),
            Nature.HEADCOUNT,
            "to_management",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D19.ip",
            _("以知识产权支撑取得职称"),
            _("人"),
            Nature.HEADCOUNT,
            "by_patents",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D19.first",
            _("创新奖第一完成人优先评审"),
            _("人"),
            Nature.HEADCOUNT,
            "first_place",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )


@register
class EvaluationKind(RecordKind):
    model = Evaluation
    area = "skills"
    filed_by = FiledBy.EITHER
    clauses = ("2022-m7-c2", "2022-m4-c1")
    purpose = _("一批技能等级认定的结果。每完成一批填一条，谁组织谁填，活动日期填完成日期。")
    shown = from_latest("skills.ladder", filed_for_assessment="")
    fieldsets = (
        Fieldset(_("批次"), ("title", "happened_on", "way", "contest_name")),
        Fieldset(_("取证"), ("of_key_posts",), lines="certificates"),
        Fieldset(_("晋升"), ("promoted",)),
    )
    lines = (
        Lines(
            "certificates",
            Certificates,
            fields=("level", "trade", "people"),
            label=_("取证人数"),
            required=("level", "trade", "people"),
            at_least=1,
            unique=("level", "trade"),
            help=_("一个等级、一个工种填一行。"),
        ),
    )
    required = ("title", "happened_on", "way")
    columns = ("way", "promoted", "of_key_posts")
    filters = ("way", "of_key_posts")
    facts = (
        Fact("D04.certified", _("取得技能等级证书"), _("人"), lines="certificates", amount="people"),
        Fact("D04.promoted", _("其中晋升等级"), _("人"), amount="promoted"),
        Fact(
            "D05.own",
            _("企业自主评价取证"),
            _("人"),
            lines="certificates",
            amount="people",
            only=Q(way=AssessmentWay.OWN),
        ),
        Fact(
            "C02.promoted",
            _("通过竞赛晋升技能等级"),
            _("人"),
            amount="promoted",
            only=Q(way=AssessmentWay.CONTEST),
        ),
    )
    warnings = (contradicts(Circumstance.EVALUATION),)
    shown_when: ClassVar = {"contest_name": ("way", (AssessmentWay.CONTEST,))}
