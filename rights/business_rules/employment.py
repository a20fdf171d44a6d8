"""What is asked of insurance and of disputes inside the enterprise."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from foundation.fields import label_of_field
from foundation.saying import filled
from records.core.business_rules import BusinessRule, Problem
from rights.models import INSURED, Insurance, Relations

#: Within so many days of the request mediation ends; then either side may go to arbitration.
MEDIATION_DAYS = 15


class EverybodyInsured(BusinessRule[Insurance]):
    """应按时足额为全部应参保职工缴纳五险一金。"""

    code = "W01"
    citation = "苏产改办〔2022〕12号 第8条“督促企业按时足额为产业工人缴纳‘五险一金’”"
    effective_from = datetime.date(2022, 8, 15)
    reads = ("due", "all_insured", *INSURED)

    def check(self, record: Insurance) -> Iterator[Problem]:
        if record.all_insured is not False:
            return
        yield Problem("all_insured", _("所填是没有全员参加五险一金。"))
        for name in INSURED:
            if getattr(record, name) is None:
                label = label_of_field(record, name)
                message = _("没有全员参加，又没有填“%s”的人数，不知道差多少。")
                yield Problem(name, message % label, is_unstated=True)


class MediatedInTime(BusinessRule[Relations]):
    """企业劳动争议调解组织应自收到调解申请之日起15日内办结；期满未达成调解协议的，当事人可以依法申请仲裁。"""

    code = "R40"
    citation = "《中华人民共和国劳动争议调解仲裁法》第14条"
    effective_from = datetime.date(2008, 5, 1)
    reads = ("taken_up", "in_time")

    def check(self, record: Relations) -> Iterator[Problem]:
        if not record.taken_up:
            return
        if record.in_time is None:
            message = _("受理了 %d 件，没有填15日内办结的件数，不知道是否按期。")
            yield Problem("in_time", filled(message, record.taken_up), is_unstated=True)
        elif late := record.taken_up - record.in_time:
            message = _(
                "受理 %(all)d 件，15日内办结 %(some)d 件，其余 %(late)d 件没有按期办结（季末还没有满15日的，请在说明中写明）。"
            )
            yield Problem("in_time", filled(message, {"all": record.taken_up, "some": record.in_time, "late": late}))
