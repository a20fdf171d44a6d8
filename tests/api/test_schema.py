"""The OpenAPI document is whole: no warnings, every address in it, every operation described."""

import io
import re

import jsonschema
import pytest
import yaml
from django.core.management import call_command

from api import urls
from foundation.calendar.periods import Quarter

#: Addresses that serve people or the document itself.
NOT_OPERATIONS = {"schema", "docs", "unknown"}


@pytest.fixture(scope="module")
def document() -> dict:
    out = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    return yaml.safe_load(out.getvalue())


def test_it_has_no_warnings_and_says_how_to_sign_in(document):
    assert document["openapi"].startswith("3.")
    assert {"tokenAuth", "cookieAuth"} <= set(document["components"]["securitySchemes"])


def test_every_address_is_described(document):
    named = {pattern.name for pattern in urls.urlpatterns} - NOT_OPERATIONS
    described = [path for path in document["paths"] if not path.endswith(("/schema/", "/docs/"))]
    assert len(described) == len(named), sorted(described)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary") or path.endswith("/schema/"), (method, path)
            assert "401" in operation["responses"] or path.endswith("/schema/"), (method, path)


def test_writes_take_a_key_and_answer_with_problems(document):
    for path, operations in document["paths"].items():
        for method in {"post", "patch", "put"} & set(operations):
            headers = [p["name"] for p in operations[method].get("parameters", []) if p["in"] == "header"]
            assert headers == ["Idempotency-Key"], path
            refused = operations[method]["responses"]["400"]["content"]
            assert set(refused) == {"application/problem+json"}, path


def test_each_kind_has_its_own_body(document):
    operation = document["paths"]["/api/v1/records/"]["post"]
    bodies = operation["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    kinds = {body["properties"]["kind"]["const"]: body for body in bodies}
    assert kinds["ideology.lecture"]["properties"]["speaker"]["title"] == "主讲人"
    assert not re.search(r"\bStatus[0-9A-F][0-9a-f]{2}Enum\b", str(document))


def _check(document: dict, path: str, method: str, response) -> None:
    """The answer is what the document says it is."""
    answers = document["paths"][path][method]["responses"][str(response.status_code)]["content"]
    schema = answers[response["Content-Type"]]["schema"]
    jsonschema.validate(response.json(), {**schema, "components": document["components"]})


@pytest.mark.django_db
def test_answers_are_what_the_document_says(cast, call, lecture, document):
    clerk, city = call("clerk"), call("city")
    created = clerk.post("records/", lecture)
    _check(document, "/api/v1/records/", "post", created)
    number = created.json()["id"]
    _check(document, "/api/v1/records/{id}/", "get", clerk.get(f"records/{number}/"))
    _check(document, "/api/v1/records/{id}/", "patch", clerk.patch(f"records/{number}/", {"version": 9}))
    _check(document, "/api/v1/records/{id}/", "patch", clerk.patch(f"records/{number}/", {"version": 1, "title": "改"}))
    _check(document, "/api/v1/records/{id}/{action}/", "post", clerk.post(f"records/{number}/submit/", {"version": 2}))
    _check(document, "/api/v1/records/{id}/attachments/", "get", clerk.get(f"records/{number}/attachments/"))
    for path in ("records/", "enterprises/", "kinds/", "jobs/"):
        _check(document, f"/api/v1/{path}", "get", clerk.get(path))
    _check(document, "/api/v1/kinds/{kind}/", "get", clerk.get("kinds/services.leadership/"))
    _check(document, "/api/v1/enterprises/{code}/", "get", clerk.get(f"enterprises/{cast.enterprise.credit_code}/"))
    figures = city.get("indicators/values/", region="3201", quarter="2026Q3")
    _check(document, "/api/v1/indicators/values/", "get", figures)
    asked = city.post("reports/", {"type": "quarterly", "region": "3201", "quarter": Quarter.current().code})
    _check(document, "/api/v1/reports/", "post", asked)
    _check(document, "/api/v1/reports/", "get", city.get("reports/"))
    _check(document, "/api/v1/reports/{id}/", "get", city.get(f"reports/{asked.json()['id']}/"))
    _check(document, "/api/v1/jobs/{id}/", "get", city.get(f"jobs/{asked.json()['job']['id']}/"))
    _check(document, "/api/v1/records/", "post", clerk.post("records/", {**lecture, "attendances": -1}))


@pytest.mark.django_db
def test_the_body_a_kind_asks_for_is_the_body_it_takes(cast, call, lecture):
    clerk = call("clerk")
    schema = clerk.get("kinds/ideology.lecture/").json()["schema"]
    own = {name: value for name, value in lecture.items() if name not in {"kind", "enterprise"}}
    jsonschema.validate(own, schema)
    stored = clerk.post("records/", lecture).json()
    jsonschema.validate({name: stored[name] for name in schema["properties"]}, schema)
    for bad in ({"attendances": -1}, {"form": "telepathy"}, {"attendances": "many"}, {"unknown": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**own, **bad}, schema)
