"""What offices ask of the lectures' figures, for one click."""

from django.utils.translation import gettext_lazy as _

from foundation.facts.questions import Question, register_questions

_ATTENDANCES = "B01.attendances"

register_questions(
    Question(
        "fell-twice",
        _("哪些县（市、区）的参训人次连续两季下降"),
        {"rows": "county", "columns": "quarter", "value": _ATTENDANCES, "show": "change", "only": "fell"},
        order=10,
    ),
    Question(
        "private-state",
        _("民营企业和国有企业相比"),
        {
            "rows": "ownership",
            "value": ["B01.sessions", _ATTENDANCES],
            "ownership": ["private", "state"],
            "show": "per_enterprise",
            "mark": "ends",
        },
        order=20,
    ),
    Question(
        "per-hundred",
        _("各行业每百名职工参训人次"),
        {"rows": "industry", "value": _ATTENDANCES, "show": "per_hundred", "sort": f"-~{_ATTENDANCES}", "mark": "ends"},
        order=40,
    ),
)
