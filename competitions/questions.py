"""What offices ask of the figures of innovation, for one click."""

from django.utils.translation import gettext_lazy as _

from foundation.facts.questions import Question, register_questions

register_questions(
    Question(
        "top-benefit",
        _("职工创新成果经济效益前十家企业"),
        {"rows": "enterprise", "value": "C04.benefit", "sort": "-~C04.benefit", "top": "10"},
        order=30,
    )
)
