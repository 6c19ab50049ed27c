"""Evidence: every field of a target tells the words it was read from, and `zhengce show --explain` prints them."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib
from collections import defaultdict

import jsonschema
import pytest

import pipeline
from pipeline.cli import main
from pipeline.lexicon import load_lexicon
from pipeline.lexicon.wording import CLASSES
from pipeline.model.tables import EvidenceRow, Record, TargetRow
from pipeline.read import ReadError
from pipeline.show_explain import explain, find_targets
from pipeline.terminal import width
from pipeline.write import nested

ROOT = pathlib.Path(__file__).parents[1]
PLAN = """云州市养老服务行动计划（2023—2025年）

一、主要目标
到2025年，全市护理型床位占比由48%提高到65%以上，力争社区食堂达到300家，其中老城区120家。每年培训护理员2000名。
二、重点任务
（一）增加床位。2024年6月底前，新增床位450张。改造旧床位80张。
（二）完善设施。新建国家级示范站点3家、省级20家。甲级、乙级驿站分别达到12个、8个。
三、2024年重点工作
培育服务企业15家。对新设机构给予最高20万元补助。
"""
TABLE = """<html><body><h1>云州市养老服务规划</h1><p>附表1 主要指标</p>
<table><tr><td>指标</td><td>单位</td><td>2020年</td><td>2025年</td><td>属性</td></tr>
<tr><td>护理型床位占比</td><td>%</td><td>48</td><td>≥65</td><td>约束性</td></tr>
<tr><td>社区食堂</td><td>家</td><td>90</td><td>300</td><td>预期性</td></tr></table></body></html>
"""


def parse(words: str, name: str = "plan.txt") -> Record:
    return pipeline.parse(words.encode(), name=name)


def said(record: Record, target: TargetRow) -> dict[str, list[str]]:
    """Give for each field of a target its words with their rules: `words [rule]`."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in record.evidence:
        if row.target_id == target.target_id:
            found[row.field].append(f"{row.quote} [{row.rule}]")
    return found


def target_of(record: Record, indicator: str, value: int | None = None) -> TargetRow:
    return next(t for t in record.targets if t.indicator == indicator and value in (None, t.value))


@pytest.fixture(scope="module")
def record() -> Record:
    return parse(PLAN)


def test_fields_name_the_words_of_their_sentence(record: Record) -> None:
    fields = said(record, target_of(record, "护理型床位占比"))
    assert fields["indicator"] == ["护理型床位占比 [own-words]"]
    assert fields["value"] == ["65% [numeral]"]
    assert fields["unit"] == ["% [share]"]
    assert fields["comparator"] == ["以上 [comparator_after]"]
    assert fields["kind"] == ["提高到 [level-verb]"]
    assert fields["baseline"] == ["48% [baseline-from]"]
    assert fields["scope"] == ["全市 [scope]"]
    assert fields["year_end"] == ["到2025年 [deadline-year]"]
    assert fields["confidence"] == ["提高到 [stated]"]


def test_words_before_the_figure_are_typed(record: Record) -> None:
    assert said(record, target_of(record, "社区食堂"))["token"] == ["力争 [modality]", "达到 [level:=]"]
    assert said(record, target_of(record, "社区食堂"))["modality"] == ["力争 [modality]"]


def test_a_part_names_its_mark_and_the_noun_of_its_total(record: Record) -> None:
    part = said(record, next(t for t in record.targets if t.value == 120))
    assert part["part_of"] == ["其中 [connector]"]
    assert part["indicator"] == ["老城区 [own-words]", "社区食堂 [carried]"]


def test_what_recurs_names_the_words_that_say_so(record: Record) -> None:
    trained = next(t for t in record.targets if t.value == 2000)
    assert said(record, trained)["cadence"] == ["每年 [recurring]"]
    assert said(record, trained)["year_end"] == ["到2025年 [deadline-year]"]
    assert trained.year_source == "paragraph"


def test_the_noun_of_a_list_is_told_where_it_stands(record: Record) -> None:
    restored = next(t for t in record.targets if t.value == 20)
    assert restored.indicator == "省级示范站点"
    assert said(record, restored)["indicator"] == ["省级 [own-words]", "示范站点 [carried]"]


def test_each_name_of_a_list_comes_from_its_own_words(record: Record) -> None:
    second = next(t for t in record.targets if t.value == 8)
    assert (second.indicator, second.rule) == ("乙级驿站", "respective")
    assert said(record, second)["indicator"] == ["乙级驿站 [own-words]"]
    first = next(t for t in record.targets if t.value == 12)
    assert said(record, first)["indicator"] == ["甲级 [own-words]", "驿站 [own-words]"]


def test_an_inherited_year_names_the_words_above(record: Record) -> None:
    month = target_of(record, "床位")
    assert (month.year_source, month.year_quote) == ("sentence", "2024年6月底前")
    old = next(t for t in record.targets if t.value == 80)
    assert (old.year_source, old.year_quote) == ("plan", "云州市养老服务行动计划（2023—2025年）")
    work = target_of(record, "服务企业")
    assert (work.year_source, work.year_quote) == ("heading", "2024年重点工作")


def test_goals_of_a_table_name_cell_head_and_row() -> None:
    record = parse(TABLE, "table.html")
    fields = said(record, target_of(record, "护理型床位占比"))
    assert fields["value"] == ["65 [own-cell]"]
    assert fields["comparator"] == ["≥ [own-cell]"]
    assert fields["unit"] == ["% [unit-column]"]
    assert fields["indicator"] == ["护理型床位占比 [row-name]"]
    assert fields["year_end"] == ["2025年 [column-head]"]
    assert fields["baseline"] == ["48 [present-column]"]
    assert fields["modality"] == ["约束性 [nature-column]"]


def test_a_span_of_the_plan_names_the_plan_too() -> None:
    record = parse("云州市食堂建设方案（2023—2025年）\n一、目标\n三年内新建食堂60家。\n")
    rows = [row for row in record.evidence if row.field == "year_end"]
    assert [(row.quote, row.rule) for row in rows] == [
        ("三年内", "duration"),
        ("云州市食堂建设方案（2023—2025年）", "anchor"),
    ]


def test_numbers_tell_the_rule_of_their_class(record: Record) -> None:
    rules = {(row.text, row.class_): row.rule for row in record.numbers}
    assert rules["20", "support"] == "ceiling-of-help"
    assert rules["48", "baseline"] == "baseline-from"
    assert rules["450", "target"] == "verb-noun-figure"
    assert rules["6", "date"] == "deadline-month"


def test_nested_json_holds_the_evidence(record: Record) -> None:
    document = json.loads(nested.document(record))
    jsonschema.validate(document, nested.schema(), cls=jsonschema.Draft202012Validator)
    goals = document["plans"][0]["sections"][1]
    assert goals["title"] == "主要目标"
    first = goals["targets"][0]["evidence"]
    start = record.text.index("护理型床位占比")
    own = {"field": "indicator", "rule": "own-words", "char_start": start, "char_end": start + 7}
    assert own | {"quote": "护理型床位占比"} in first
    assert all(set(row) == {"field", "rule", "char_start", "char_end", "quote"} for row in first)


# What rules add to a name without taking it from the text.
ADDED = {"", "的", "占比", "中占比", "时间", "中", "级"}


def check_invariants(record: Record) -> None:
    """Value and indicator have evidence; quotes are slices; what a row says, words say, or holds by default."""
    found: dict[str, dict[str, list[EvidenceRow]]] = defaultdict(lambda: defaultdict(list))
    for row in record.evidence:
        assert 0 <= row.char_start < row.char_end <= len(record.text)
        assert record.text[row.char_start : row.char_end] == row.quote and row.quote.strip() and row.rule
        found[row.target_id][row.field].append(row)
    for target in record.targets:
        fields = found[target.target_id]
        where = f"{record.document.source} {target.target_id} {target.indicator}"
        assert fields["value"] and fields["indicator"] and fields["kind"] and fields["confidence"], where
        assert any(row.char_start >= target.char_start for row in fields["value"]), where
        assert fields["unit"] or not target.unit, where
        assert fields["comparator"] or target.comparator == "=", where
        assert fields["cadence"] or target.cadence == "by", where
        assert bool(fields["scope"]) == (target.scope is not None), where
        assert bool(fields["modality"]) == (target.modality is not None), where
        assert bool(fields["part_of"]) == (target.part_of is not None), where
        assert bool(fields["baseline"]) == (target.baseline is not None), where
        assert bool(fields["year_end"]) == (target.year_end is not None) == (target.year_quote is not None), where
        if target.year_quote is not None:
            assert record.text[target.year_char_start : target.year_char_end] == target.year_quote


def check_names(record: Record) -> None:
    """The pieces of an indicator make it up but for the few words that rules add."""
    for target in record.targets:
        left = target.indicator
        rows = [row for row in record.evidence if (row.target_id, row.field) == (target.target_id, "indicator")]
        for quote in sorted(("".join(row.quote.split()) for row in rows), key=len, reverse=True):
            left = left.replace(quote, "", 1)
        assert len(left) <= 2 or left in ADDED, f"{target.indicator}: {left}"


@pytest.mark.parametrize(
    "path", sorted(p for p in (ROOT / "raw").rglob("*.*") if p.suffix != ".zip"), ids=lambda path: path.name
)
def test_samples_keep_the_invariants(path: pathlib.Path) -> None:
    record = pipeline.parse(path)
    check_invariants(record)
    check_names(record)


def test_real_documents_keep_the_invariants(shared: pathlib.Path) -> None:
    read = 0
    for path in sorted([*(shared / "seeds").iterdir(), *(shared / "documents").iterdir()]):
        try:
            record = pipeline.parse(path)
        except ReadError:
            continue
        check_invariants(record)
        check_names(record)
        assert all(width(line) <= 80 for _, line in explain(record)), path.name
        read += 1
    assert read > 5


def test_every_rule_is_told_somewhere() -> None:
    """A rule is an id of a data file, a class of words, a dimension of measures, or told in docs/rules.md."""
    known = set(re.findall(r"`([a-z-]+)`", (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")))
    lexicon = load_lexicon()
    known |= {*CLASSES, "time", "base"} | {measure.dimension for measure in lexicon.measures.by_unit.values()}
    for path in (ROOT / "pipeline" / "lexicon").glob("*.toml"):
        known |= {rule["id"] for rule in tomllib.loads(path.read_text(encoding="utf-8")).get("rule", ())}
    for record in pipeline.parse_folder(ROOT / "raw").records:
        rules = {row.rule.partition(":")[0] for row in record.evidence}
        rules |= {row.rule for row in record.numbers if row.rule is not None}
        assert rules <= known, record.document.source


# The command


@pytest.fixture
def plan(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "计划.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_explain_prints_words_places_and_rules(plan: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--explain", str(plan)]) == 0
    shown = capsys.readouterr().out
    record = pipeline.parse(plan)
    start = record.text.index("提高到")
    assert "→ 护理型床位占比  ≥ 65 %  (by 2025, 全市)\n" in shown
    assert f"  kind        {f'{start}-{start + 3}':<13}提高到 → level  [level-verb]\n" in shown
    assert "到2025年 → 2025  [deadline-year: in the sentence]\n" in shown
    assert "社区食堂  [carried: of the item before]\n" in shown
    assert "  support: ceiling-of-help (1)\n" in shown and "给予最高[20]万元补助" in shown
    assert "\x1b" not in shown
    assert max(map(width, shown.splitlines())) <= 80


def test_one_target_is_explained_by_its_id_or_the_end_of_it(
    plan: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = pipeline.parse(plan)
    target = target_of(record, "服务企业")
    end = target.target_id.partition("-")[2]
    assert find_targets(record, end) == find_targets(record, target.target_id) == (target.target_id,)
    assert main(["show", "--explain", "--target", end, str(plan)]) == 0
    shown = capsys.readouterr().out
    assert shown.count("→ 服务企业") == 1 and shown.count("\n→ ") == 1
    assert "no targets" not in shown
    assert main(["show", "--explain", "--target", "p9-t9", str(plan)]) == 2
    assert capsys.readouterr().err == (
        f"zhengce: {plan} has no target p9-t9. `zhengce show --explain` lists them all.\n"
    )


def test_the_how_to_shows_what_the_program_shows() -> None:
    page = (ROOT / "docs" / "how-to.md").read_text(encoding="utf-8").partition("know why a row says that")[2]
    plan = re.search(r'>>> plan = """(.*?\n)\.\.\. """', page, re.DOTALL)
    block = re.search(r"```\n(→ .*?)\n```", page, re.DOTALL)
    assert plan is not None and block is not None
    record = parse(plan[1].replace("\n... ", "\n"))
    shown = [line for _, line in explain(record, (record.targets[0].target_id,))]
    assert shown[-len(block[1].split("\n")) :] == block[1].split("\n")


def test_explanation_goes_through_a_pipe(plan: pathlib.Path) -> None:
    environment = os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "pipeline", "show", "--explain", str(plan)]
    shown = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout
    assert "[own-words]" in shown.decode("utf-8")
