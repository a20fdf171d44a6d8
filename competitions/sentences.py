"""What the quarterly report says of competitions and of workers' innovation."""

from django.utils.translation import gettext_lazy

from foundation.facts.sentences import Item, register_items

register_items(
    Item(
        "competitions",
        gettext_lazy("开展劳动和技能竞赛"),
        (
            gettext_lazy("本季度举办劳动和技能竞赛{C01.sessions}场"),
            gettext_lazy("其中智力型和效益型竞赛{C11.wisdom}场"),
            gettext_lazy("占{C11.wisdom/C01.sessions}"),
            gettext_lazy("；职工参赛{C01.contestants}人次"),
            gettext_lazy("其中一线职工{C01.frontline}人次"),
            gettext_lazy("；开展网上练兵{C12.drills}期"),
            gettext_lazy("参加{C12.drillers}人次"),
            gettext_lazy("；由协会（商会）参与办赛{C13.associations}场、冠名赞助{C13.sponsored}场"),
            gettext_lazy("；竞赛场次{C01.sessions:change}"),
            gettext_lazy("；今年以来累计办赛{C01.sessions:ytd}场、参赛{C01.contestants:ytd}人次"),
            gettext_lazy("累计场次{C01.sessions:ytd_change}"),
        ),
    ),
    Item(
        "competitions",
        gettext_lazy("建立人才储备库"),
        (
            gettext_lazy("据最近一次年报，已建人才储备库的企业{C14.pools}家"),
            gettext_lazy("储备工匠大师{C14.masters}人、高技能后备人才{C14.reserve}人"),
            gettext_lazy("其中在竞赛中发现{C14.found}人"),
            gettext_lazy("；培育数字工匠{D14.artisans}人"),
            gettext_lazy("；师带徒{C14.pairs}对"),
            gettext_lazy("；{C01.people:year}参加竞赛的职工{C01.people}人"),
        ),
    ),
    Item(
        "competitions",
        gettext_lazy("推动职工创新创造"),
        (
            gettext_lazy("本季度职工提出合理化建议{C03.raised}条"),
            gettext_lazy("其中一线职工提出{C03.frontline}条"),
            gettext_lazy("；对合理化建议：采纳{C03.adopted}条、实施{C03.carried_out}条"),
            gettext_lazy("；揭榜挂帅等创新项目：立项{C07.projects}项、完成{C07.finished}项"),
            gettext_lazy("参与产业工人{C07.workers}人次"),
            gettext_lazy("；参加创新创业和创新方法大赛{C15.contestants}人次"),
            gettext_lazy("获奖{C15.awards}项"),
            gettext_lazy("；据最近一次年报，职工创新融入研发体系的企业{C16.integrated}家"),
            gettext_lazy("占已报企业的{C16.integrated/C16.reported}"),
            gettext_lazy("；据最近一次年报，职工创新纳入绩效评价的企业{C16.assessed}家"),
            gettext_lazy("；{C04.results:year}形成“五小”等创新成果{C04.results}项"),
            gettext_lazy("创造经济效益{C04.benefit}万元"),
            gettext_lazy("奖励职工{C08.rewarded}人"),
            gettext_lazy("支出创新奖励{C08.rewards}万元"),
        ),
    ),
    Item(
        "competitions",
        gettext_lazy("运用职工知识产权"),
        (
            gettext_lazy(
                "{C06.invention:year}职工获专利授权：发明专利{C06.invention}件、实用新型专利{C06.utility}件、外观设计专利{C06.design}件"
            ),
            gettext_lazy("其中一线职工为第一完成人{C06.frontline}件"),
            gettext_lazy("；{D19.titles:year}知识产权用途：支撑职称评审{D19.titles}件、研发平台申报或评估{C17.platform}件"),
        ),
    ),
)
