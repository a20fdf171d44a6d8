"""What is open in an enterprise's filing, as steps: returns owed, records that came back, the quarter's statement, drafts,
the yearly profile."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise, YearlyProfile
from enterprises.profiles.queries import this_year
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.saying import filled
from records.core.kinds import kind_by_slug
from records.duties.models import Duty, QuarterStatement
from records.duties.queries import to_file
from records.models import Record, ReportingQuarter, Status
from reporting.enterprise.steps import Step, Urgency, Urging, register_steps

#: So many records that came back, and so many drafts, become steps of their own.
EACH = 20


def filing_steps(enterprise: Enterprise, viewer: Actor) -> Iterator[Step]:
    """Five queries. What came back and the drafts are those the viewer may see: an office sees no draft of others."""
    today = timezone.localdate()
    rows = ReportingQuarter.objects.filter(is_open=True, code__lte=Quarter.current().code).order_by("code")
    quarters = {row.code: row for row in rows}
    owed_now = to_file(Duty.objects.filter(enterprise=enterprise, quarter__lte=Quarter.current().code))
    duties = list(owed_now.order_by("due", "kind", "pk"))
    own = Record.objects.visible_to(viewer).filter(enterprise=enterprise).order_by("-pk")
    returned = list(own.filter(status=Status.RETURNED))
    yield from _owed(enterprise, duties)
    yield from _returned(returned[:EACH])
    said = set(QuarterStatement.objects.filter(enterprise=enterprise).values_list("quarter", flat=True))
    blocked = {duty.quarter for duty in duties} | {record.quarter for record in returned}
    for code, row in quarters.items():
        # What is owed or came back is told first: a quarter with either is not complete, whatever is said.
        if code not in said and code not in blocked and row.quarter.last_day < today:
            yield _statement(enterprise, row)
    owed = {(duty.kind, duty.period) for duty in duties}
    drafts = own.filter(status__in=[Status.DRAFT, Status.WITHDRAWN])[: 2 * EACH]
    # A draft of a return that is owed is opened from that return.
    yield from _drafts([one for one in drafts if (one.kind, one.period) not in owed][:EACH])


def _query(**values: str) -> str:
    return f"?{urlencode(values)}"


def _owed(enterprise: Enterprise, duties: Sequence[Duty]) -> Iterator[Step]:
    """Returns that are owed with one quarter are filled in together: one step for all of them."""
    together: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        kind = kind_by_slug(duty.kind)
        together[duty.quarter if kind.is_return else f"{duty.quarter} {duty.pk}"].append(duty)
    today = timezone.localdate()
    for several in together.values():
        first = several[0]
        quarter = Quarter.parse(first.quarter)
        urging = Urging(
            f"{reverse('records:duty_urge')}{_query(quarter=quarter.code)}", tuple(duty.pk for duty in several)
        )
        seen_at = f"{reverse('records:duties')}{_query(quarter=quarter.code, region=enterprise.place.code)}"
        urgency = Urgency.of_day(first.due, today)
        if len(several) == 1:
            kind = kind_by_slug(first.kind)
            yield Step(
                title=kind.title_for(first.period),
                why=_("应报事项，%s 截止。") % first.due,
                urgency=urgency,
                url=reverse("records:create", args=[kind.slug])
                + _query(enterprise=enterprise.credit_code, period=first.period),
                button=_("去填报"),
                due=first.due,
                seen_at=seen_at,
                urging=urging,
            )
            continue
        late = sum(duty.due < today for duty in several)
        overdue = filled(_("，其中 %d 份已逾期"), late) if late else ""
        yield Step(
            title=_("%s报表") % quarter.label,
            why=filled(_("%d 份报表待填，一次填完、一并提交"), len(several)) + overdue + _("。"),
            urgency=urgency,
            url=reverse("records:sitting", args=[quarter.code]) + _query(enterprise=enterprise.credit_code),
            button=_("去填报"),
            closes=len(several),
            due=first.due,
            seen_at=seen_at,
            urging=urging,
        )


def _returned(records: Sequence[Record]) -> Iterator[Step]:
    for record in records:
        yield Step(
            title=record.title,
            why=_("审核退回，修改后再提交才计入统计。原因：%s") % (record.reason or _("没有写明")),
            urgency=Urgency.RETURNED,
            url=reverse("records:edit", args=[record.pk]),
            button=_("去修改"),
            seen_at=reverse("records:detail", args=[record.pk]),
        )


def _statement(enterprise: Enterprise, row: ReportingQuarter) -> Step:
    quarter = row.quarter
    return Step(
        title=_("%s季度确认") % quarter.label,
        why=_("确认以后，没有开展的活动才按 0 统计；不确认的算未填报。"),
        urgency=Urgency.of_day(row.enterprise_due, timezone.localdate()),
        url=reverse("records:statement", args=[quarter.code]) + _query(enterprise=enterprise.credit_code),
        button=_("去确认"),
        due=row.enterprise_due,
        seen_at=f"{reverse('records:progress')}{_query(quarter=quarter.code, region=enterprise.place.code)}",
    )


def _drafts(records: Sequence[Record]) -> Iterator[Step]:
    for record in records:
        is_draft = record.status == Status.DRAFT
        yield Step(
            title=record.title or kind_by_slug(record.kind).label,
            why=_("草稿，还没有提交，不计入统计。") if is_draft else _("已撤回，重新提交才计入统计；不要了可以删除。"),
            urgency=Urgency.OPEN,
            url=reverse("records:edit", args=[record.pk]),
            button=_("继续填写"),
            seen_at=reverse("records:detail", args=[record.pk]),
        )


def profile_steps(enterprise: Enterprise, viewer: Actor) -> Iterator[Step]:
    """One query."""
    year = this_year()
    if not YearlyProfile.objects.filter(enterprise=enterprise, year=year).exists():
        yield Step(
            title=_("%d年度基本情况") % year,
            why=_("还没有填报。职工、工资和会员数一年填一次，平台各处都用。"),
            urgency=Urgency.OPEN,
            url=reverse("enterprises:profile", args=[enterprise.pk]),
            button=_("去填报"),
        )


register_steps("filing", filing_steps)
register_steps("profile", profile_steps)
