"""Which function does which kind of job. Handlers stand in the ``tasks.py`` of the app that knows the work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy

from foundation.labels import Label

if TYPE_CHECKING:
    from foundation.jobs.models import Job
    from foundation.jobs.progress import Progress

Function = Callable[["Job", "Progress"], dict[str, Any] | None]


class Cancelled(Exception):
    """Raised out of ``Progress`` when the job was cancelled or taken over: stop, keep nothing half-done."""


@dataclass(frozen=True)
class Handler:
    """How one kind of job is done.

    ``label``: what is done, without what it is done to; shown to those who run the portal and see no business data.
    ``lease``: seconds the work may go without reporting progress before it counts as lost.
    ``max_attempts``: how often it is started at all, when its worker keeps dying.
    """

    kind: str
    label: Label
    function: Function
    queue: str
    max_attempts: int
    lease: int


_handlers: dict[str, Handler] = {}


def job_handler(
    kind: str,
    *,
    label: Label = gettext_lazy("后台任务"),
    queue: str = "default",
    max_attempts: int = 3,
    lease: int = 300,
) -> Callable[[Function], Function]:
    """Declare the decorated ``(job, progress) -> result`` as what does this kind of job.

    It must give the same outcome when run twice: a killed worker's job is started again from the beginning.
    """

    def register(function: Function) -> Function:
        known = _handlers.get(kind)
        if known is not None and known.function is not function:
            raise ValueError(f"job kind {kind!r} is registered twice")
        _handlers[kind] = Handler(kind, label, function, queue, max_attempts, lease)
        return function

    return register


def handler(kind: str) -> Handler:
    """The handler of a kind. The first look-up imports every app's ``tasks.py``. Unknown kinds raise."""
    if kind not in _handlers:
        autodiscover_modules("tasks")
    try:
        return _handlers[kind]
    except KeyError:
        raise LookupError(f"no handler for job kind {kind!r}") from None


def handlers() -> list[Handler]:
    """All that are declared."""
    autodiscover_modules("tasks")
    return list(_handlers.values())
