"""Refusals on pages: one way to show them in a form, as a message, or as a page of their own (``foundation.ui.middleware``)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from foundation.refusals import NeedsConfirmation, Refused, Stale


def add_problems(form: forms.BaseForm, problem: ValidationError | Refused) -> None:
    """Each message to its field; what names a field the form has not, to the form as a whole."""
    if isinstance(problem, Refused):
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for name, texts in problem.message_dict.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


def start_from_current(form: forms.BaseForm, stale: Stale) -> None:
    """The form says that the row was changed; sent again, it saves over the version that is there now."""
    form.add_error(None, str(stale))
    data = form.data.copy() if isinstance(form.data, QueryDict) else dict(form.data)
    data[form.add_prefix("version")] = str(stale.version)
    form.data = data


@contextmanager
def problems_in(form: forms.BaseForm) -> Iterator[None]:
    """What the action refuses stands in the form; the view goes on after the block and shows it again.

    ``NeedsConfirmation`` passes through: only the page knows where its questions are shown."""
    try:
        yield
    except NeedsConfirmation:
        raise
    except Stale as stale:
        start_from_current(form, stale)
    except (ValidationError, Refused) as problem:
        add_problems(form, problem)


@contextmanager
def problems_told(request: HttpRequest) -> Iterator[None]:
    """What the action refuses stands as a message on the page shown next; the view goes on after the block."""
    try:
        yield
    except ValidationError as problem:
        for text in problem.messages:
            messages.error(request, text)
    except Refused as refusal:
        messages.error(request, str(refusal))
