"""The shared documents that have gold: the facts make the gold files again, and the floors of the scorer hold."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from hashlib import sha256
from typing import Any

import pytest

from tests import gold_facts, score_floors

FACTS = sorted(gold_facts.FACTS.glob("*.json"))
TEXT = """云川市养老服务行动计划

一、总体
目标
到2027年，养老床位达到3,200张，其中护理型
床位占70%；新增食堂三家。
二、重点任务
养老床位达到3,200张的县每年奖励12万元。（责任单位：市民政局）
"""
GOLD: dict[str, Any] = {
    "stem": "sample",
    "document": {"title": "云川市养老服务行动计划", "doc_number": None, "issuers": [], "issued_on": None},
    "plans": [{"title": "云川市养老服务行动计划", "period_start": None, "period_end": 2027}],
    "headings": [
        {"plan": 0, "depth": 1, "label": "一、", "title": "总体目标"},
        {"plan": 0, "depth": 1, "label": "二、", "title": "重点任务"},
    ],
    "numbers": {"0": "date", "1": "target", "2": "target", "3": "qualifier", "4": "support"},
    "targets": [
        {"numbers": [1], "context": "养老床位达到3,200张", "indicator": "养老床位", "value": 3200},
        {"numbers": [2], "context": "其中护理型 床位占70%", "indicator": "护理型床位占比", "value": 70},
        {"numbers": [], "context": "新增食堂三家", "indicator": "食堂", "value": 3},
    ],
    "responsibilities": [{"under": "重点任务", "roles": [{"role": "责任单位", "units": ["市民政局"]}], "also": []}],
    "_number_texts": [
        ["2027", "date"],
        ["3,200", "target"],
        ["70", "target"],
        ["3,200", "qualifier"],
        ["12", "support"],
    ],
}


def test_facts_make_the_gold_file_again() -> None:
    facts = gold_facts.pack(GOLD, TEXT, "seeds/sample.txt")
    assert gold_facts.rebuild(json.loads(gold_facts.spell(facts)), TEXT) == GOLD


def test_facts_point_to_the_figure_that_is_meant_and_quote_nothing() -> None:
    facts = gold_facts.pack(GOLD, TEXT, "seeds/sample.txt")
    assert [target["at"] for target in facts["targets"]] == [[28, 12], [41, 12, 5], [54, 6]]
    assert facts["numbers"] == {"date": "0", "qualifier": "3", "support": "4", "target": "1-2"}
    spelled = gold_facts.spell(facts)
    assert not [entry["context"] for entry in GOLD["targets"] if entry["context"] in spelled]


def test_a_changed_text_is_noticed() -> None:
    facts = gold_facts.pack(GOLD, TEXT, "seeds/sample.txt")
    with pytest.raises(gold_facts.ChangedTextError, match="has changed since it was read"):
        gold_facts.rebuild(facts, TEXT + "。")


def test_a_quote_that_is_not_in_the_text_is_refused() -> None:
    wrong = GOLD | {"headings": [{"plan": 0, "depth": 1, "label": "", "title": "保障措施"}]}
    with pytest.raises(gold_facts.ChangedTextError, match="does not stand in the text"):
        gold_facts.pack(wrong, TEXT, "seeds/sample.txt")


@pytest.mark.parametrize("indices", [[], [4], [0, 1, 2, 5, 7, 8], list(range(40))])
def test_runs_of_indices_are_read_as_they_were_spelled(indices: list[int]) -> None:
    assert list(gold_facts.indices_of(gold_facts.runs(indices))) == indices


@pytest.mark.parametrize("path", FACTS, ids=lambda path: path.stem)
def test_facts_hold_no_passage(path: pathlib.Path) -> None:
    facts = json.loads(path.read_text(encoding="utf-8"))
    assert path.stem == facts["stem"]
    for target in facts["targets"]:
        assert "context" not in target
        assert not set("，。；！？") & set(target["indicator"])
    assert not [heading for heading in facts["headings"] if "title" in heading]
    assert not [entry for entry in facts["responsibilities"] if "under" in entry]


@pytest.mark.parametrize("path", FACTS, ids=lambda path: path.stem)
def test_gold_made_of_facts_is_well_formed(path: pathlib.Path, shared: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """The shared checker passes it: each number classed, each quote found, each target's numbers classed so."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    text = gold_facts.worksheet_text(shared / facts["source"])
    assert sha256(text.encode()).hexdigest() == facts["sha256"]
    gold = gold_facts.rebuild(facts, text)
    rows = [f"{i}\t0\t{numeral}" for i, (numeral, _) in enumerate(gold["_number_texts"])]
    files = {"gold.json": json.dumps(gold, ensure_ascii=False), "text.txt": text, "numbers.tsv": "\n".join(rows) + "\n"}
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    checker = [sys.executable, str(shared / "score" / "check.py"), *(str(tmp_path / name) for name in files)]
    done = subprocess.run(checker, check=True, capture_output=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1].startswith("OK"), done.stdout


@pytest.fixture(scope="module")
def work(shared: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("documents")
    score_floors.run_pipeline(score_floors.INPUTS, folder / "structured")
    return folder


def test_floors_hold(work: pathlib.Path) -> None:
    faults = {
        name: score_floors.below(score_floors.figures(work / "structured", gold), score_floors.floors()[name])
        for name, gold in score_floors.gold_folders(work).items()
    }
    assert not any(faults.values()), faults
