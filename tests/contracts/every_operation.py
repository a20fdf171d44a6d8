"""Who may call which operation of the API. Whoever a line does not name may not."""

from api.serializers import ACTIONS
from tests.contracts.cases import ENTERPRISE, EVERYBODY, NOW, OFFICES, READERS, Case, one, undecided, version_of
from tests.contracts.world import LECTURE, World, upload, values_for


def lecture_body(world: World) -> dict:
    return {
        **values_for(LECTURE, world.cast.enterprise),
        "kind": LECTURE,
        "enterprise": world.cast.enterprise.credit_code,
    }


def _api_act(action: str, name: str, may: str) -> Case:
    return Case(
        "api:record-act",
        may,
        "POST",
        args=lambda world: [getattr(world, name).pk, action],
        writes=True,
        note=action,
        data=version_of(name, reason="请核对人次。"),
    )


_MOVES = {
    "submit": ("draft", ENTERPRISE),
    "withdraw": ("submitted", ENTERPRISE),
    "approve": ("submitted", "county"),
    "return": ("submitted", "county"),
    "reject": ("submitted", "county"),
    "reopen": ("approved", OFFICES),
}

API: tuple[Case, ...] = (
    Case("api:schema", EVERYBODY, own=True),
    Case("api:docs", EVERYBODY, own=True),
    Case("api:kinds", EVERYBODY, own=True),
    Case("api:kind", EVERYBODY, own=True, args=lambda world: [LECTURE]),
    Case("api:records", EVERYBODY, own=True),
    Case("api:records", f"{ENTERPRISE} {OFFICES}", "POST", data=lecture_body, status=201, writes=True),
    Case("api:record", READERS, args=one("submitted")),
    Case("api:record", ENTERPRISE, args=one("draft"), note="draft"),
    Case("api:record", ENTERPRISE, "PATCH", args=one("draft"), data=version_of("draft", title="改过"), writes=True),
    Case(
        "api:record", "", "PATCH", args=one("submitted"), data=version_of("submitted", title="改过"), note="handed in"
    ),
    Case("api:record-attachments", READERS, args=one("submitted")),
    Case(
        "api:record-attachments",
        ENTERPRISE,
        "POST",
        args=one("draft"),
        status=201,
        writes=True,
        data=lambda world: {"file": upload(color="green")},
    ),
    Case("api:record-attachment", READERS, args=lambda world: [world.submitted.pk, world.evidence.pk]),
    *(_api_act(action, *_MOVES[action]) for action in ACTIONS),
    Case("api:enterprises", EVERYBODY, own=True),
    Case("api:enterprise", READERS, args=lambda world: [world.cast.enterprise.credit_code]),
    Case("api:organisations", READERS, own=True),
    Case("api:organisation", READERS, own=True, args=one("school")),
    Case("api:clusters", f"{OFFICES} auditor", own=True),
    Case("api:cluster", f"{OFFICES} auditor", args=one("chain")),
    Case("api:pilots", READERS, own=True),
    Case("api:pilot", READERS, args=one("pilot")),
    Case("api:profiles", READERS, own=True),
    Case("api:profile", READERS, args=lambda world: [world.cast.enterprise.pk]),
    Case("api:categories", "province", own=True),
    Case("api:category", "province", own=True, args=lambda world: ["cppcc"]),
    Case("api:undecided_items", "province", own=True),
    Case("api:undecided_item", "province", own=True, args=undecided),
    Case("api:honours", "province", own=True),
    Case("api:honour", "province", own=True, args=lambda world: ["may-day"]),
    Case("api:aid_projects", "province", own=True),
    Case("api:aid_project", "province", own=True, args=lambda world: ["dream"]),
    Case("api:figures", "city province auditor", query=lambda world: f"region=3201&quarter={NOW}"),
    Case("api:table", f"{OFFICES} auditor", own=True),
    Case("api:table", "city province auditor", query=lambda world: "region=3201&rows=county", note="of 南京"),
    Case("api:compliance", READERS, own=True),
    Case("api:quality", READERS, own=True),
    Case("api:reports", f"{OFFICES} auditor", own=True),
    Case(
        "api:reports",
        "city province",
        "POST",
        status=202,
        writes=True,
        data=lambda world: {"type": "quarterly", "region": "3201", "quarter": NOW},
    ),
    Case("api:report", "city province auditor", args=one("report")),
    *(
        Case(
            "api:report-file", "city province auditor", args=lambda world, face=face: [world.report.pk, face], note=face
        )
        for face in ("pdf", "xlsx", "docx", "json")
    ),
    Case("api:jobs", EVERYBODY, own=True),
    Case("api:job", "city admin", args=one("job")),
    Case("api:unknown", ""),
)
