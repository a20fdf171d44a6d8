"""Which tone a state has. Colour says what to do, not which state it is: blue waits for somebody, amber wants mending
or is due soon, red is overdue or refused, everything settled is quiet. The word is always written beside it."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

TONES = ("quiet", "todo", "soon", "bad", "done")

#: States that several areas share. An area with words of its own passes ``tone``.
TONE_OF = {
    "draft": "quiet",
    "submitted": "todo",
    "waiting": "todo",
    "running": "todo",
    "queued": "todo",
    "returned": "soon",
    "due_soon": "soon",
    "late": "soon",
    "approved": "done",
    "issued": "done",
    "done": "done",
    "on_time": "done",
    "succeeded": "done",
    "finished": "done",
    "rejected": "bad",
    "overdue": "bad",
    "failed": "bad",
    "withdrawn": "quiet",
    "cancelled": "quiet",
    "closed": "quiet",
}


def badge_markup(label: object, *, status: str = "", tone: str = "") -> SafeString:
    """The badge; without a tone it follows from the status, without either it is quiet."""
    tone = tone or TONE_OF.get(str(status), "quiet")
    if tone not in TONES:
        raise ValueError(f"unknown badge tone {tone!r}: one of {', '.join(TONES)}")
    return format_html('<span class="badge tone-{}">{}</span>', tone, label)
