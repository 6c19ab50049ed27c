"""The documentation is true: made pages are current, commands and links exist, examples run, every code is told."""

from __future__ import annotations

import doctest
import html
import importlib.util
import pathlib
import re
import tomllib

import pytest

from pipeline import parse, parse_folder
from pipeline.cli import main
from pipeline.show import show

ROOT = pathlib.Path(__file__).parents[1]
GUIDE = ROOT / "pipeline" / "lexicon" / "README.md"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")), GUIDE]


def read(page: pathlib.Path) -> str:
    return page.read_text(encoding="utf-8")


def shown_outputs() -> list[tuple[str, str, str]]:
    """Give the outputs that pages show of the commands that compare: page, command without `zhengce`, lines."""
    command = r"^```\n(?:\S*/)?zhengce ((?:diff|track|duplicates|consistency) [^\n]*)\n```\n"
    block = command + r"[^`#]*?^```\n(.*?)^```"
    return [
        (page.relative_to(ROOT).as_posix(), found[1], found[2])
        for page in PAGES
        for found in re.finditer(block, read(page), re.MULTILINE | re.DOTALL)
    ]


def test_made_pages_are_current() -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert read(generate.PAGE) == generate.dictionary(), "write it anew: make dictionary"
    assert read(generate.EXAMPLE) == generate.example(), "write it anew: make dictionary"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: pathlib.Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", read(page))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_make_targets_exist(page: pathlib.Path) -> None:
    known = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?m)(?:^ *|`)make ([a-z]+)", read(page))) <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_python_examples_run(page: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert not doctest.testfile(str(page), module_relative=False, optionflags=flags, encoding="utf-8").failed


def test_lexicon_guide_names_every_data_file() -> None:
    files = {path.name for path in GUIDE.parent.iterdir() if path.suffix in (".csv", ".toml")}
    assert set(re.findall(r"^\| `([\w.]+)` \|", read(GUIDE), re.MULTILINE)) == files


def test_samples_page_names_every_sample() -> None:
    raw = ROOT / "raw"
    files = {path.relative_to(raw).as_posix() for path in raw.rglob("*") if path.is_file()}
    assert (
        set(re.findall(r"`([\w./-]+\.(?:txt|html|pdf|docx|ofd|xlsx|zip))`", read(ROOT / "docs" / "samples.md")))
        == files
    )


def test_lock_files_name_no_registry_and_hold_every_dependency() -> None:
    project = tomllib.loads(read(ROOT / "pyproject.toml"))
    name = re.compile(r"^([A-Za-z0-9._-]+)")
    for file, wanted in {
        "requirements-build.lock": project["dependency-groups"]["build"],
        "requirements.lock": project["project"]["dependencies"],
        "requirements-cluster.lock": project["project"]["optional-dependencies"]["cluster"],
        "requirements-dev.lock": project["dependency-groups"]["dev"] + project["project"]["dependencies"],
    }.items():
        text = read(ROOT / file)
        assert "://" not in text and "index-url" not in text
        locked = {match.group(1).casefold() for match in re.finditer(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
        assert {name.match(entry).group(1).casefold() for entry in wanted} <= locked  # type: ignore[union-attr]


def test_every_problem_code_is_explained() -> None:
    told = set(re.findall(r"^\| `([a-z_]+)` \|", read(ROOT / "docs" / "rules.md"), re.MULTILINE))
    assert told >= problem_codes(), "add the new codes to docs/rules.md"


def test_every_rule_and_confidence_of_the_samples_is_explained() -> None:
    page = read(ROOT / "docs" / "rules.md")
    rows = [row for record in parse_folder(ROOT / "raw").records for row in record.targets]
    assert {row.rule for row in rows} <= set(re.findall(r"`([a-z-]+)`", page))
    assert {f"{row.confidence:.2f}" for row in rows} <= set(re.findall(r"^\| (\d\.\d\d) \|", page, re.MULTILINE))


def test_tutorial_shows_what_the_program_shows() -> None:
    shown = re.findall(r"(?m)^ +[（→@].*$", read(ROOT / "docs" / "tutorial.md"))
    lines = [line for _, line in show(parse(ROOT / "raw" / "opinion-with-lead-rule.txt"))]
    start = lines.index(shown[0])
    assert lines[start : start + len(shown)] == shown


@pytest.mark.parametrize("options", [["--function", "教育"], ["--unresolved"]])
def test_how_to_shows_what_the_command_prints(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["organisations", str(ROOT / "structured"), *options]) == 0
    shown = read(ROOT / "docs" / "how-to.md")
    assert capsys.readouterr().out in shown


SHOWN = shown_outputs()


@pytest.mark.parametrize(("page", "command", "shown"), SHOWN, ids=[f"{page} {words[:9]}" for page, words, _ in SHOWN])
def test_pages_show_what_the_comparing_commands_print(
    page: str, command: str, shown: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(ROOT / word) if (ROOT / word).exists() else word for word in command.split()]
    if "-o" in arguments:
        arguments[arguments.index("-o") + 1] = str(tmp_path)
    assert main(arguments) == 0
    lines, place = capsys.readouterr().out.splitlines(), 0
    # A line … stands for what is left out.
    for part in re.split(r"(?m)^…\n", shown):
        wanted = part.splitlines()
        found = [at for at in range(place, len(lines)) if lines[at : at + len(wanted)] == wanted]
        assert found, f"{page} shows what `zhengce {command}` does not print:\n{part}"
        place = found[0] + len(wanted)


def test_picture_shows_a_row_of_the_output() -> None:
    picture = read(ROOT / "docs" / "one-clause.svg")
    record = parse(ROOT / "raw" / "notice-with-one-plan.txt")
    row = next(row for row in record.targets if row.quote == "突破300亿元")
    shown = {html.unescape(cell) for cell in re.findall(r">([^<>\n]+)</text>", picture)}
    names = (
        "modality", "indicator", "year_end", "comparator", "value", "unit", "quote",
        "kind", "char_start", "char_end", "rule", "confidence", "section_id",
    )  # fmt: skip
    assert {name: str(getattr(row, name)) for name in names if str(getattr(row, name)) not in shown} == {}
    assert set(names) <= shown


def problem_codes() -> set[str]:
    """Give the codes that the program writes into problems: they follow a severity, or make a ReadError."""
    before = r"(?:Problem\(\s*\"(?:error|warning|info)\",\s*|ReadError\(\s*|file_problem\([\w.]+,\s*|code, message = )"
    pattern = re.compile(before + r"\"([a-z_]+)\"")
    return {code for path in (ROOT / "pipeline").rglob("*.py") for code in pattern.findall(read(path))}
