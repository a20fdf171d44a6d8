"""What the quarterly report says of workers' rights."""

from django.utils.translation import gettext_lazy

from foundation.facts.sentences import Item, register_items

register_items(
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
)
