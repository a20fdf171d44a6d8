"""The declaration of people in new forms of employment."""

import functools
from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db.models import QuerySet
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.facts.declaring import Fact, Nature
from foundation.labels import Label
from foundation.places.models import Place
from foundation.refusals import Question
from foundation.saying import filled
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, register
from records.core.lines import Lines
from records.core.shown_from import from_register
from records.core.warning_rules import SPEAKS, OnFile, WarningRule
from records.core.warnings import ReportedByTheOther
from rights.models import NewForm, NewFormLine, Trade

#: So many enterprises are named in a question.
_NAMED = 3
#: 道路运输业, 装卸搬运和仓储业, 邮政业 and 互联网和相关服务: divisions in which such people are engaged.
_DIVISIONS = ("G54", "G59", "G60", "I64")


def _people(code: str, label: Label, amount: str) -> Fact:
    return Fact(code, label, _("人"), Nature.HEADCOUNT, amount=amount, lines="trades")


class PeopleOfTheOther(WarningRule[NewForm]):
    """People of one trade told by enterprises and by the office above them: a total is both together, so that an office tells
    only of those whose enterprise tells nothing. Asked from either side; an enterprise is not shown what its office told."""

    code = ReportedByTheOther.code

    def check(self, record: NewForm, on_file: OnFile) -> Iterator[Question]:
        trades = {line.trade: str(line.get_trade_display()) for line in record.trades if line.trade and line.workers}
        if not trades or not record.period:
            return
        if record.office_id is None:
            read = functools.partial(_told_by_offices, record.period)
            told = on_file.of_filer(record, f"new form by offices {record.period}", read, ())
            finding = _("%(names)s产改办本季度也报了“%(trade)s”从业人员。")
            advice = _("产改办只报没有单独填报的企业的人，请与产改办核对，本企业的人没有重复报。")
        else:
            read = functools.partial(_told_by_enterprises, record.period)
            told = on_file.of_filer(record, f"new form by enterprises {record.period}", read, ())
            finding = _("%(names)s本季度已经单独填报“%(trade)s”从业人员，共 %(people)d 人。")
            advice = _("这里只填没有单独填报的企业的人，请核对没有把他们算进来。")
        for trade, label in trades.items():
            if alike := [one for one in told if one.trade == trade]:
                names = "、".join(list(dict.fromkeys(one.name for one in alike))[:_NAMED])
                if len(alike) > _NAMED:
                    names = filled(_("%(names)s等 %(count)d 家"), {"names": names, "count": len(alike)})
                said = {"names": names, "trade": label, "people": sum(one.workers for one in alike)}
                yield Question(self.code, "trades", filled(finding, said), advice=str(advice))


class _Told(NamedTuple):
    trade: str
    name: str
    workers: int


def _lines_of(period: str) -> QuerySet[NewFormLine]:
    lines = NewFormLine._base_manager.filter(record__period=period, record__status__in=SPEAKS, workers__gt=0)
    return lines.order_by("pk")


def _told_by_offices(period: str, enterprises: Collection[int]) -> dict[int, list[_Told]]:
    """What the offices above enterprises told of the quarter, by enterprise."""
    above = {
        pk: set(places)
        for pk, *places in Enterprise.objects.filter(pk__in=enterprises).values_list("pk", "county", "city", "province")
    }
    rows = _lines_of(period).filter(record__office__in=set().union(*above.values()))
    told = [
        (office, _Told(trade, name, workers or 0))
        for office, trade, name, workers in rows.values_list(
            "record__office", "trade", "record__office__name", "workers"
        )
    ]
    return {pk: [line for office, line in told if office in places] for pk, places in above.items()}


def _told_by_enterprises(period: str, offices: Collection[int]) -> dict[int, list[_Told]]:
    """What enterprises of the offices' areas told of the quarter, by office."""
    found = {}
    for office in Place.objects.filter(pk__in=offices):
        rows = _lines_of(period).filter(record__enterprise__isnull=False)
        rows = rows.filter(**{f"record__{office.scope_column()}": office.pk})
        told = rows.values_list("trade", "record__enterprise__name", "workers")
        found[office.pk] = [_Told(trade, name, workers or 0) for trade, name, workers in told]
    return found


@register
class NewFormKind(RecordKind):
    model = NewForm
    area = "rights"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2025-a4-m3-c2", "2025-a4-f5")
    filed_by = FiledBy.EITHER
    purpose = _(
        "每季度填一次：快递、外卖、网约车等从业人员季末有多少，签合同、入会、协商覆盖多少。产改办只填没有单独填报的企业的人。"
    )
    shown = from_register("industry")
    fieldsets = (
        Fieldset(_("从业人员"), (), lines="trades"),
        Fieldset(_("维权"), ("services", "checks")),
    )
    lines = (
        Lines(
            "trades",
            NewFormLine,
            fields=("trade", "workers", "contracts", "members", "covered"),
            label=_("各行业从业人员"),
            required=("trade", "workers", "contracts", "members", "covered"),
            at_least=1,
            most=len(Trade),
            unique=("trade",),
            help=_("一个行业一行，都是季末数。企业一般只有一行。"),
        ),
    )
    required = ("services",)
    warnings = (PeopleOfTheOther,)
    columns = ("services", "checks")
    facts = (
        _people("G10.workers", _("新就业形态从业人员"), "workers"),
        _people("G10.contracts", _("签订劳动合同或书面协议的新就业形态从业人员"), "contracts"),
        _people("G10.members", _("加入工会的新就业形态从业人员"), "members"),
        _people("G10.covered", _("协商协议覆盖的新就业形态从业人员"), "covered"),
        Fact("G10.services", _("新就业形态劳动者维权服务"), _("件"), amount="services"),
        Fact("G10.checks", _("规范用工检查"), _("次"), amount="checks"),
    )

    def applies_to(self, enterprise: Enterprise) -> bool:
        """Carriers, couriers and platforms."""
        return enterprise.industry_id.startswith(_DIVISIONS)

    def prepare_form(self, form: BaseForm, enterprise: Enterprise) -> None:
        """Checks are the offices'."""
        form.fields.pop("checks", None)
