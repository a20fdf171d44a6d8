"""What a template shows as an example is what it takes: filed as it stands, it raises no question but that the made-up schools
and contests it names are in no register."""

import pytest
from django.urls import reverse

from records.core.listed import has_names
from records.exchange.resources import CODE, ENTERPRISE, resource_for
from records.models import Record
from tests.contracts.filing import filing
from tests.contracts.kinds import by_workbook, each_kind
from tests.records.exchange.books import checked, confirmed, opened, questions, reasons, saved

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", each_kind(by_workbook))
def test_the_example_row_of_every_template_goes_in_without_a_question(kind, cast, sign_in) -> None:
    filing(kind, cast)
    clerk = sign_in(cast.clerk)
    workbook = opened(b"".join(clerk.get(reverse("records:import_template", args=[kind.slug]))))
    sheet = workbook["填报"]
    place = {column.name: number for number, column in enumerate(resource_for(kind.slug).columns, 1)}
    assert sheet.cell(2, 1).value == "示例"
    # The one thing that is nobody's: whose row it is.
    sheet.cell(2, 1).value = 1
    sheet.cell(2, place[CODE]).value = cast.enterprise.credit_code
    sheet.cell(2, place[ENTERPRISE]).value = cast.enterprise.name
    for lines in kind.lines:
        for cell in workbook[str(lines.label)]["A"]:
            cell.value = 1 if cell.value == "示例" else cell.value
    batch = checked(clerk, saved(workbook), kind=kind.slug)
    asked = [text for told in questions(batch).values() for text in told if "”中没有找到。" not in text]
    assert batch.counts["new"] == 1 and not asked, (reasons(batch), asked)
    assert not batch.unusual or has_names(kind.model)
    confirmed(clerk, batch, "all", reason="示例。" if batch.unusual else "")
    assert Record.objects.get().status == "submitted", batch.notes
