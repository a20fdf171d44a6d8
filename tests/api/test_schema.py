"""The OpenAPI document is whole: no warnings, every address in it, every operation described."""

import io
import re

import pytest
import yaml
from django.core.management import call_command

from api import urls

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
