"""What a figure of a report opens: the list filtered by the condition that counted it."""

import dataclasses
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Nature, source_of_fact
from reporting.rendering.content import Cell, Content, Table


def fact_url(fact: str, *, region: str, quarter: str, is_own: bool = False) -> str:
    """The records, enterprises or duties behind a figure; ``is_own``: behind what the region's own office reported."""
    url = source_of_fact(fact).url(fact, region=region, quarter=quarter)
    return f"{url}&{urlencode({'office': region})}" if is_own else url


def side_urls(
    facts: Iterable[str], *, region: str, quarter: Quarter, judged: Quarter | None = None
) -> list[tuple[str, str]]:
    """What each fact of one side of an indicator opens, with the fact's label. What adds up over the year opens all its
    quarters; what is owed, those up to the last that was ``judged``."""
    found = []
    for code in facts:
        source = source_of_fact(code)
        fact = next(fact for fact in source.facts if fact.code == code)
        last = (judged or quarter) if fact.is_owed else quarter
        url = source.url(code, region=region, quarter=last.code)
        if fact.nature is Nature.FLOW:
            url += f"&since={quarter.year_to_date()[0].code}"
        found.append((str(fact.label), url))
    return found


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
        return dataclasses.replace(
            cell, url=fact_url(cell.fact, region=cell.place, quarter=cell.quarter, is_own=cell.is_own)
        )

    total = [linked(cell) for cell in table.total] if table.total else None
    return dataclasses.replace(table, rows=[[linked(cell) for cell in row] for row in table.rows], total=total)
