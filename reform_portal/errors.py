"""What is answered when something failed outside the views."""

import sys

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error as plain_error

from foundation.ui.faults import fault_answer, fault_of


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the exception is handled. A busy database met while a session is kept is told as such, too."""
    fault = fault_of(sys.exception())
    return plain_error(request) if fault is None else fault_answer(request, fault)
