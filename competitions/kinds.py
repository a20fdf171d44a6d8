"""Declarations of the kinds of labour and skills competitions and of workers' innovation."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from competitions.business_rules import GrantedInAnotherYear, GrantsAddUp, MoreAdoptedThanRaised, RewardsWithoutRewarded
from competitions.models import (
    Contest,
    ContestRole,
    ContestSort,
    Grant,
    Innovation,
    OpenProject,
    Orientation,
    Patent,
    ProjectStep,
    Reserve,
    Suggestion,
)
from enterprises.bases.sorts import CONTEST, ENGINEERING, STUDIO, TECHNICAL, TECHNOLOGY
from enterprises.models import Enterprise
from enterprises.models.body import BodyKind
from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, Steps, register
from records.core.lines import Lines
from records.core.models import Record
from records.core.shown_from import from_bases, from_bodies, from_latest, from_profile, from_year
from records.duties.circumstances import contradicts, has_none
from records.duties.models import Circumstance

#: Whoever sends a team does not hold the contest.
_HOLDING = (ContestRole.HOST, ContestRole.ORGANISER)
_HELD = Q(role__in=_HOLDING)
_STARTING = (ContestSort.SCIENCE, ContestSort.STARTUP, ContestSort.METHODS)
_WISE = (Orientation.WISDOM, Orientation.BENEFIT)


@register
class ContestKind(RecordKind):
    model = Contest
    area = "competitions"
    filed_by = FiledBy.EITHER
    clauses = ("2022-m4-c1", "2022-m4-c3", "2022-m5-c2")
    purpose = _(
        "劳动竞赛、技术比武、岗位练兵、网上练兵和创新创业大赛，办赛和参赛都填。每场（期）填一条，活动日期填开始的那天。"
    )
    shown = from_bases(CONTEST)
    fieldsets = (
        Fieldset(_("竞赛"), ("title", "happened_on", "role", "sort", "level", "orientation", "trade")),
        Fieldset(_("规模"), ("number_of_people", "frontline_contestants")),
        Fieldset(_("社会力量"), ("association", "sponsor", "sponsorship")),
        Fieldset(_("创新创业大赛"), ("awards", "support")),
    )
    required = ("title", "happened_on", "role", "sort", "level", "number_of_people")
    columns = ("role", "sort", "level", "number_of_people")
    filters = ("role", "sort", "level", "orientation")
    facts = (
        Fact("C01.sessions", _("主办、承办劳动和技能竞赛"), _("场"), only=_HELD),
        Fact("C01.contestants", _("劳动和技能竞赛参赛人次"), _("人次"), amount="number_of_people"),
        Fact(
            "C01.frontline",
            _("其中一线职工参赛人次"),
            _("人次"),
            amount="frontline_contestants",
            whole="C01.contestants",
        ),
        Fact(
            "C11.wisdom", _("智力型、效益型竞赛"), _("场"), only=_HELD & Q(orientation__in=_WISE), whole="C01.sessions"
        ),
        Fact("C12.drills", _("网上练兵"), _("期"), only=_HELD & Q(sort=ContestSort.ONLINE)),
        Fact(
            "C12.drillers",
            _("网上练兵参加人次"),
            _("人次"),
            amount="number_of_people",
            only=Q(sort=ContestSort.ONLINE),
        ),
        Fact("C13.associations", _("有协会（商会）参与办赛的竞赛"), _("场"), only=_HELD & ~Q(association="")),
        Fact("C13.sponsored", _("有冠名赞助的竞赛"), _("场"), only=_HELD & ~Q(sponsor="")),
        Fact(
            "C15.contestants",
            _("参加创新创业和创新方法大赛"),
            _("人次"),
            amount="number_of_people",
            only=Q(sort__in=_STARTING),
        ),
        Fact("C15.awards", _("创新创业和创新方法大赛获奖"), _("项"), amount="awards"),
    )
    shown_when: ClassVar = {
        **dict.fromkeys(("association", "sponsor", "sponsorship"), ("role", _HOLDING)),
        **dict.fromkeys(("awards", "support"), ("sort", _STARTING)),
    }
    undecided: ClassVar = {"sponsorship": False}
    is_common = True

    def takes_part(self, record: Record) -> bool:
        return isinstance(record, Contest) and record.role == ContestRole.TEAM


@register
class ReserveKind(RecordKind):
    model = Reserve
    area = "competitions"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m4-c2", "2022-m6-c4")
    purpose = _("每年初填一次，填上一年的：人才储备库里有多少人，师带徒多少对，多少职工参加过竞赛。")
    shown = (
        *from_profile("headcount", "frontline_count"),
        from_year("services.award", "number", _("全年获评工匠"), Q(honour__code="craftsman", honoured="person")),
    )
    fieldsets = (
        Fieldset(_("储备库"), ("has_pool", "masters", "skilled", "found_in_contests")),
        Fieldset(_("培养"), ("digital", "pairs", "contestants")),
    )
    required = ("has_pool",)
    columns = ("has_pool", "masters", "skilled", "pairs")
    filters = ("has_pool",)
    facts = (
        Fact(
            "C14.pools",
            _("已建人才储备库的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_pool=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact("C14.masters", _("工匠大师"), _("人"), Nature.HEADCOUNT, amount="masters", year_basis=YearBasis.AS_OF),
        Fact(
            "C14.reserve",
            _("高技能后备人才"),
            _("人"),
            Nature.HEADCOUNT,
            amount="skilled",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "C14.found",
            _("其中在竞赛中发现"),
            _("人"),
            Nature.HEADCOUNT,
            amount="found_in_contests",
            whole="C14.reserve",
            year_basis=YearBasis.AS_OF,
        ),
        Fact("C14.pairs", _("师带徒"), _("对"), Nature.STOCK, amount="pairs", year_basis=YearBasis.AS_OF),
        Fact("D14.artisans", _("数字工匠"), _("人"), Nature.HEADCOUNT, amount="digital", year_basis=YearBasis.AS_OF),
        Fact(
            "C01.people",
            _("全年参赛职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="contestants",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )
    shown_when: ClassVar = dict.fromkeys(("masters", "skilled", "found_in_contests"), ("has_pool", (True,)))


@register
class SuggestionKind(RecordKind):
    model = Suggestion
    area = "competitions"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2022-m5-c1",)
    purpose = _("每季度填一次：职工提了多少条合理化建议，采纳、实施了多少条。")
    fieldsets = (Fieldset(_("合理化建议"), ("raised", "frontline_raised", "adopted", "carried_out")),)
    required = ("raised", "adopted")
    columns = ("raised", "adopted", "carried_out")
    facts = (
        Fact("C03.raised", _("职工提出合理化建议"), _("条"), amount="raised"),
        Fact("C03.frontline", _("其中一线职工提出"), _("条"), amount="frontline_raised", whole="C03.raised"),
        Fact("C03.adopted", _("采纳合理化建议"), _("条"), amount="adopted"),
        Fact("C03.carried_out", _("实施合理化建议"), _("条"), amount="carried_out"),
    )
    warnings = (MoreAdoptedThanRaised,)


@register
class InnovationKind(RecordKind):
    model = Innovation
    area = "competitions"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m5-c1",)
    purpose = _("每年初填一次，填上一年的：职工创新出了多少成果、奖励了多少人，有没有融入研发体系和绩效评价。")
    shown = (
        from_bodies(BodyKind.INNOVATION),
        *from_latest("ideology.studioupgrade", results="", benefit=""),
        from_year("competitions.suggestion", "adopted", _("全年采纳合理化建议")),
    )
    fieldsets = (
        Fieldset(_("机制"), ("integrated", "assessed")),
        Fieldset(_("成果和奖励"), ("results", "benefit", "rewards", "rewarded")),
    )
    required = ("integrated", "assessed", "results")
    columns = ("integrated", "assessed", "results", "rewards")
    filters = ("integrated", "assessed")
    facts = (
        Fact("C04.results", _("职工创新成果"), _("项"), Nature.STOCK, "results", year_basis=YearBasis.CLOSED_YEAR),
        Fact(
            "C04.benefit",
            _("职工创新成果经济效益"),
            _("万元"),
            Nature.STOCK,
            "benefit",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "C08.rewards", _("职工创新奖励支出"), _("万元"), Nature.STOCK, "rewards", year_basis=YearBasis.CLOSED_YEAR
        ),
        Fact(
            "C08.rewarded",
            _("受创新奖励职工"),
            _("人"),
            Nature.HEADCOUNT,
            "rewarded",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "C16.integrated",
            _("职工创新融入研发体系的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(integrated=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "C16.assessed",
            _("职工创新纳入绩效评价的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(assessed=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact("C16.reported", _("已报职工创新情况的企业"), _("家"), Nature.STOCK, year_basis=YearBasis.AS_OF),
    )
    warnings = (RewardsWithoutRewarded,)
    undecided: ClassVar = {"benefit": True}


@register
class PatentKind(RecordKind):
    model = Patent
    area = "competitions"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m5-c4", "2022-m7-c5")
    purpose = _("每年初填一次，填上一年的：职工有多少件专利获得授权，用在了职称评审和研发平台上多少件。")
    shown = from_bases(ENGINEERING, TECHNOLOGY, TECHNICAL)
    fieldsets = (
        Fieldset(_("授权"), ("invention", "utility", "design", "frontline_first"), lines="grants"),
        Fieldset(_("运用"), ("for_titles", "for_platforms")),
    )
    lines = (
        Lines(
            "grants",
            Grant,
            fields=("name", "number", "sort", "granted_on", "by_frontline"),
            label=_("授权明细（可不填）"),
            required=("name", "sort"),
            unique=("number",),
            help=_("一件一行。不填发明人姓名。"),
        ),
    )
    warnings = (GrantsAddUp, GrantedInAnotherYear, contradicts(Circumstance.PATENTS))
    required = ("invention",)
    columns = ("invention", "utility", "design", "frontline_first")
    facts = (
        Fact("C06.invention", _("职工发明专利"), _("件"), Nature.STOCK, "invention", year_basis=YearBasis.CLOSED_YEAR),
        Fact("C06.utility", _("职工实用新型专利"), _("件"), Nature.STOCK, "utility", year_basis=YearBasis.CLOSED_YEAR),
        Fact("C06.design", _("职工外观设计专利"), _("件"), Nature.STOCK, "design", year_basis=YearBasis.CLOSED_YEAR),
        Fact(
            "C06.frontline",
            _("一线职工为第一完成人的授权专利"),
            _("件"),
            Nature.STOCK,
            "frontline_first",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "D19.titles",
            _("用于支撑职称评审的知识产权"),
            _("件"),
            Nature.STOCK,
            "for_titles",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "C17.platform",
            _("用于研发平台申报或评估的职工知识产权"),
            _("件"),
            Nature.STOCK,
            "for_platforms",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )

    def not_asked(self, enterprise: Enterprise) -> tuple[str, ...]:
        """Who said that it has no platform is not asked what was used for one."""
        return ("for_platforms",) if has_none(enterprise, Circumstance.PLATFORMS) else ()


@register
class OpenProjectKind(RecordKind):
    model = OpenProject
    area = "competitions"
    clauses = ("2022-m5-c3",)
    purpose = _("实行揭榜挂帅、赛马或领军人负责制的创新项目。立项填一条，完成再填一条，活动日期填当天。")
    shown = from_bases(STUDIO)
    steps = Steps("step", {ProjectStep.BEGUN: ProjectStep.FINISHED}, ("title", "scheme"))
    fieldsets = (
        Fieldset(_("项目"), ("title", "happened_on", "step", "scheme")),
        Fieldset(_("立项"), ("workers", "frontline_workers", "investment")),
        Fieldset(_("完成"), ("benefit",)),
    )
    required = ("title", "happened_on", "step", "scheme")
    columns = ("step", "scheme", "workers")
    filters = ("step", "scheme")
    facts = (
        Fact("C07.projects", _("揭榜挂帅、赛马、领军人项目立项"), _("项"), only=Q(step=ProjectStep.BEGUN)),
        Fact("C07.workers", _("参与揭榜挂帅等项目的产业工人"), _("人次"), amount="workers"),
        Fact("C07.finished", _("揭榜挂帅、赛马、领军人项目完成"), _("项"), only=Q(step=ProjectStep.FINISHED)),
    )
    shown_when: ClassVar = {
        **dict.fromkeys(("workers", "frontline_workers", "investment"), ("step", (ProjectStep.BEGUN,))),
        "benefit": ("step", (ProjectStep.FINISHED,)),
    }
    undecided: ClassVar = {"benefit": True}
