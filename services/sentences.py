"""What the quarterly report says of leadership and services."""

from django.utils.translation import gettext_lazy

from foundation.facts.sentences import Item, register_items

register_items(
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
