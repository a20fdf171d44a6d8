"""Every change of a finding: found, gone, asked about, answered, settled; and of the sizes from which on it is found."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import ENTERPRISE_ROLES, Grant
from foundation.access.rules import require
from foundation.access.signin import home_of
from foundation.accounts.models import Actor, User
from foundation.audit.log import Noted, log, log_each, register_event
from foundation.fields import label_of_field
from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from foundation.notify.actions import notify
from foundation.notify.models import Channel
from foundation.notify.registry import register_kind
from foundation.places.models import Place
from foundation.refusals import Refused, says_something
from foundation.saying import filled, in_marks
from reporting.quality.looking import Found, Looking, quarters_to_look_at
from reporting.quality.models import LIVE, WITH_OFFICE, Act, Finding, FindingState, FindingStep, QualityThresholds

register_event("reporting.findings_counted", gettext_lazy("查找数据疑点"))
register_event("reporting.finding_asked", gettext_lazy("就数据疑点询问企业"))
register_event("reporting.finding_answered", gettext_lazy("答复数据疑点的询问"))
register_event("reporting.finding_settled", gettext_lazy("了结数据疑点"))
register_event("reporting.quality_set", gettext_lazy("设定数据质量标准"))
register_kind("reporting.finding_asked", gettext_lazy("产改办询问填报的数据"), Channel.AT_ONCE)
register_kind("reporting.finding_answered", gettext_lazy("企业答复了对数据的询问"), Channel.AT_ONCE)
register_kind("reporting.finding_settled", gettext_lazy("对数据的询问已了结"))

FIND = "reporting.find_again"
LONGEST = 1_000
#: So many at once are settled with one word.
MOST_SETTLED = 500

# --- found and gone ---------------------------------------------------------------------------------


@transaction.atomic
def count_findings(looking: Looking, *, acting_user: Actor | None = None) -> tuple[int, int]:
    """Make the rows of a county and quarter say what is found there now. What is found as it was changes nothing; what is
    no longer found closes itself; what was settled or gone and is found with other values is open again. Returns how many
    are new or open again, and how many are gone."""
    county, quarter = looking.county, looking.quarter
    found = {one.key: one for one in looking.everything()}
    periods = [quarter.code, *([str(quarter.year)] if looking.with_years else [])]
    known = {
        (row.enterprise_id, row.period, row.sort, row.subject): row
        for row in Finding.objects.select_for_update(of=("self",)).filter(county=county, period__in=periods)
    }
    now = timezone.now()
    province, city = county.province_and_city
    fresh = [
        Finding(
            enterprise_id=one.enterprise_id,
            province_id=province,
            city_id=city,
            county=county,
            period=one.period,
            sort=one.sort,
            subject=one.subject,
            fact=one.fact,
            record_id=one.record_id,
            found_at=now,
            **_as_found(one, quarter.code),
        )
        for key, one in found.items()
        if key not in known
    ]
    Finding.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    changed, steps = _found_again(found, known, quarter.code)
    gone = [row for key, row in known.items() if key not in found and row.state in LIVE]
    for row in gone:
        row.state = FindingState.GONE
        steps.append(FindingStep(finding=row, act=Act.GONE, at=now))
    columns = [*_as_found_columns(), "state"]
    Finding.objects.bulk_update([*changed, *gone], columns, batch_size=500)
    FindingStep.objects.bulk_create(steps, batch_size=500)
    opened = len(fresh) + len(steps) - len(gone)
    if opened or gone:
        note = filled(
            _("%(quarter)s：新发现 %(new)d 个，因数据已改关闭 %(gone)d 个"),
            {"quarter": quarter.label, "new": opened, "gone": len(gone)},
        )
        log("reporting.findings_counted", by=acting_user, place=county, note=note)
    return opened, len(gone)


def _as_found(one: Found, quarter: str) -> dict[str, Any]:
    return {
        "quarter": quarter,
        "held_by": one.held_by,
        "value": one.value,
        "compared": one.compared,
        "details": one.details,
        "seen": one.seen,
        "weight": one.weight,
    }


def _as_found_columns() -> list[str]:
    return ["quarter", "held_by", "value", "compared", "details", "seen", "weight"]


def _found_again(
    found: Mapping[Any, Found], known: Mapping[Any, Finding], quarter: str
) -> tuple[list[Finding], list[FindingStep]]:
    """The rows that say something else than before, and the steps of those that are open again. What was settled stays
    settled as long as the enterprise's own value is the one that was settled."""
    changed: list[Finding] = []
    steps: list[FindingStep] = []
    for key, row in known.items():
        one = found.get(key)
        if one is None:
            continue
        values = _as_found(one, quarter)
        is_other = row.seen != one.seen
        if row.state == FindingState.GONE or (row.state == FindingState.SETTLED and is_other):
            row.state = FindingState.OPEN
            steps.append(FindingStep(finding=row, act=Act.AGAIN, at=timezone.now()))
        elif row.state == FindingState.SETTLED:
            continue
        elif all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        changed.append(row)
    return changed, steps


def look_through(
    counties: Sequence[Place],
    *,
    acting_user: Actor | None = None,
    report: Callable[[int, str], None] = lambda percent, message: None,
) -> tuple[int, int]:
    """Look for findings in these counties, one after the other, in each quarter that is looked at. Returns how many are new
    or open again, and how many are gone. ``report`` hears of each county."""
    thresholds, rows = QualityThresholds.current(), quarters_to_look_at()
    last_of_year = {row.quarter.year: row.code for row in rows}
    opened = gone = 0
    for number, county in enumerate(counties):
        message = _("正在查找%(county)s（第 %(number)d 个，共 %(all)d 个）")
        said = {"county": county.name, "number": number + 1, "all": len(counties)}
        report(100 * number // len(counties), filled(message, said))
        for row in rows:
            looking = Looking(county, row, thresholds, with_years=last_of_year[row.quarter.year] == row.code)
            new, over = count_findings(looking, acting_user=acting_user)
            opened, gone = opened + new, gone + over
    return opened, gone


def find_again(*, acting_user: Actor, place: Place) -> Job:
    """Have the findings of an office's region looked for at once. Raises ``AccessDenied``."""
    require(acting_user, "reporting.find_again", place)
    return enqueue(
        kind=FIND,
        title=_("查找%s的数据疑点") % place.full_name(),
        parameters={"place": place.pk},
        owner=acting_user,
        unique_key=f"{FIND}:{place.pk}",
        place=place,
    )


# --- asked, answered, settled -----------------------------------------------------------------------


def _said(text: str, field: str, missing: str) -> str:
    """The words, without blanks around them. Raises ``Refused``."""
    text = text.strip()
    if not says_something(text):
        raise Refused(missing, field=field)
    if len(text) > LONGEST:
        message = _("写了 %(size)d 个字，最多 %(most)d 个。请写短些。")
        raise Refused(filled(message, {"size": len(text), "most": LONGEST}), field=field)
    return text


def _locked(finding_id: int) -> Finding:
    return (
        Finding.objects.select_for_update(of=("self",)).select_related("enterprise", "county__city").get(pk=finding_id)
    )


def _people_of(enterprise_ids: Iterable[int]) -> QuerySet[User]:
    held = Grant.objects.in_force().filter(role__in=ENTERPRISE_ROLES, place__in=list(enterprise_ids))
    return User.objects.filter(pk__in=held.values("user"))


@transaction.atomic
def ask_about(*, acting_user: Actor, finding_id: int, question: str) -> Finding:
    """Put a question to the enterprise; after its answer another one may follow. Raises ``AccessDenied``, ``Refused``."""
    finding = _locked(finding_id)
    require(acting_user, "reporting.handle_finding", finding)
    if finding.state not in WITH_OFFICE:
        raise Refused(_("已经询问过企业，还没有答复。请等答复以后再问。"))
    missing = _("请写明要问企业什么，至少两个字。例如：这个数比上季度多了三倍，请核对有没有多填一位。")
    finding.question = _said(question, "question", missing)
    finding.asked_by, finding.asked_at, finding.state = acting_user, timezone.now(), FindingState.ASKED
    finding.save(update_fields=["question", "asked_by", "asked_at", "state"])
    _step(finding, Act.ASK, acting_user, finding.question)
    log("reporting.finding_asked", by=acting_user, on=finding, note=finding.question)
    title = _("%(office)s产改办询问：%(sort)s") % {
        "office": finding.county.name,
        "sort": finding.get_sort_display(),
    }
    notify(
        event="reporting.finding_asked",
        to=_people_of([finding.enterprise_id]),
        title=title,
        text=finding.question,
        url=finding.get_absolute_url(),
    )
    return finding


@transaction.atomic
def answer_question(*, acting_user: Actor, finding_id: int, answer: str) -> Finding:
    """The enterprise's answer, given once. Raises ``AccessDenied``, ``Refused``."""
    finding = _locked(finding_id)
    require(acting_user, "reporting.answer_finding", finding)
    text = _said(answer, "answer", _("请写明情况，至少两个字：数字是对的，说明为什么；填错了，说明应当是多少。"))
    finding.state = FindingState.ANSWERED
    finding.save(update_fields=["state"])
    _step(finding, Act.ANSWER, acting_user, text)
    log("reporting.finding_answered", by=acting_user, on=finding, note=text)
    if finding.asked_by is not None:
        notify(
            event="reporting.finding_answered",
            to=[finding.asked_by],
            title=_("%s答复了询问") % finding.enterprise.name,
            text=text,
            url=finding.get_absolute_url(),
        )
    return finding


@transaction.atomic
def settle_findings(*, acting_user: Actor, finding_ids: Sequence[int], word: str) -> int:
    """Settle findings with one word for all; those that are over already are left out. Who was asked is told. Returns how
    many were settled. Raises ``AccessDenied``, ``Refused``."""
    require(acting_user, "reporting.handle_finding")
    if len(finding_ids) > MOST_SETTLED:
        message = _("选了 %(count)d 个疑点，一次最多了结 %(most)d 个。请缩小范围，分几次办理。")
        raise Refused(filled(message, {"count": len(finding_ids), "most": MOST_SETTLED}))
    word = _said(word, "word", _("请写明为什么可以了结，至少两个字。例如：已电话核实，当季集中办了三期培训。"))
    allowed = Finding.objects.allowing(acting_user, "reporting.handle_finding").filter(pk__in=finding_ids)
    found = list(allowed.select_for_update(of=("self",)).select_related("enterprise").order_by("pk"))
    if not found:
        raise Refused(_("选中的疑点都不能由您了结：已经了结或关闭，或者不归本单位审核。"))
    now = timezone.now()
    for finding in found:
        finding.state = FindingState.SETTLED
    Finding.objects.bulk_update(found, ["state"], batch_size=500)
    FindingStep.objects.bulk_create(
        FindingStep(finding=finding, act=Act.SETTLE, actor=acting_user, text=word, at=now) for finding in found
    )
    log_each("reporting.finding_settled", (Noted(finding, word) for finding in found), by=acting_user)
    _notify_of_the_end([finding for finding in found if finding.asked_at is not None], word)
    return len(found)


def _notify_of_the_end(asked: Sequence[Finding], word: str) -> None:
    """Whoever was asked reads how it ended: of one by its name, of many of an enterprise in one message."""
    of_enterprise: dict[int, list[Finding]] = {}
    for finding in asked:
        of_enterprise.setdefault(finding.enterprise_id, []).append(finding)
    for enterprise_id, findings in of_enterprise.items():
        title = _("产改办的询问已了结：%s") % in_marks(findings[0].get_sort_display())
        if len(findings) > 1:
            title = filled(_("产改办的 %d 次询问已了结"), len(findings))
        notify(
            event="reporting.finding_settled",
            to=_people_of([enterprise_id]),
            title=title,
            text=word,
            url=findings[0].get_absolute_url(),
        )


def _step(finding: Finding, act: Act, actor: Actor, text: str) -> None:
    FindingStep.objects.create(finding=finding, act=act, actor=actor, text=text, at=timezone.now())


# --- from which size on -----------------------------------------------------------------------------


@transaction.atomic
def set_thresholds(*, acting_user: Actor, values: Mapping[str, Any]) -> QualityThresholds:
    """Change from which size on something is found. What was found by other sizes is looked at again in the night. Raises
    ``AccessDenied``, ``ValidationError``."""
    thresholds = QualityThresholds.current()
    require(acting_user, "reporting.set_quality", thresholds)
    changes = {}
    for name, value in values.items():
        before = getattr(thresholds, name)
        if before != value:
            changes[label_of_field(thresholds, name)] = [str(before), str(value)]
            setattr(thresholds, name, value)
    thresholds.full_clean()
    if changes:
        thresholds.save()
        log("reporting.quality_set", by=acting_user, on=thresholds, place=home_of(acting_user), changes=changes)
    return thresholds
