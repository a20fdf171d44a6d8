"""Declarations of the kinds of ideological guidance."""

import datetime
from typing import ClassVar

from django.db.models import Q
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from enterprises.bases.sorts import STUDIO
from enterprises.models import Enterprise
from foundation.facts.declaring import Fact, Nature, YearBasis
from foundation.ui.forms import mark
from ideology.business_rules import (
    AssessmentHasBasis,
    EmptyTeamsHavePlan,
    EmptyTeamsReported,
    FrontLineIsMainBody,
    RepresentativesCounted,
    WorkCanBeSeen,
)
from ideology.models import (
    ArtCreation,
    ArtStep,
    Campaign,
    CultureEvent,
    CultureSort,
    Delegates,
    Direction,
    GroupPost,
    Lecture,
    LiteracyChannel,
    LiteracyEducation,
    LiteracySubject,
    MicroWork,
    PartyAssessment,
    PartyDevelopment,
    PartyUnionBuilding,
    RepresentativeActivity,
    RepresentativeStep,
    SchoolExchange,
    StudioUpgrade,
    VoiceGuidance,
    WorkForm,
)
from records.core.kinds import Fieldset, RecordKind, Rhythm, register
from records.core.shown_from import from_bases, from_latest

_TRAINING_STEPS = (RepresentativeStep.POLITICS, RepresentativeStep.DUTIES)
_TRAINING = Q(step__in=_TRAINING_STEPS)
_SAFETY_AND_HEALTH = Q(subject__in=(LiteracySubject.SAFETY, LiteracySubject.HEALTH))
#: The day on which the quarterly returns of posts and of concerns ended; what they asked is asked elsewhere.
_RETIRED_ON = datetime.date(2026, 11, 29)


@register
class LectureKind(RecordKind):
    model = Lecture
    area = "ideology"
    rhythm = Rhythm.EVENT
    clauses = ("2022-m1-c3", "2025-a4-f9")
    purpose = _("请劳模工匠和身边人给职工讲一课。每举办一场填一条。")
    fieldsets = (
        Fieldset(_("活动"), ("title", "happened_on", "form", "venue")),
        Fieldset(_("主讲人"), ("speaker", "speaker_kind")),
        Fieldset(_("规模"), ("number_of_people", "attendances", "frontline_attendances")),
        Fieldset(_("内容"), ("summary",)),
    )
    required = ("title", "happened_on", "form", "speaker", "number_of_people", "attendances")
    columns = ("speaker", "attendances")
    filters = ("form", "speaker_kind")
    facts = (
        Fact("B01.sessions", _("职工大讲堂场次"), _("场"), key=10, printed=10, head=_("讲堂场次")),
        Fact(
            "B01.attendances",
            _("职工大讲堂参训人次"),
            _("人次"),
            amount="attendances",
            key=20,
            printed=20,
            head=_("参训人次"),
        ),
        Fact(
            "B01.frontline", _("其中一线职工人次"), _("人次"), amount="frontline_attendances", whole="B01.attendances"
        ),
    )
    twin_fields = ("speaker",)
    is_common = True
    order = 10


@register
class PartyDevelopmentKind(RecordKind):
    model = PartyDevelopment
    area = "ideology"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2022-m2-c4", "2022-m2-c5")
    purpose = _("每季度填一次：新发展了多少党员，其中一线多少，季末共有多少。")
    fieldsets = (
        Fieldset(_("发展党员"), ("new_members", "new_frontline_members", "total_members")),
        Fieldset(
            _("党员空白班组"),
            ("teams_without_members", "clearing_plan", "clearing_due"),
            _("国有企业填报。还有空白班组的，写明怎样消除、什么时候消除。"),
        ),
    )
    required = ("new_members", "new_frontline_members", "total_members")
    columns = ("new_members", "total_members", "teams_without_members")
    facts = (
        Fact("B04.new_members", _("新发展党员"), _("人"), amount="new_members", key=30, printed=30, head=_("发展党员")),
        Fact("B04.new_frontline", _("新发展一线职工党员"), _("人"), amount="new_frontline_members", key=40),
        Fact("B03.members", _("党员总数"), _("人"), Nature.HEADCOUNT, amount="total_members", key=50, printed=40),
        Fact(
            "B05.empty_teams",
            _("国企党员空白班组"),
            _("个"),
            Nature.STOCK,
            amount="teams_without_members",
            of_some=True,
            key=60,
            printed=50,
            head=_("党员空白班组"),
        ),
    )
    rules = (EmptyTeamsReported, EmptyTeamsHavePlan)
    is_common = True

    def not_asked(self, enterprise: Enterprise) -> tuple[str, ...]:
        """Only state-owned enterprises are asked about teams without party members."""
        return () if enterprise.is_state_owned else ("teams_without_members", "clearing_plan", "clearing_due")

    def prepare_form(self, form: BaseForm, enterprise: Enterprise) -> None:
        """Those who are asked have to tell it (P01)."""
        if "teams_without_members" in form.fields:
            mark(form.fields["teams_without_members"], needed=True)


@register
class CampaignKind(RecordKind):
    model = Campaign
    area = "ideology"
    clauses = ("2022-m1-c1",)
    purpose = _("“劳动创造幸福”等主题的宣传教育。每开展一次填一条。")
    fieldsets = (
        Fieldset(_("活动"), ("title", "happened_on", "theme", "reach")),
        Fieldset(_("规模"), ("number_of_people", "attendances", "frontline_attendances")),
        Fieldset(_("内容"), ("summary",)),
    )
    required = ("title", "happened_on", "theme", "number_of_people", "attendances")
    columns = ("theme", "attendances")
    filters = ("theme", "reach")
    facts = (
        Fact("B11.sessions", _("主题宣传教育活动"), _("场")),
        Fact("B11.attendances", _("主题宣传教育参加人次"), _("人次"), amount="attendances"),
        Fact(
            "B11.frontline",
            _("其中一线职工参加人次"),
            _("人次"),
            amount="frontline_attendances",
            whole="B11.attendances",
        ),
    )
    is_common = True


@register
class SchoolExchangeKind(RecordKind):
    model = SchoolExchange
    area = "ideology"
    clauses = ("2022-m1-c1",)
    purpose = _("劳模工匠到学校宣讲，或者思政教师到企业授课。每去一次填一条。")
    fieldsets = (
        Fieldset(_("活动"), ("title", "happened_on", "direction", "school", "guests")),
        Fieldset(_("规模"), ("number_of_people", "attendances")),
        Fieldset(_("内容"), ("summary",)),
    )
    required = ("title", "happened_on", "direction", "school", "number_of_people", "attendances")
    columns = ("direction", "school", "attendances")
    filters = ("direction",)
    facts = (
        Fact("B02.to_school", _("劳模工匠进校园"), _("场"), only=Q(direction=Direction.TO_SCHOOL)),
        Fact("B02.to_enterprise", _("思政教师进企业"), _("场"), only=Q(direction=Direction.TO_ENTERPRISE)),
        Fact("B02.attendances", _("进校园、进企业听讲人次"), _("人次"), amount="attendances"),
    )


@register
class MicroWorkKind(RecordKind):
    model = MicroWork
    area = "ideology"
    clauses = ("2022-m1-c2",)
    purpose = _("面向职工创作的微视频、微故事、微党课。每件作品填一条，日期填完成的那天。")
    fieldsets = (
        Fieldset(_("作品"), ("title", "happened_on", "form", "authors")),
        Fieldset(_("在哪里看"), ("link",), _("没有网址的，在下面上传作品文件。")),
        Fieldset(_("内容"), ("summary",)),
    )
    required = ("title", "happened_on", "form")
    takes_video = True
    columns = ("form", "authors")
    filters = ("form",)
    facts = (
        Fact("B12.works", _("微作品"), _("件")),
        Fact("B12.videos", _("微视频"), _("件"), only=Q(form=WorkForm.VIDEO)),
        Fact("B12.stories", _("微故事"), _("件"), only=Q(form=WorkForm.STORY)),
        Fact("B12.lessons", _("微党课"), _("件"), only=Q(form=WorkForm.LESSON)),
    )
    rules = (WorkCanBeSeen,)


@register
class PartyAssessmentKind(RecordKind):
    model = PartyAssessment
    area = "ideology"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m2-c1", "2022-m2-c2")
    purpose = _("每年初填一次，填上一年的：党建工作是否纳入企业年度考核，占多少，结果怎样。")
    fieldsets = (Fieldset(_("年度考核"), ("included", "weight", "basis", "grade")),)
    required = ("included",)
    columns = ("included", "weight", "grade")
    filters = ("included", "grade")
    facts = (
        Fact(
            "A06.included",
            _("党建工作纳入年度考核的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(included=True),
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact("A06.reported", _("已报党建考核情况的企业"), _("家"), Nature.STOCK, year_basis=YearBasis.CLOSED_YEAR),
    )
    rules = (AssessmentHasBasis,)
    shown_when: ClassVar = dict.fromkeys(("weight", "basis", "grade"), ("included", (True,)))


@register
class PartyUnionBuildingKind(RecordKind):
    model = PartyUnionBuilding
    area = "ideology"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m2-c1", "2022-m2-c3")
    purpose = _("非公企业每年初填一次，填上一年的：党建带工建“三创争两提升”活动的开展情况。")
    fieldsets = (
        Fieldset(_("活动"), ("takes_part", "guided_by", "activities", "new_union_members")),
        Fieldset(_("成效"), ("summary",)),
    )
    required = ("takes_part",)
    columns = ("takes_part", "activities", "new_union_members")
    filters = ("takes_part",)
    facts = (
        Fact(
            "B13.taking_part",
            _("开展“三创争两提升”的非公企业"),
            _("家"),
            Nature.STOCK,
            only=Q(takes_part=True),
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "B13.reported", _("已报“三创争两提升”的非公企业"), _("家"), Nature.STOCK, year_basis=YearBasis.CLOSED_YEAR
        ),
        Fact(
            "B13.activities",
            _("“三创争两提升”活动"),
            _("次"),
            Nature.STOCK,
            amount="activities",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )

    shown_when: ClassVar = dict.fromkeys(("guided_by", "activities", "new_union_members"), ("takes_part", (True,)))

    def applies_to(self, enterprise: Enterprise) -> bool:
        """The opinion speaks of enterprises that are not state-owned."""
        return not enterprise.is_state_owned


@register
class StudioUpgradeKind(RecordKind):
    model = StudioUpgrade
    area = "ideology"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m2-c3",)
    purpose = _("每年初填一次，填上一年的：劳模创新工作室有几个、多少人、出了多少成果。")
    shown = (*from_bases(STUDIO, fills="studios"), *from_latest("competitions.reserve", pairs="apprentices"))
    fieldsets = (
        Fieldset(_("工作室"), ("studios", "members", "frontline_members", "apprentices")),
        Fieldset(_("成果"), ("results", "benefit")),
    )
    required = ("studios", "results")
    columns = ("studios", "members", "results", "benefit")
    facts = (
        Fact("B14.studios", _("劳模创新工作室"), _("个"), Nature.STOCK, amount="studios", year_basis=YearBasis.AS_OF),
        Fact("B14.members", _("工作室成员"), _("人"), Nature.HEADCOUNT, amount="members", year_basis=YearBasis.AS_OF),
        Fact(
            "B14.frontline",
            _("工作室一线职工成员"),
            _("人"),
            Nature.HEADCOUNT,
            amount="frontline_members",
            whole="B14.members",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "B14.results",
            _("工作室创新成果"),
            _("项"),
            Nature.STOCK,
            amount="results",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "B14.benefit",
            _("工作室创造经济效益"),
            _("万元"),
            Nature.STOCK,
            amount="benefit",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )


@register
class GroupPostKind(RecordKind):
    model = GroupPost
    area = "ideology"
    rhythm = Rhythm.QUARTERLY
    retired_on = _RETIRED_ON
    instead = _("现在每年在“党代会、职代会代表构成”中填一次。")
    purpose = _("每季度填一次：季末有多少产业工人在工会、共青团、妇联等群团组织兼职、挂职。")
    fieldsets = (Fieldset(_("兼挂职"), ("holders", "part_time", "seconded", "in_unions", "organisations")),)
    required = ("holders",)
    columns = ("holders", "part_time", "seconded")
    facts = (
        Fact("B08.holders", _("在群团组织兼挂职的产业工人"), _("人"), Nature.HEADCOUNT, amount="holders"),
        Fact("B08.part_time", _("其中兼职"), _("人"), Nature.HEADCOUNT, amount="part_time", whole="B08.holders"),
        Fact("B08.seconded", _("其中挂职"), _("人"), Nature.HEADCOUNT, amount="seconded", whole="B08.holders"),
    )


@register
class DelegatesKind(RecordKind):
    model = Delegates
    area = "ideology"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m2-c6", "2025-a4-m1-c1")
    purpose = _("每年填一次：职代会、党代会的代表里产业工人有多少，在群团组织兼挂职的有多少。")
    shown = from_latest("rights.congresssession", representatives="congress_delegates", managers="")
    fieldsets = (
        Fieldset(_("职代会"), ("congress_delegates", "congress_workers", "congress_frontline")),
        Fieldset(_("党代会"), ("party_delegates", "party_workers")),
        Fieldset(_("群团组织兼挂职"), ("posts", "seconded_posts", "union_posts")),
        Fieldset(_("三代表三委员"), ("serving",)),
    )
    required = ("congress_delegates", "congress_workers", "posts")
    columns = ("congress_delegates", "congress_workers", "party_delegates", "party_workers")
    facts = (
        Fact(
            "B06.congress",
            _("职代会代表"),
            _("人"),
            Nature.HEADCOUNT,
            amount="congress_delegates",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "B06.congress_workers",
            _("职代会代表中产业工人"),
            _("人"),
            Nature.HEADCOUNT,
            amount="congress_workers",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "F02.frontline",
            _("职代会代表中一线职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="congress_frontline",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "B06.party",
            _("党代会代表"),
            _("人"),
            Nature.HEADCOUNT,
            amount="party_delegates",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "B06.party_workers",
            _("党代会代表中产业工人"),
            _("人"),
            Nature.HEADCOUNT,
            amount="party_workers",
            year_basis=YearBasis.AS_OF,
            whole="B06.party",
        ),
        # Codes of their own: those of the quarterly return stand for how it was at the end of each quarter.
        Fact(
            "B08.posts",
            _("在群团组织兼挂职的产业工人（年报）"),
            _("人"),
            Nature.HEADCOUNT,
            amount="posts",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "B08.posts_seconded",
            _("其中挂职（年报）"),
            _("人"),
            Nature.HEADCOUNT,
            amount="seconded_posts",
            whole="B08.posts",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "B08.posts_in_unions",
            _("其中在工会组织（年报）"),
            _("人"),
            Nature.HEADCOUNT,
            amount="union_posts",
            whole="B08.posts",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "B07.serving",
            _("现任“三代表三委员”的产业工人"),
            _("人"),
            Nature.HEADCOUNT,
            amount="serving",
            year_basis=YearBasis.AS_OF,
        ),
    )
    warnings = (FrontLineIsMainBody,)


@register
class RepresentativeActivityKind(RecordKind):
    model = RepresentativeActivity
    area = "ideology"
    clauses = ("2025-a4-m1-c1", "2025-a4-f1")
    purpose = _("推荐选拔产业工人担任“三代表三委员”，或者培训现任的。每次填一条。")
    fieldsets = (
        Fieldset(_("事项"), ("title", "happened_on", "step", "category", "organiser")),
        Fieldset(_("推荐选拔"), ("put_forward", "chosen")),
        Fieldset(_("培训"), ("number_of_people", "attendances")),
    )
    required = ("title", "happened_on", "step", "category")
    columns = ("step", "category", "chosen", "attendances")
    filters = ("step", "category")
    facts = (
        Fact("B07.chosen", _("当选（任）“三代表三委员”的产业工人"), _("人"), amount="chosen"),
        Fact("B07.trainings", _("“三代表三委员”产业工人培训"), _("场"), only=_TRAINING),
        Fact("B07.attendances", _("“三代表三委员”培训人次"), _("人次"), amount="attendances", only=_TRAINING),
    )
    rules = (RepresentativesCounted,)
    shown_when: ClassVar = {
        **dict.fromkeys(("put_forward", "chosen"), ("step", (RepresentativeStep.SELECTION,))),
        **dict.fromkeys(("number_of_people", "attendances"), ("step", _TRAINING_STEPS)),
    }


@register
class CultureEventKind(RecordKind):
    model = CultureEvent
    area = "ideology"
    clauses = ("2022-m3-c2", "2022-m11-c3")
    purpose = _("职工体育、读书、文艺活动和知识竞赛。每举办一场填一条。")
    fieldsets = (
        Fieldset(_("活动"), ("title", "happened_on", "sort", "organised_by")),
        Fieldset(_("规模"), ("number_of_people", "attendances", "frontline_attendances")),
        Fieldset(_("内容"), ("summary",)),
    )
    required = ("title", "happened_on", "sort", "number_of_people", "attendances")
    columns = ("sort", "attendances")
    filters = ("sort",)
    facts = (
        Fact("B09.sessions", _("职工文体活动"), _("场")),
        Fact("B09.attendances", _("职工文体活动参加人次"), _("人次"), amount="attendances"),
        Fact("B09.sport", _("职工体育活动"), _("场"), only=Q(sort=CultureSort.SPORT)),
        Fact("B09.reading", _("职工读书活动"), _("场"), only=Q(sort=CultureSort.READING)),
        Fact("B09.arts", _("职工文艺活动"), _("场"), only=Q(sort=CultureSort.ARTS)),
        Fact("B09.quizzes", _("知识竞赛"), _("场"), only=Q(sort=CultureSort.QUIZ)),
    )
    is_common = True


@register
class ArtCreationKind(RecordKind):
    model = ArtCreation
    area = "ideology"
    clauses = ("2022-m3-c1",)
    purpose = _("文艺工作者来企业采风，或者创作展现产业工人风采的作品。每次填一条。")
    fieldsets = (
        Fieldset(_("活动"), ("title", "happened_on", "step", "sort", "artists")),
        Fieldset(_("作品"), ("works", "link")),
        Fieldset(_("内容"), ("summary",)),
    )
    required = ("title", "happened_on", "step", "works")
    columns = ("step", "sort", "works")
    filters = ("step", "sort")
    facts = (
        Fact("B15.visits", _("文艺工作者进企业采风"), _("次"), only=Q(step=ArtStep.VISIT)),
        Fact("B15.works", _("产业工人主题文艺作品"), _("件"), amount="works"),
    )


@register
class LiteracyEducationKind(RecordKind):
    model = LiteracyEducation
    area = "ideology"
    clauses = ("2022-m3-c3", "2022-m10-c2")
    purpose = _("面向产业工人的普法、安全、职业健康、诚信教育和依法理性表达诉求的引导。每举办一次填一条。")
    fieldsets = (
        Fieldset(_("活动"), ("title", "happened_on", "subject", "channel", "teacher")),
        Fieldset(_("规模"), ("number_of_people", "attendances", "frontline_attendances")),
        Fieldset(_("内容"), ("summary",)),
    )
    required = ("title", "happened_on", "subject", "channel", "number_of_people", "attendances")
    columns = ("subject", "channel", "attendances")
    filters = ("subject", "channel")
    facts = (
        Fact("B16.sessions", _("法律、安全、诚信素养教育"), _("场")),
        Fact("B16.attendances", _("素养教育参加人次"), _("人次"), amount="attendances"),
        Fact("B16.law", _("法律素养教育"), _("场"), only=Q(subject=LiteracySubject.LAW)),
        Fact("B16.safety", _("安全素养教育"), _("场"), only=Q(subject=LiteracySubject.SAFETY)),
        Fact("B16.integrity", _("诚信意识教育"), _("场"), only=Q(subject=LiteracySubject.INTEGRITY)),
        Fact(
            "F12.attendances",
            _("安全和职业健康教育参加人次"),
            _("人次"),
            amount="attendances",
            only=_SAFETY_AND_HEALTH,
        ),
        Fact(
            "F12.online",
            _("网上安康课堂参加人次"),
            _("人次"),
            amount="attendances",
            only=Q(channel=LiteracyChannel.ONLINE_CLASS),
        ),
        Fact(
            "F12.campaign",
            _("全省百万职工普及教育参加人次"),
            _("人次"),
            amount="attendances",
            only=Q(channel=LiteracyChannel.CAMPAIGN),
        ),
        # A code of its own: that of the quarterly return sums what it said.
        Fact("B17.lessons", _("依法理性表达诉求教育引导"), _("场"), only=Q(subject=LiteracySubject.VOICE)),
    )


@register
class VoiceGuidanceKind(RecordKind):
    model = VoiceGuidance
    area = "ideology"
    rhythm = Rhythm.QUARTERLY
    retired_on = _RETIRED_ON
    instead = _("引导活动现在填“法律、安全、诚信素养教育”。")
    purpose = _("每季度填一次：怎样引导职工依法理性表达诉求，收到多少、办结多少。")
    fieldsets = (
        Fieldset(_("引导活动"), ("sessions", "attendances")),
        Fieldset(_("诉求"), ("concerns", "settled"), _("只填件数，不写职工姓名和诉求内容。")),
        Fieldset(_("做法"), ("measures",)),
    )
    required = ("sessions", "concerns", "settled")
    columns = ("sessions", "concerns", "settled")
    facts = (
        Fact("B17.sessions", _("依法理性表达诉求引导活动"), _("场"), amount="sessions"),
        Fact("B17.concerns", _("收到职工诉求"), _("件"), amount="concerns"),
        Fact("B17.settled", _("办结职工诉求"), _("件"), amount="settled"),
    )
