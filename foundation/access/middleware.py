"""Which place a person works in now; and a refusal by an access rule as a page that gives the reason."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from foundation.access.rules import AccessDenied
from foundation.access.switching import resume_choice


class WorkingPlaceMiddleware:
    """Narrows what pages show to the place the person chose in the account menu."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        resume_choice(request)
        return self.get_response(request)


class AccessDeniedMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """403 with the reason. The API answers for itself, in its own form."""
        if not isinstance(exception, AccessDenied) or request.path.startswith("/api/"):
            return None
        if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
            return JsonResponse({"error": exception.reason}, status=403, json_dumps_params={"ensure_ascii": False})
        return render(request, "403.html", {"reason": exception.reason}, status=403)
