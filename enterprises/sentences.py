"""What the quarterly report says of bases: in the areas of work they serve."""

from django.utils.translation import gettext_lazy

from foundation.facts.sentences import Item, register_items

register_items(
    Item(
        "competitions",
        gettext_lazy("建强竞赛和创新阵地"),
        (
            gettext_lazy("已命名技能竞赛基地{C19.bases}个"),
            gettext_lazy("；劳模和工匠人才创新工作室{C05.studios}个"),
            gettext_lazy("其中国家级{C05.national}个"),
            gettext_lazy("省级{C05.provincial}个"),
            gettext_lazy("；工程研究中心、企业技术中心、工程技术研究中心{C20.platforms}个"),
        ),
        order=60,
    ),
    Item(
        "skills",
        gettext_lazy("建好实训和传承平台"),
        (
            gettext_lazy("已有生产性实训基地{D16.bases}个"),
            gettext_lazy("；“双师型”名师工作室{D23.studios}个"),
            gettext_lazy("；技艺技能传承创新平台{D23.platforms}个"),
            gettext_lazy("；正在申报名师工作室和传承创新平台{D23.applied}个"),
        ),
        order=60,
    ),
    Item(
        "rights",
        gettext_lazy("健全职工维权阵地"),
        (
            gettext_lazy("设有法律援助点{G06.points}个"),
            gettext_lazy("；劳动争议调解（诉调对接）工作室{G12.stations}个"),
        ),
        order=60,
    ),
    Item(
        "services",
        gettext_lazy("完善职工服务阵地"),
        (
            gettext_lazy("职工好食堂{G05.canteens}个"),
            gettext_lazy("；职工公寓{G05.apartments}个"),
            gettext_lazy("；职工运动场馆{G05.sports}个"),
            gettext_lazy("；工人文化宫{G05.palaces}个"),
            gettext_lazy("；“互联网+”普惠服务平台{G09.platforms}个"),
        ),
        order=60,
    ),
)
