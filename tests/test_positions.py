"""Where quotes stand: the boxes hold their words on the page, the cells their places in the table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pypdfium2
import pytest

import pipeline
from pipeline.normalise.shape import squeezed
from pipeline.write.nested import document, schema

FILES = Path(__file__).parent / "parity" / "files"


def entries(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give all targets and responsibilities below a section."""
    yield from (*node["targets"], *node["responsibilities"])
    for child in node["sections"]:
        yield from entries(child)


def nested_of(name: str) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(document(pipeline.parse(FILES / name)))
    jsonschema.validate(tree, schema())
    return tree


def placed(tree: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry for plan in tree["plans"] for section in plan["sections"] for entry in entries(section)]


@pytest.mark.parametrize("name", ["port.libreoffice.pdf", "port.chromium.pdf", "gazette.libreoffice.pdf"])
def test_the_boxes_hold_the_quote_on_the_page(name: str) -> None:
    """Another program gives the words inside the boxes: they are those of the quote."""
    document = pypdfium2.PdfDocument(FILES / name)
    tree = nested_of(name)
    assert len(tree["page_sizes"]) == len(document)
    rows = placed(tree)
    assert len(rows) > 40
    for row in rows:
        boxes = row["position"]["boxes"]
        assert boxes and boxes[0]["page"] == row["page"]
        words = ""
        for box in boxes:
            page = document[box["page"] - 1]
            height = page.get_height()
            words += page.get_textpage().get_text_bounded(
                left=box["x0"] - 0.5, right=box["x1"] + 0.5, top=height - box["top"], bottom=height - box["bottom"]
            )
        assert squeezed(row["source_quote"]) in squeezed(words), row["source_quote"]


def test_a_quote_in_a_table_names_its_cell() -> None:
    """Sixth column, first row below two rows of heads: 2026年 of 港口货物吞吐量."""
    rows = [row for row in placed(nested_of("port.docx")) if row.get("indicator") == "港口货物吞吐量"]
    cells = [row["position"]["cell"] for row in rows if row["position"]]
    assert cells == [{"table": 1, "row": 3, "column": 5}, {"table": 1, "row": 3, "column": 6}]
    assert all(row["position"]["boxes"] == [] for row in rows if row["position"])


def test_a_page_stored_sideways_has_the_size_as_it_is_shown() -> None:
    sizes = nested_of("lake.turned.pdf")["page_sizes"]
    assert {size["width"] > size["height"] for size in sizes} == {True, False}
    assert {size["turned"] for size in sizes} == {0}


def test_plain_text_has_no_places() -> None:
    tree = nested_of("valley.txt")
    assert tree["page_sizes"] == []
    assert {row["position"] is None for row in placed(tree)} == {True}
