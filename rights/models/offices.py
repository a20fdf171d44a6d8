"""What offices report of workers' rights: the fields of each kind."""

from django.utils.translation import gettext_lazy as _

from records.core.fields import count, money
from records.models import Record


class LegalAid(Record):
    """法律援助与多元化解: an office's quarter of legal aid and of disputes settled together with courts, procuratorates, judicial
    administration and 人社 (2025年方案第四项行动“五位一体”“12351”“法务云”).

    Enterprises do not know these numbers, so offices report them. Numbers only, no names."""

    cases = count(_("法律援助案件"), _("件"), _("本季度受理的，没有填 0。"))
    online = count(_("其中通过“12351”网上法律服务站"), _("件"))
    cloud = count(_("其中通过“法务云”平台"), _("件"))
    helped = count(_("受援职工"), _("人次"), _("一件案件涉及几名职工的，按人数计。"))
    recovered = money(_("挽回经济损失"), _("本季度结案的案件，没有统计的不填。"))
    taken_up = count(
        _("“五位一体”受理劳动争议"), _("件"), _("工会与法院、检察院、司法行政、人社联合化解的，本季度受理。")
    )
    transferred = count(_("其中其他部门转来或移送"), _("件"), _("法院、检察院、司法行政、人社部门转来或移送的。"))
    settled = count(_("化解成功"), _("件"), _("本季度达成调解、和解的，一般不超过本季度受理的。"))
    parts = (("online", "cases"), ("cloud", "cases"), ("transferred", "taken_up"))
    # What is settled may have been taken up in the quarter before.
    usual_parts = (("settled", "taken_up"),)

    class Meta:
        verbose_name = verbose_name_plural = _("法律援助与多元化解")


class Inspection(Record):
    """劳动保障监察: an office's quarter of inspections of employment (2022年实施意见保障措施“加大劳动保障监察力度”、第8条“督促企业”).

    The office asks the 人社 department for the numbers, as long as member units report nothing themselves."""

    inspected = count(_("检查企业"), _("家次"), _("本季度，没有填 0。"))
    with_problems = count(_("其中发现问题的企业"), _("家次"))
    orders = count(_("责令改正"), _("件"), _("本季度下达的责令改正决定。"))
    corrected = count(_("已改正"), _("件"), _("本季度改正的，一般不超过本季度责令改正的。"))
    paid = count(_("追发工资涉及职工"), _("人次"))
    insured = count(_("追缴社会保险费涉及职工"), _("人次"))
    parts = (("with_problems", "inspected"),)
    # What is corrected may have been ordered in the quarter before.
    usual_parts = (("corrected", "orders"),)

    class Meta:
        verbose_name = verbose_name_plural = _("劳动保障监察")
