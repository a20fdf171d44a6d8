"""A workbook is refused with the words of its cells or the page's own, and a template fits every kind there is."""

import pytest
from django.urls import reverse

from foundation.exchange.checking import read_cells
from foundation.exchange.rows import SheetRow, parted
from foundation.exchange.sheets import note_of
from records.core.forms import RecordForm
from records.core.kinds import RecordKind
from records.core.lines import stored_rows
from records.core.transitions import SAYS_NOTHING
from records.core.values import stored
from records.exchange.checking import RecordChecker
from records.exchange.importing import RecordImport
from records.exchange.lines import columns_of
from records.exchange.resources import columns_for, resource_for
from records.models import Record
from tests.contracts.filing import filing
from tests.contracts.kinds import by_workbook, each_kind
from tests.contracts.world import values_for
from tests.records.exchange.books import checked, confirmed, opened, saved

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("kind", each_kind(by_workbook))]


def said(kind: RecordKind, cast, cells: dict) -> dict[str, list[str]]:
    """What the check says of one row, by field."""
    resource = RecordImport({"kind": kind.slug})
    row = SheetRow(2, cells)
    read_cells([row], resource)
    RecordChecker(resource, cast.clerk, submits=True).check([row])
    found: dict[str, list[str]] = {}
    for problem in row.problems:
        found.setdefault(problem.name, []).append(problem.reason)
        assert problem.cure, problem
    return found


def form_says(kind: RecordKind, cast, data: dict) -> dict[str, list[str]]:
    form = RecordForm(data, kind=kind, filer=cast.enterprise, submitting=True)
    # What lines lack has no column in the row: the check of a workbook says it of the row as a whole.
    of_fields = {name: texts for name, texts in form.errors.items() if kind.lines_named(name) is None}
    return {"" if name == "__all__" else name: [str(text) for text in texts] for name, texts in of_fields.items()}


def own_names(kind: RecordKind, cast) -> list[str]:
    return [
        name
        for name in RecordForm(kind=kind, filer=cast.enterprise).fields
        if name not in ("form_token", "version") and kind.lines_named(name) is None
    ]


def test_impossible_values_are_refused_once_with_the_words_of_the_cell(kind, cast) -> None:
    names = own_names(kind, cast)
    columns = {column.name: column for column in columns_for(kind)}
    wrong = {"integer": "好多", "decimal": "好多", "date": "上周五", "choice": "没有这一项", "period": "1999Q1"}
    values = values_for(kind.slug, cast.enterprise)
    data = {name: wrong.get(columns[name].widget.shape, values.get(name, "")) for name in names}
    expected = form_says(kind, cast, data)
    found = said(kind, cast, data)
    assert expected and set(expected) <= set(found)
    for name in expected:
        assert len(found[name]) == 1, found[name]
        if columns[name].widget.shape in ("integer", "decimal", "date", "choice"):
            assert f"“{data[name]}”" in found[name][0], found[name]
        else:
            # What the form says in one message stands in two columns of the list: why, and what to do.
            assert found[name] == [parted(text)[0] for text in expected[name]]


def test_gaps_are_refused_in_the_same_words(kind, cast) -> None:
    filing(kind, cast)
    values = values_for(kind.slug, cast.enterprise)
    key = ("period",) if kind.is_return else ("title", "happened_on")
    data = {name: values[name] if name in key else "" for name in own_names(kind, cast)}
    expected = {
        name: [
            text.split("。")[0] + "。" if text.startswith("这一项还没有填") or text == SAYS_NOTHING else text
            for text in texts
        ]
        for name, texts in form_says(kind, cast, data).items()
    }
    found = said(kind, cast, data)
    assert expected and {name: found.get(name) for name in expected} == expected


def test_a_template_filled_by_its_drop_downs_goes_in(kind, cast, sign_in) -> None:
    filing(kind, cast)
    clerk = sign_in(cast.clerk)
    response = clerk.get(reverse("records:import_template", args=[kind.slug]))
    workbook = opened(b"".join(response))
    sheet = workbook["填报"]
    titles = [str(lines.label) for lines in kind.lines]
    assert (
        workbook.sheetnames[: 2 + len(titles)] == ["填报", *titles, "说明"]
        and workbook["_portal"].sheet_state == "hidden"
    )
    assert sheet["A2"].value == "示例" and sheet.protection.sheet and sheet["A1"].protection.locked
    resource = resource_for(kind.slug)
    columns = {column.heading: column for column in resource.columns}
    heads = [columns[cell.value.rstrip("*")] for cell in sheet[1]]
    assert len(resource.by_heading) == len(resource.columns), "two headings read alike"
    rules = {str(rule.sqref).split(":")[0][:-1]: rule for rule in sheet.data_validations.dataValidation}
    values = values_for(kind.slug, cast.enterprise)
    for cell, column in zip(sheet[1], heads, strict=True):
        assert bool(column.choices) == (cell.column_letter in rules), column.heading
        assert cell.comment is None or cell.comment.text == note_of(column)
        if column.name in values:
            sheet.cell(3, cell.column).value = column.widget.render(values[column.name])
    assert sheet.cell(3, 2).value == cast.enterprise.credit_code
    for lines in kind.lines:
        rows, below = workbook[str(lines.label)], columns_of(lines)
        assert [cell.value.rstrip("*") for cell in rows[1]] == [column.heading for column in below]
        assert rows["A2"].value == "示例"
        for number, row in enumerate(values[lines.name], rows.max_row + 1):
            for place, column in enumerate(below, 1):
                rows.cell(number, place).value = (
                    1 if place == 1 else column.widget.render(row[column.attribute.removesuffix("_id")])
                )
    batch = checked(clerk, saved(workbook), kind=kind.slug)
    assert batch.counts["new"] == 1, batch.problems
    batch = confirmed(clerk, batch, "all")
    record = Record.objects.get().specific()
    names = [name for name in own_names(kind, cast) if name in values]
    assert {name: stored(record, name) for name in names} == {name: values[name] for name in names}
    assert record.status == "submitted", batch.notes
    for lines in kind.lines:
        assert stored_rows(record, lines) == values[lines.name]

    exported = b"".join(clerk.get(reverse("records:export"), {"kind": kind.slug}))
    again = checked(clerk, exported, kind=kind.slug)
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 1, "conflict": 0, "invalid": 0}
