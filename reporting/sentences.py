"""The wording of the report: what is said of each task area, in the order of the opinion's measures.

An item is one 一是…; its clauses are read by ``reporting/narrative.py``, which says what may stand in braces. A clause with
an unknown figure is left out, and one about nothing (zeros now, and before); an item without clauses as well. A clause
that begins with 其中 or 占 speaks of a part of what stands before it.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from foundation.labels import Label


@dataclass(frozen=True)
class Item:
    """One 一是 of an area: a title and its clauses. ``lower_is_better``: what grows is no progress and stands among the
    problems; ``when_none`` is said in its place where all who reported have none."""

    area: str
    title: Label
    clauses: tuple[Label, ...]
    lower_is_better: bool = False
    when_none: Label = ""


#: Headings of the task areas, in the order of the opinion's measures.
AREAS: dict[str, Label] = {
    "ideology": gettext_lazy("思想引领"),
    "skills": gettext_lazy("素质提升"),
    "competitions": gettext_lazy("劳动和技能竞赛"),
    "rights": gettext_lazy("权益维护"),
    "services": gettext_lazy("组织领导"),
}

#: What 总体情况 says of the register, after 全省.
REGISTER: tuple[Label, ...] = (
    gettext_lazy("登记参加产业工人队伍建设改革的企业{REG.enterprises}家"),
    gettext_lazy("其中试点企业{REG.pilots}家"),
    gettext_lazy("；职工{REG.headcount}人"),
    gettext_lazy("其中一线职工{REG.frontline}人"),
    gettext_lazy("；已建立党组织的企业{REG.party_orgs}家"),
    gettext_lazy("；已建立工会组织的企业{REG.unions}家"),
    gettext_lazy("；产改指导员、联络员、观察员配齐的企业{REG.instructors}家"),
)

ITEMS: tuple[Item, ...] = (
    Item(
        "ideology",
        gettext_lazy("开展职工大讲堂"),
        (
            gettext_lazy("本季度举办职工大讲堂{B01.sessions}场"),
            gettext_lazy("参训{B01.attendances}人次"),
            gettext_lazy("其中一线职工{B01.frontline}人次"),
            gettext_lazy("占{B01.frontline/B01.attendances}"),
            gettext_lazy("；场次{B01.sessions:change}"),
            gettext_lazy("；今年以来累计举办{B01.sessions:ytd}场、参训{B01.attendances:ytd}人次"),
        ),
    ),
    Item(
        "ideology",
        gettext_lazy("加强理想信念教育"),
        (
            gettext_lazy("举办主题宣传教育活动{B11.sessions}场"),
            gettext_lazy("参加{B11.attendances}人次"),
            gettext_lazy("其中一线职工{B11.frontline}人次"),
            gettext_lazy("；劳模工匠进校园{B02.to_school}场、思政教师进企业{B02.to_enterprise}场"),
            gettext_lazy("听讲{B02.attendances}人次"),
            gettext_lazy("；创作微作品{B12.works}件"),
            gettext_lazy("其中微视频{B12.videos}件、微故事{B12.stories}件、微党课{B12.lessons}件"),
        ),
    ),
    Item(
        "ideology",
        gettext_lazy("在产业工人中发展党员"),
        (
            gettext_lazy("本季度新发展党员{B04.new_members}人"),
            gettext_lazy("其中一线职工{B04.new_frontline}人"),
            gettext_lazy("占{B04.new_frontline/B04.new_members}"),
            gettext_lazy("；新发展党员人数{B04.new_members:change}"),
            gettext_lazy("；今年以来累计新发展党员{B04.new_members:ytd}人"),
            gettext_lazy("；季末党员总数{B03.members}人"),
        ),
    ),
    Item(
        "ideology",
        gettext_lazy("解决国有企业党员空白班组问题"),
        (
            gettext_lazy("季末国有企业党员空白班组{B05.empty_teams}个"),
            gettext_lazy("{B05.empty_teams:change}"),
        ),
        lower_is_better=True,
        when_none=gettext_lazy("已报的{B05.empty_teams:reporting}家企业季末均无党员空白班组"),
    ),
    Item(
        "ideology",
        gettext_lazy("推进党建工建一体"),
        (
            gettext_lazy("{A06.included:year}党建工作纳入年度考核的企业{A06.included}家"),
            gettext_lazy("占已报企业的{A06.included/A06.reported}"),
            gettext_lazy("；{B13.taking_part:year}开展“三创争两提升”活动的非公企业{B13.taking_part}家"),
            gettext_lazy("占已报非公企业的{B13.taking_part/B13.reported}"),
            gettext_lazy("全年开展活动{B13.activities}次"),
            gettext_lazy("；据最近一次年报，劳模创新工作室{B14.studios}个"),
            gettext_lazy("成员{B14.members}人"),
            gettext_lazy("其中一线职工{B14.frontline}人"),
            gettext_lazy("；工作室{B14.results:year}形成创新成果{B14.results}项"),
            gettext_lazy("创造经济效益{B14.benefit}万元"),
        ),
    ),
    Item(
        "ideology",
        gettext_lazy("畅通参与渠道"),
        (
            gettext_lazy("据最近一次年报，职代会代表{B06.congress}人"),
            gettext_lazy("其中产业工人{B06.congress_workers}人"),
            gettext_lazy("占{B06.congress_workers/B06.congress}"),
            gettext_lazy("一线职工{F02.frontline}人"),
            gettext_lazy("；党代会代表{B06.party}人"),
            gettext_lazy("其中产业工人{B06.party_workers}人"),
            gettext_lazy("占{B06.party_workers/B06.party}"),
            gettext_lazy("；在群团组织兼挂职的产业工人{B08.holders}人"),
            gettext_lazy("其中兼职{B08.part_time}人、挂职{B08.seconded}人"),
            gettext_lazy("；据最近一次年报，现任“三代表三委员”的产业工人{B07.serving}人"),
            gettext_lazy("；本季度当选（任）{B07.chosen}人"),
            gettext_lazy("；举办“三代表三委员”培训{B07.trainings}场"),
            gettext_lazy("参加{B07.attendances}人次"),
        ),
    ),
    Item(
        "ideology",
        gettext_lazy("培育职工文化"),
        (
            gettext_lazy("本季度举办职工文体活动{B09.sessions}场"),
            gettext_lazy("参加{B09.attendances}人次"),
            gettext_lazy("其中体育{B09.sport}场、读书{B09.reading}场、文艺{B09.arts}场、知识竞赛{B09.quizzes}场"),
            gettext_lazy("；文艺工作者进企业采风{B15.visits}次"),
            gettext_lazy("创作产业工人主题作品{B15.works}件"),
        ),
    ),
    Item(
        "ideology",
        gettext_lazy("提高法律、安全和诚信素养"),
        (
            gettext_lazy("本季度举办素养教育{B16.sessions}场"),
            gettext_lazy("参加{B16.attendances}人次"),
            gettext_lazy("其中法律{B16.law}场、安全{B16.safety}场、诚信{B16.integrity}场"),
            gettext_lazy("；开展依法理性表达诉求引导活动{B17.sessions}场"),
            gettext_lazy("收到职工诉求{B17.concerns}件"),
            gettext_lazy("办结{B17.settled}件"),
            gettext_lazy("办结率{B17.settled/B17.concerns}"),
        ),
    ),
    Item(
        "rights",
        gettext_lazy("坚持职代会制度"),
        (
            gettext_lazy("本季度召开职代会会议{F01.sessions}次"),
            gettext_lazy("应到代表{F01.delegates}人次"),
            gettext_lazy("实到{F01.present}人次"),
            gettext_lazy("出席率{F01.present/F01.delegates}"),
            gettext_lazy("审议议题{F01.topics}项"),
            gettext_lazy("；听取安全生产和职业健康专题报告{F13.reports}次"),
        ),
    ),
    Item(
        "services",
        gettext_lazy("压实领导责任"),
        (
            gettext_lazy("据最近一次年报，已报领导机构情况的企业{A01.reported}家"),
            gettext_lazy("其中由党政主要负责人任组长的{A01.led_by_principal}家"),
            gettext_lazy("占{A01.led_by_principal/A01.reported}"),
        ),
    ),
    Item(
        "services",
        gettext_lazy("完善实施方案"),
        (
            gettext_lazy("据最近一次年报，产改实施方案经职代会审议的企业{A02.plan_reviewed}家"),
            gettext_lazy("占已报企业的{A02.plan_reviewed/A01.reported}"),
        ),
    ),
    Item(
        "services",
        gettext_lazy("加强专题研究"),
        (gettext_lazy("{A04.meetings:year}企业专题研究产改会议{A04.meetings}次"),),
    ),
)
