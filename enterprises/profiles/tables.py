"""Who has filed the profile of a year."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.ui.tables import LinkColumn, MomentColumn, NumberColumn, PortalTable


class ProfileTable(PortalTable):
    name = LinkColumn(verbose_name=_("企业"), linkify=lambda record: record.get_absolute_url())
    county = tables.Column(verbose_name=_("县（市、区）"), accessor="county__full_name", order_by="county__code")
    said_headcount = NumberColumn(verbose_name=_("职工（人）"))
    said_frontline_count = NumberColumn(verbose_name=_("一线职工（人）"))
    said_industrial_count = NumberColumn(verbose_name=_("产业工人（人）"))
    said_women_count = NumberColumn(verbose_name=_("女职工（人）"))
    said_wages_total = NumberColumn(verbose_name=_("工资总额（万元）"), places=2)
    said_union_members = NumberColumn(verbose_name=_("工会会员（人）"))
    said_at = MomentColumn(verbose_name=_("填报时间"), default=_("未填报"))

    #: Shown when the person asks for them.
    optional = ("said_women_count", "said_union_members")

    class Meta(PortalTable.Meta):
        model = Enterprise
        fields = (
            "name",
            "county",
            "said_headcount",
            "said_frontline_count",
            "said_industrial_count",
            "said_women_count",
            "said_wages_total",
            "said_union_members",
            "said_at",
        )
        sequence = fields
