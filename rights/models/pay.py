"""What industrial workers earn, and their part of what the enterprise brings about."""

from django.utils.translation import gettext_lazy as _

from records.core.fields import count, money
from records.models import Record


class Pay(Record):
    """工资与劳动报酬: the year's return on what industrial workers earn (2022年实施意见第8条“提高产业工人劳动报酬在初次分配中的
    比重”).

    Whether it is collected, and who may see it, is the province's to decide; until then nobody is asked. Sums of whole groups
    only, nobody's wages."""

    industrial_wages = money(_("产业工人工资总额"), _("报告期那一年实发的，含奖金和津贴。没有掌握的留空，不要填 0。"))
    industrial_median = count(
        _("产业工人工资中位数"), _("元"), _("报告期那一年，按年工资从低到高排，居中的那一位。没有掌握的留空。")
    )
    frontline_wages = money(_("一线职工工资总额"), _("报告期那一年实发的，含奖金和津贴。没有掌握的留空，不要填 0。"))
    compensation = money(_("劳动者报酬"), _("与统计报表“成本费用”中的劳动者报酬一致，没有的留空。"))
    value_added = money(_("增加值"), _("按收入法计算，与统计报表一致；没有核算的留空。"))
    parts = (("compensation", "value_added"),)

    class Meta:
        verbose_name = verbose_name_plural = _("工资与劳动报酬")
