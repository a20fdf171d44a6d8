"""How an action says no. Every action raises one of these, or ``ValidationError`` for the values of a form; pages
(``foundation.ui.problems``, ``foundation.ui.middleware``), the API (``api.problems``) and jobs
(``foundation.jobs.running``) show each of them the same way.

``Refused``             the act is not possible: reason and cure, for a person to read
``Stale``               somebody changed the row meanwhile: the row as it stands now
``NeedsConfirmation``   it is possible but looks unusual: questions, each with the key that a confirmation names

A subclass exists only where a caller must tell it apart (``foundation.access.rules.AccessDenied``: 403).
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

#: A reason of fewer letters, Han characters and digits says nothing.
FEWEST_CHARACTERS = 2


class Refused(Exception):
    """The act is not possible. ``str()`` is the whole message: what was found, the reason, and what to do.

    ``field``: the value it is about, by its name; empty for the whole act. ``cure``: what to do, where it is known
    apart from the reason."""

    #: The HTTP status of an answer that consists of this refusal.
    status_code: ClassVar[int] = 409

    def __init__(self, reason: str, *, field: str = "", cure: str = "") -> None:
        super().__init__(f"{reason}{cure}")
        self.reason, self.field, self.cure = reason, field, cure


class Stale(Refused):
    """The row was changed since the page (or the program) read it; nothing was saved. ``current`` is the row as it
    stands now, so that it can be shown beside what was to be saved."""

    def __init__(self, current: Any, reason: str = "") -> None:
        super().__init__(
            reason or _("这项内容在您打开之后已被别人修改（或您在另一个窗口改过）。请核对现在的内容后再保存。"),
            field="version",
        )
        self.current = current

    @property
    def version(self) -> int:
        """The version to start from now."""
        return int(self.current.version)


@dataclass(frozen=True)
class Question:
    """Something unusual that a person has to look at. ``code`` is the rule's own; ``field`` the value it is about, or
    empty; ``rows`` are rows to look at. ``finding`` is what was found, which is kept and read by others later;
    ``advice`` what whoever answers is to do about it. ``stands``: answered once it is answered, as long as nothing that
    was found changes; False for what is asked at every attempt."""

    code: str
    field: str
    finding: str
    rows: tuple[Any, ...] = ()
    advice: str = ""
    stands: bool = True

    @property
    def message(self) -> str:
        """As it is shown to whoever answers."""
        return f"{self.finding}{self.advice}"

    @property
    def kept(self) -> dict[str, str]:
        """As it stays with what was answered."""
        return {"field": self.field, "message": self.finding}

    @property
    def key(self) -> str:
        """Names exactly what was found: whose figures or names have changed since has another key and is asked again."""
        shown = f"{self.field}\n{self.finding}"
        return f"{self.code}:{hashlib.sha256(shown.encode()).hexdigest()[:16]}"


class NeedsConfirmation(Refused):
    """Nobody has yet confirmed what is unusual; nothing was saved. ``questions`` are all there are, not only the new
    ones. ``needs_reason``: the confirmation takes a reason in words as well."""

    def __init__(self, questions: Iterable[Question], *, needs_reason: bool = True) -> None:
        self.questions, self.needs_reason = list(questions), needs_reason
        found = "".join(question.message for question in self.questions)
        if needs_reason:
            reason = _("提交前请核对：%s确实无误的，写明原因（至少两个字）再提交。") % found
        else:
            reason = _("请核对：%s确认无误后再继续。") % found
        super().__init__(reason)

    @property
    def keys(self) -> list[str]:
        return [question.key for question in self.questions]


def says_something(reason: str) -> bool:
    """Whether a reason is one: at least two letters, Han characters or digits; a full stop explains nothing."""
    return sum(character.isalnum() for character in reason) >= FEWEST_CHARACTERS


def require_confirmed(
    questions: Iterable[Question], confirmed: Collection[str], reason: str = "", *, needs_reason: bool = True
) -> str:
    """The reason, trimmed, with which the questions were answered; empty when there are none.

    A question is answered only by its key among ``confirmed`` (the keys of what was shown) and, with
    ``needs_reason``, a reason that says something; a reason alone answers nothing. Raises ``NeedsConfirmation`` with all questions."""
    asked, reason = list(questions), reason.strip()
    if not asked:
        return ""
    if (needs_reason and not says_something(reason)) or any(question.key not in confirmed for question in asked):
        raise NeedsConfirmation(asked, needs_reason=needs_reason)
    return reason
