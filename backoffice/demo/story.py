"""Carrying a plan out: enterprises file, counties decide, through the bulk actions, everybody in their own name."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from backoffice.demo.people import holders
from backoffice.demo.plan import Planned, Wave
from backoffice.demo.setting import ORIGIN
from backoffice.demo.topics import has_topics, refer_to_topics
from foundation.access.models import Role
from foundation.accounts.models import User
from records.core.bulk import create_records, move_records
from records.core.kinds import kind_by_slug
from records.duties.actions import make_statement
from records.models import Duty, Record, Status

#: When a planned move happens; None for a move that is not planned.
When = Callable[[Planned], datetime | None]
Who = Callable[[Record], User]


def _move(who: Who, planned: Iterable[Planned], action: str, when: When, reason: str = "") -> None:
    """Raises ``RuntimeError`` when a move is refused: the plan must be possible."""
    moments = {one.draft.pk: moment for one in planned if (moment := when(one)) is not None}
    outcomes = move_records(
        acting_user=who,
        record_ids=list(moments),
        action=action,
        reason=reason,
        at=lambda record: moments[record.pk],
        asks=False,
    )
    if refused := [outcome for outcome in outcomes if not outcome.ok]:
        raise RuntimeError(f"demo: {action} refused for record {refused[0].record_id}: {refused[0].message}")


class Story:
    """Plays waves with the clerk of each enterprise and the officer of each county."""

    def __init__(self) -> None:
        self.clerks = holders(Role.CLERK)
        self.officers = holders(Role.COUNTY)

    def play(self, wave: Wave) -> None:
        # Sessions first: what dealt with a matter before the congress names the topic it was.
        sessions = [one for one in wave.records if has_topics(one.draft)]
        others = [one for one in wave.records if not has_topics(one.draft)]
        self._records(sessions)
        refer_to_topics((one.draft, one.made.date()) for one in others)
        self._records(others)
        unfinished = _unfinished()
        for said in wave.statements:
            if not said.is_nil and (said.enterprise.pk, said.quarter.code) in unfinished:
                continue  # no page would have let them call it complete
            make_statement(
                acting_user=self.clerks[said.enterprise.pk],
                enterprise=said.enterprise,
                quarter=said.quarter,
                is_nil=said.is_nil,
                asks=False,
                at=said.at,
            )

    def _records(self, planned: Sequence[Planned]) -> None:
        self._file(planned)
        sent = [one for one in planned if one.is_sent]
        _move(self._clerk, sent, "submit", lambda one: one.sent)
        _move(self._clerk, _with_fate(sent, "withdraw"), "withdraw", lambda one: one.decided)
        self._by_officers(_with_fate(sent, "return", "correct"), "return", lambda one: one.decided)
        self._by_officers(_with_fate(sent, "reject"), "reject", lambda one: one.decided)
        self._by_officers(_with_fate(sent, "approve"), "approve", lambda one: one.decided)
        corrected = _with_fate(sent, "correct")
        for one in corrected:
            one.reason = ""
        _move(self._clerk, corrected, "submit", lambda one: one.sent_again)
        self._by_officers(corrected, "approve", lambda one: one.decided_again)

    def _clerk(self, record: Record) -> User:
        return self.clerks[record.filer_id]

    def _officer(self, record: Record) -> User:
        return self.officers[record.county_id or 0]

    def _file(self, planned: Iterable[Planned]) -> None:
        of_kind: dict[str, list[Planned]] = defaultdict(list)
        for one in planned:
            of_kind[one.draft.kind_slug()].append(one)
        for slug, ones in of_kind.items():
            ones.sort(key=lambda one: one.made)
            moments = {id(one.draft): one.made for one in ones}

            def made_at(draft: Record, moments: dict[int, datetime] = moments) -> datetime:
                return moments[id(draft)]

            create_records(
                acting_user=self._clerk,
                kind=kind_by_slug(slug),
                drafts=[one.draft for one in ones],
                origin=ORIGIN,
                at=made_at,
            )

    def _by_officers(self, planned: Iterable[Planned], action: str, when: When) -> None:
        of_reason: dict[str, list[Planned]] = defaultdict(list)
        for one in planned:
            of_reason[one.reason].append(one)
        for reason, ones in of_reason.items():
            _move(self._officer, ones, action, when, reason)


def _unfinished() -> set[tuple[int, str]]:
    """(enterprise, quarter) of all that is owed or has come back."""
    owed = Duty.objects.filter(fulfilled_at=None).values_list("enterprise_id", "quarter")
    returned = Record.objects.filter(status=Status.RETURNED).values_list("enterprise_id", "quarter")
    return {*owed, *returned}


def _with_fate(planned: Collection[Planned], *fates: str) -> list[Planned]:
    return [one for one in planned if one.fate in fates]
