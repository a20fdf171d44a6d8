"""What an action refuses, beside the fields it names."""

from django import forms
from django.core.exceptions import ValidationError


def add_problems(form: forms.BaseForm, problem: ValidationError) -> None:
    """Each message to its field; what names a field the form has not, to the form as a whole."""
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for name, messages in problem.message_dict.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
