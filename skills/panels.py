"""What stands beside records of the room: estimates and sums that are worked out and never typed."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from foundation.panels import Context, Panel, register_panel
from foundation.ui.formats import amount, quantity
from records.models import Record
from skills.business_rules.funds import estimate_for
from skills.business_rules.worked_out import worked_out_of


def deduction_panel(request: PortalRequest, record: Record) -> Context | None:
    found = estimate_for(record)
    if found is None:
        return None

    def money(value: Decimal | None) -> str:
        return quantity(value, _("万元"), 2)

    def percent(value: Decimal | None) -> str:
        return _("未知") if value is None else f"{amount(value, 1)}%"

    rows = [(_("用于一线职工的占比"), percent(found.front_line)), (_("工资总额"), money(found.wages))]
    if found.wages is not None:
        rows.append((_("支出占工资总额"), percent(found.of_wages)))
    if found.deduction is not None:
        rows += [
            (_("扣除限额（工资总额的8%）"), money(found.deduction.cap)),
            (_("上年结转"), money(found.brought)),
            (_("当年可扣除"), money(found.deduction.deducted)),
            (_("结转以后年度"), money(found.deduction.carried)),
        ]
    enterprise = record.enterprise
    may_file = enterprise is not None and bool(verdict(request.user, "enterprises.file_profile", enterprise))
    return {
        "rows": rows,
        "is_known": found.deduction is not None,
        "year": record.period,
        "profile_of": enterprise if may_file else None,
    }


register_panel("records.detail", Panel(gettext_lazy("税前扣除估算"), "skills/_panel_deduction.html", deduction_panel))


def worked_out_panel(request: PortalRequest, record: Record) -> Context | None:
    rows, hint = worked_out_of(record)
    return {"rows": rows, "hint": hint} if rows else None


register_panel("records.detail", Panel(gettext_lazy("平台算出的数"), "skills/_panel_worked_out.html", worked_out_panel))
