"""What a figure of a report opens: the list filtered by the condition that counted it."""

import dataclasses
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from reporting.rendering.content import Cell, Content, Table


def fact_url(fact: str, *, region: str, quarter: str) -> str:
    """The records, enterprises or duties behind a figure."""
    if fact.startswith("REG."):
        return f"{reverse('enterprises:list')}?{urlencode({'fact': fact, 'region': region})}"
    asked = urlencode({"fact": fact, "region": region, "quarter": quarter})
    if fact.startswith(("REP.", "STA.")):
        return f"{reverse('records:progress')}?{asked}"
    if fact.startswith("DUT."):
        return f"{reverse('records:duties')}?{asked}"
    return f"{reverse('records:list')}?{asked}"


def with_links(content: Content) -> Content:
    """The same content with every figure opening what it counts. For pages only."""
    region, quarter = content.snapshot["region"]["code"], content.snapshot["quarter"]

    def linked(paragraph: list[Any]) -> list[Any]:
        return [
            {**piece, "url": fact_url(piece["fact"], region=region, quarter=quarter)}
            if isinstance(piece, dict)
            else piece
            for piece in paragraph
        ]

    def section(part: dict[str, Any]) -> dict[str, Any]:
        paragraphs = [linked(one) for one in part["paragraphs"]]
        return {**part, "paragraphs": paragraphs, "groups": [section(group) for group in part.get("groups", [])]}

    return dataclasses.replace(
        content,
        sections=[section(part) for part in content.sections],
        units=_linked_table(content.units),
        trend=_linked_table(content.trend),
    )


def _linked_table(table: Table) -> Table:
    def linked(cell: Cell) -> Cell:
        if not cell.fact:
            return cell
        return dataclasses.replace(cell, url=fact_url(cell.fact, region=cell.place, quarter=cell.quarter))

    return dataclasses.replace(table, rows=[[linked(cell) for cell in row] for row in table.rows])
