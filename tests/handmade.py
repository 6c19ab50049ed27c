"""A small invented document with everything in it, built by hand: what the tests of the last stages start from."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

from pipeline.model import (
    Alignment,
    Block,
    Findings,
    Front,
    Number,
    Outline,
    Period,
    Plan,
    Problem,
    Responsibility,
    RowCell,
    Run,
    Section,
    Source,
    Target,
    Text,
)

LINES = (
    "云州市人民政府办公室关于印发云州市智慧港口行动计划的通知",
    "云政办发〔2024〕7号",
    "云州市智慧港口行动计划（2024—2026年）",
    "一、主要目标",
    "到2026年，自动化泊位达到12个，其中深水泊位5个，吞吐量突破3.5亿吨。",
    "二、重点任务",
    "（一）建设智慧码头。每年改造岸桥4台。（责任单位：市交通局、港务集团）",
    "工作目标\t完成时间",
    "建成调度平台1个\t2025年",
    "云州市人民政府办公室2024年3月1日",
)
TEXT = "\n".join(LINES)


def at(words: str, nth: int = 0) -> tuple[int, int]:
    """Give the range of the nth occurrence of `words`."""
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return start, start + len(words)


def text(path: str = "云州/港口.txt", data: bytes = b"port") -> Text:
    """The text; in its source the first two lines are parted by an empty one."""
    original = TEXT.replace("\n", "\n\n", 1)
    first = TEXT.index("\n") + 1
    blocks, start = [], 0
    for line in LINES:
        blocks.append(Block("paragraph", start, start + len(line), page=1 if start < 100 else 2))
        start += len(line) + 1
    source = Source(
        path=path,
        media_type="text/plain",
        sha256=sha256(data).hexdigest(),
        encoding="utf-8",
        text=original,
        blocks=(Block("paragraph", 0, len(original)),),
        problems=(Problem("info", "encoding_guessed", "The encoding was guessed.", 3, 4),),
    )
    alignment = Alignment((Run(0, 0, first), Run(first, first + 1, len(TEXT) - first)))
    return Text(source, TEXT, alignment, "hans", tuple(blocks))


def outline() -> Outline:
    """The tree: notice, plan with two chapters, a task, an annex-like row, the signature."""
    starts = [sum(len(line) + 1 for line in LINES[:k]) for k in range(len(LINES))] + [len(TEXT)]

    def section(
        first: int, last: int, kind: str, path: tuple[int, ...], *, parent: int | None = None, title: str = "",
        label: str = "", number: int | None = None, plan: int | None = 0, cells: tuple[RowCell, ...] = (),
    ) -> Section:  # fmt: skip
        title_start = TEXT.index(title, starts[first]) if title else starts[first]
        return Section(
            plan=plan,
            parent=parent,
            path=path,
            depth=0 if path == (0,) or plan is None else len(path),
            kind=kind,  # type: ignore[arg-type]
            label=label,
            number=number,
            title=title,
            title_start=title_start,
            title_end=title_start + len(title),
            body_start=title_start + len(title) + (kind == "task"),
            start=starts[first],
            end=starts[last],
            page=None,
            cells=cells,
        )

    goal = at("建成调度平台1个")
    due = at("2025年")
    cells = (RowCell("工作目标", *goal), RowCell("完成时间", *due))
    sections = (
        section(0, 2, "front", (1,), plan=None),
        section(2, 3, "preamble", (0,)),
        section(3, 5, "section", (1,), title="主要目标", label="一、", number=1),
        section(5, 6, "section", (2,), title="重点任务", label="二、", number=2),
        section(6, 7, "task", (2, 1), parent=3, title="建设智慧码头", label="（一）", number=1),
        section(7, 9, "row", (2, 2), parent=3, title="建成调度平台1个", cells=cells),
        section(9, 10, "closing", (2,), plan=None),
    )
    front = Front(
        title=LINES[0],
        doc_number="云政办发〔2024〕7号",
        issuers=("云州市人民政府办公室",),
        issued_on="2024-03-01",
        published_on="",
        addressees=(),
        copied_to=(),
    )
    plan = Plan("云州市智慧港口行动计划", 2024, 2026, starts[2], starts[9])
    return Outline(front, (plan,), sections, (Problem("warning", "heading_doubtful", "Look here.", *at("二、")),))


def target(section: int, indicator: str, value: str, unit: str, place: tuple[int, int], **more: object) -> Target:
    """A target with the commonest values for all that is not given."""
    sentence = TEXT.rfind("\n", 0, place[0]) + 1
    values: dict[str, object] = {
        "section": section, "indicator": indicator, "value": Decimal(value), "value_max": None, "unit": unit,
        "comparator": "=", "kind": "level", "cadence": "by", "year_start": None, "year_end": 2026,
        "year_source": "sentence", "due_on": None, "scope": None, "modality": None, "baseline": None,
        "part_of": None, "start": place[0], "end": place[1], "sentence_start": sentence,
        "sentence_end": TEXT.index("\n", place[0]), "confidence": Decimal("0.90"), "rule": "handmade",
    }  # fmt: skip
    return Target(**(values | more))  # type: ignore[arg-type]


def findings() -> Findings:
    """What a reader finds in it."""
    targets = (
        target(2, "自动化泊位", "12", "个", at("达到12个")),
        target(2, "深水泊位", "5", "个", at("5个"), part_of=0),
        target(2, "吞吐量", "350000000", "吨", at("突破3.5亿吨"), comparator=">"),
        target(4, "岸桥改造", "4", "台", at("4台"), cadence="annual", year_source="plan"),
        target(5, "调度平台", "1", "个", at("建成调度平台1个"), year_end=2025, due_on="2025"),
    )
    owners = {at("12")[0]: 0, at("5个")[0]: 1, at("3.5")[0]: 2, at("4台")[0]: 3, at("1个")[0]: 4}
    places = [
        (0, "2024", "doc_number"), (0, "7", "doc_number"), (1, "2024", "date"), (1, "2026", "date"),
        (2, "2026", "date"), (2, "12", "target"), (2, "5", "target"), (2, "3.5", "target"), (4, "4", "target"),
        (5, "1", "target"), (5, "2025", "date"), (6, "2024", "date"), (6, "3", "date"), (6, "1", "date"),
    ]  # fmt: skip
    numbers, cursor = [], 0
    for section, words, number_class in places:
        start = TEXT.index(words, cursor)
        cursor = start + len(words)
        numbers.append(
            Number(section, words, Decimal(words), number_class, owners.get(start), start, cursor)  # type: ignore[arg-type]
        )
    periods = (
        Period(1, "span", "2024", "2026", None, "text", *at("2024—2026年")),
        Period(2, "deadline", None, "2026", None, "text", *at("到2026年")),
        Period(4, "recurring", "2024", "2026", "P1Y", "plan", *at("每年")),
        Period(5, "year", "2025", "2025", None, "text", *at("2025年")),
        Period(6, "date", "2024-03-01", "2024-03-01", None, "text", *at("2024年3月1日")),
    )
    note = at("责任单位：市交通局、港务集团")
    responsibilities = (
        Responsibility(4, "responsible", "责任单位", "市交通局", "note", False, *note),
        Responsibility(4, "responsible", "责任单位", "港务集团", "note", False, *note),
        Responsibility(5, "lead", "责任单位", "市交通局", "heading", True, *note),
    )
    return Findings(tuple(numbers), periods, targets, responsibilities)
