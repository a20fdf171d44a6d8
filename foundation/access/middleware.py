"""Which place a person works in now."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.access.switching import resume_choice


class WorkingPlaceMiddleware:
    """Narrows what pages show to the place the person chose in the account menu."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        resume_choice(request)
        return self.get_response(request)
