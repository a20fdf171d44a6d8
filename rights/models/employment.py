"""What is owed to whoever is employed: insurance, contracts, wages paid in time, disputes settled."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.saying import filled
from records.core.fields import count, money, yes_no
from records.models import Record

#: What is insured or paid for, one number of people each. Birth is insured with illness.
INSURED = ("pension", "medical", "unemployment", "injury", "fund")


class Insurance(Record):
    """社会保险与公积金: the year's return on who is insured (2022年实施意见第8条“按时足额为产业工人缴纳‘五险一金’”).

    Where everybody is insured the five numbers are not asked: each is the number of all who should be. Enterprise annuities
    are not asked, because neither document speaks of them."""

    due = count(_("应参保职工"), _("人"), _("截至填报日应由本单位缴纳社会保险的职工，不含劳务派遣和退休返聘人员。"))
    all_insured = yes_no(
        _("全员参加五险一金"), _("应参保职工都参加了养老、医疗（含生育）、失业、工伤保险和住房公积金的，选“是”。")
    )
    pension = count(_("养老保险参保"), _("人"), _("截至填报日。"))
    medical = count(_("医疗（含生育）保险参保"), _("人"), _("截至填报日。"))
    unemployment = count(_("失业保险参保"), _("人"), _("截至填报日。"))
    injury = count(_("工伤保险参保"), _("人"), _("截至填报日，一般不超过应参保职工。"))
    fund = count(_("住房公积金缴存"), _("人"), _("截至填报日。"))
    has_supplement = yes_no(_("有补充医疗保险"), _("企业出资为职工办理的补充医疗保险，职工自己购买的不算。"))
    supplemented = count(_("补充医疗保险覆盖职工"), _("人"), _("截至填报日，同一人只计一次。"))
    parts = tuple((name, "due") for name in INSURED if name != "injury")
    # Trainees and retired people who work on may be insured against injury alone.
    usual_parts = (("injury", "due"),)
    parts_of_staff = (("due", "headcount"), ("supplemented", "headcount"))

    class Meta:
        verbose_name = verbose_name_plural = _("社会保险与公积金")

    def clean(self) -> None:
        super().clean()
        numbers = [getattr(self, name) for name in INSURED]
        if self.all_insured is False and self.due and all(number is not None for number in numbers):
            if min(numbers) >= self.due:
                message = _("五项人数都达到了应参保职工（%d 人），“全员参加五险一金”却选了“否”。请改其中一项。")
                raise ValidationError({"all_insured": filled(message, self.due)})


class LabourContract(Record):
    """劳动合同审查与履行督查: the year's return on labour contracts and the three mechanisms around them
    (2022年实施意见第9条“劳动合同合规审查机制、劳动合同履行督查机制、劳动纠纷快速处理机制”)."""

    due = count(_("应签劳动合同职工"), _("人"), _("截至填报日与本单位建立劳动关系的职工，不含劳务派遣人员。"))
    signed = count(_("已签劳动合同职工"), _("人"), _("截至填报日签有书面劳动合同且在有效期内的。"))
    dispatched = count(_("劳务派遣人员"), _("人"), _("截至填报日在本单位工作的派遣人员，没有填 0。"))
    has_review = yes_no(_("有劳动合同合规审查机制"), _("合同文本、规章制度签订或修改前有人审查，并有记录。"))
    has_supervision = yes_no(_("有劳动合同履行督查机制"), _("定期检查合同约定的工资、工时、社会保险等是否兑现。"))
    has_mediation = yes_no(_("有劳动纠纷快速处理机制"), _("设立了劳动争议调解委员会，或者有专人负责的调解组织。"))
    found = count(_("督查发现问题"), _("个"), _("上年度全年，没有填 0。"))
    rectified = count(_("其中完成整改"), _("个"), _("上年度全年发现的问题中已经整改的。"))
    parts = (("signed", "due"), ("rectified", "found"))
    parts_of_staff = (("due", "headcount"),)

    class Meta:
        verbose_name = verbose_name_plural = _("劳动合同审查与履行督查")


class Relations(Record):
    """劳动关系季报: the quarter's return on wages or contributions in arrears and on labour disputes
    (2022年实施意见第8条“按时足额”、第9条“劳动纠纷快速处理机制”).

    Numbers only, no names. The amounts are 待核定 and may stay empty."""

    has_arrears = yes_no(
        _("本季有欠薪或欠缴"), _("拖欠工资，或者欠缴社会保险费、住房公积金。以前发生、季末还没有清偿的也算。")
    )
    in_arrears = count(_("欠薪欠缴涉及职工"), _("人"), _("同一人在本季度只计一次。"))
    arrears = money(_("欠薪欠缴金额"), _("本季度新发生的。可以不填，口径待核定。"))
    unpaid = money(_("季末未清偿金额"), _("含以前发生的。可以不填，口径待核定。"))
    disputes = count(_("本季发生劳动争议"), _("件"), _("职工与本单位之间的劳动争议，没有填 0。"))
    taken_up = count(_("内部调解受理"), _("件"), _("本单位劳动争议调解委员会或调解组织受理的。"))
    in_time = count(_("其中15日内办结"), _("件"), _("自收到调解申请之日起15日内达成协议，或者终结调解的。"))
    succeeded = count(_("其中调解成功"), _("件"), _("达成调解协议的。"))
    referred = count(_("转仲裁、诉讼或其他部门"), _("件"), _("本季度转出的，一般不超过本季发生的争议。"))
    parts = (("in_time", "taken_up"), ("succeeded", "taken_up"))
    # What was taken up or referred may have arisen in the quarter before.
    usual_parts = (("taken_up", "disputes"), ("referred", "disputes"))
    parts_of_staff = (("in_arrears", "headcount"),)

    class Meta:
        verbose_name = verbose_name_plural = _("劳动关系季报")
