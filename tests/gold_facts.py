"""What careful readers found in the shared documents, kept as facts: places, values and names, no passages.

    python tests/gold_facts.py pack GOLD.json ...     write tests/gold/documents/<stem>.json from full gold files
    python tests/gold_facts.py rebuild FOLDER         write the full gold files of all facts into FOLDER

The full form (../shared/score/GOLD.md) quotes the document in every context, heading and goal. Here each quote is a
place: `[offset, length]` in the text of the worksheet that ../shared/score/worksheet.py makes of the document. So is a
name or title that is longer than a few words (`{"text_at": [offset, length]}`; two such places where a figure stands
in its midst). To rebuild, the text is made anew and
the quotes are cut from it; `sha256` tells whether it is still the same text.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import redirect_stdout
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared"
FACTS = HERE / "gold" / "documents"
SOURCES = ("seeds", "documents")
# A name as long as this is kept by its place.
LONG_NAME = 20
NUMBER = re.compile(r"\d+(?:[,，]\d{3})*(?:\.\d+)?")

Gold = dict[str, Any]


class ChangedTextError(ValueError):
    """The text of a document is not the one that its facts were taken from, or a quote does not stand in it."""


def source_of(stem: str) -> Path:
    """Give the shared document with this stem. Raises FileNotFoundError where there is none."""
    found = [path for folder in SOURCES for path in sorted((SHARED / folder).glob(f"{stem}.*"))]
    if not found:
        raise FileNotFoundError(f"no document {stem}.* in {' or '.join(SOURCES)} of {SHARED}")
    return found[0]


def worksheet_text(source: Path) -> str:
    """Give the text that the offsets point into, as the worksheet of the shared tools makes it."""
    tool = SHARED / "score" / "worksheet.py"
    spec = importlib.util.spec_from_file_location("worksheet", tool)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(tool)
    worksheet = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(worksheet)
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        worksheet.main(str(source), folder)
        return (Path(folder) / f"{source.stem}.text.txt").read_text(encoding="utf-8")


class Quotes:
    """Passages of a text by place. White space does not count: passages are spelled without it."""

    def __init__(self, text: str) -> None:
        """Note where the characters other than white space stand."""
        self.text = text
        self.offsets = [offset for offset, character in enumerate(text) if not character.isspace()]
        self.squeezed = "".join(text[offset] for offset in self.offsets)
        self.numbers = [match.span() for match in NUMBER.finditer(text)]

    def cut(self, place: list[int]) -> str:
        """Give the passage at [offset, length], and with blanks before the characters that further entries count."""
        offset, length, *blanks = place
        passage = "".join(self.text[offset : offset + length].split())
        for blank in reversed(blanks):
            passage = f"{passage[:blank]} {passage[blank:]}"
        return passage

    def find(self, passage: str, *, after: int = 0, label: str = "", holding: tuple[int, ...] = ()) -> list[int]:
        """Give the place of a passage: behind its label or with these numbers in it, if it stands so anywhere.

        Of several the next after an offset is taken, else the first. Raises ChangedTextError where there is none.
        """
        words = "".join(passage.split())
        firsts = list(self._occurrences(words))
        firsts = [first for first in firsts if self.squeezed.endswith("".join(label.split()), 0, first)] or firsts
        places = [(self.offsets[first], self.offsets[first + len(words) - 1] + 1) for first in firsts]
        spans = [self.numbers[index] for index in holding]
        places = [p for p in places if all(p[0] <= start and end <= p[1] for start, end in spans)] or places
        if not places:
            raise ChangedTextError(f"{passage!r} does not stand in the text")
        near = spans[0][0] if spans else after
        start, end = min(places, key=lambda p: (p[0] < after, abs(p[0] - near)))
        return [start, end - start, *blanks_of(passage)]

    def _occurrences(self, words: str) -> Iterator[int]:
        first = self.squeezed.find(words)
        while words and first >= 0:
            yield first
            first = self.squeezed.find(words, first + 1)

    def shorten(self, value: Any) -> Any:
        """Give `value` with the long names in it that stand in the text so replaced by their places."""
        if isinstance(value, dict):
            return {key: self.shorten(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.shorten(inner) for inner in value]
        if not isinstance(value, str) or len(value) < LONG_NAME:
            return value
        for parts in [(value,), *((value[:cut], value[cut:]) for cut in range(len(value) - 2, 1, -1))]:
            try:
                places = [self.find(part) for part in parts]
            except ChangedTextError:
                continue
            if "".join(map(self.cut, places)) == value:
                return {"text_at": places[0] if len(places) == 1 else places}
        return value

    def lengthen(self, value: Any) -> Any:
        """Give back what `shorten` was given."""
        if isinstance(value, list):
            return [self.lengthen(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"text_at"}:
            at = value["text_at"]
            return self.cut(at) if isinstance(at[0], int) else "".join(map(self.cut, at))
        return {key: self.lengthen(inner) for key, inner in value.items()}


def blanks_of(passage: str) -> list[int]:
    """Give before which characters (white space not counted) a passage has a blank, for the few that keep theirs."""
    blanks: list[int] = []
    counted = 0
    for character in passage:
        if character.isspace():
            blanks.append(counted)
        else:
            counted += 1
    return blanks


def runs(indices: list[int]) -> str:
    """Spell indices in runs: "0-3 5"."""
    first_of_run = [i for i in indices if i - 1 not in set(indices)]
    spelled = []
    for first in first_of_run:
        last = first
        while indices[min(bisect_left(indices, last + 1), len(indices) - 1)] == last + 1:
            last += 1
        spelled.append(str(first) if first == last else f"{first}-{last}")
    return " ".join(spelled)


def indices_of(spelled: str) -> Iterator[int]:
    """Read what `runs` spelled."""
    for run in spelled.split():
        first, _, last = run.partition("-")
        yield from range(int(first), int(last or first) + 1)


def pack(gold: Gold, text: str, source: str) -> Gold:
    """Give the facts of a full gold file; `source` is the document's path below ../shared."""
    quotes = Quotes(text)
    headings, after = [], 0
    for heading in gold["headings"]:
        place = quotes.find(heading["title"], after=after, label=heading["label"])
        after = place[0] + 1
        headings.append({**{key: heading[key] for key in ("plan", "depth", "label")}, "at": place})
    targets, after = [], 0
    for target in gold["targets"]:
        place = quotes.find(target["context"], after=after, holding=tuple(target["numbers"]))
        after = place[0]
        targets.append({"at": place, **{key: value for key, value in target.items() if key != "context"}})
    responsibilities, after = [], 0
    for entry in gold["responsibilities"]:
        place = quotes.find(entry["under"], after=after)
        after = place[0]
        responsibilities.append({"at": place, **{key: value for key, value in entry.items() if key != "under"}})
    names = sorted(set(gold["numbers"].values()))
    classes = {name: sorted(int(i) for i, c in gold["numbers"].items() if c == name) for name in names}
    return {
        "stem": gold["stem"],
        "source": source,
        "sha256": sha256(text.encode()).hexdigest(),
        "document": quotes.shorten(gold["document"]),
        "plans": quotes.shorten(gold["plans"]),
        "numbers": {name: runs(indices) for name, indices in classes.items()},
        "headings": headings,
        "targets": quotes.shorten(targets),
        "responsibilities": quotes.shorten(responsibilities),
    }


def rebuild(facts: Gold, text: str) -> Gold:
    """Give the full gold file. Raises ChangedTextError where the text is another than the one that was read."""
    if sha256(text.encode()).hexdigest() != facts["sha256"]:
        raise ChangedTextError(
            f"the text of {facts['source']} has changed since it was read; its gold has to be made anew"
        )
    quotes = Quotes(text)
    facts = quotes.lengthen(facts)

    def quoted(entry: Gold, name: str) -> Gold:
        return {name: quotes.cut(entry["at"]), **{key: value for key, value in entry.items() if key != "at"}}

    classes = {i: name for name, spelled in facts["numbers"].items() for i in indices_of(spelled)}
    return {
        "stem": facts["stem"],
        "document": facts["document"],
        "plans": facts["plans"],
        "headings": [quoted(heading, "title") for heading in facts["headings"]],
        "numbers": {str(i): classes[i] for i in sorted(classes)},
        "targets": [quoted(target, "context") for target in facts["targets"]],
        "responsibilities": [quoted(entry, "under") for entry in facts["responsibilities"]],
        "_number_texts": [[text[a:b], classes[i]] for i, (a, b) in enumerate(quotes.numbers)],
    }


def spell(facts: Gold) -> str:
    """Write facts as JSON with one line an entry."""
    lines = []
    for name, value in facts.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in value)
            lines.append(f' "{name}": [\n{rows}\n ]')
        else:
            lines.append(f' "{name}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def full_gold(path: Path) -> Gold:
    """Give the full gold file of one file of facts, with its quotes cut from the shared document."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    return rebuild(facts, worksheet_text(SHARED / facts["source"]))


def rebuild_all(folder: Path) -> list[Path]:
    """Write the full gold files of all facts into `folder`; gives the documents that they are about."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = []
    for path in sorted(FACTS.glob("*.json")):
        gold = full_gold(path)
        (folder / path.name).write_text(json.dumps(gold, ensure_ascii=False, indent=1), encoding="utf-8")
        sources.append(SHARED / json.loads(path.read_text(encoding="utf-8"))["source"])
    return sources


def pack_file(path: Path) -> Path:
    """Write the facts of one full gold file, and see that the same gold file can be made of them again."""
    gold = json.loads(path.read_text(encoding="utf-8"))
    source = source_of(gold["stem"])
    text = worksheet_text(source)
    facts = pack(gold, text, source.relative_to(SHARED).as_posix())
    again = rebuild(json.loads(spell(facts)), text)
    different = [key for key in again if again[key] != gold.get(key, again[key])]
    if different:
        raise ChangedTextError(f"{path} cannot be made again from its facts: {', '.join(different)} would differ")
    written = FACTS / f"{gold['stem']}.json"
    written.write_text(spell(facts), encoding="utf-8")
    return written


def main() -> int:
    """Pack or rebuild."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("pack").add_argument("gold", type=Path, nargs="+")
    commands.add_parser("rebuild").add_argument("folder", type=Path)
    options = parser.parse_args()
    if not SHARED.is_dir():
        print(f"The shared documents are not at {SHARED}.", file=sys.stderr)
        return 1
    if options.command == "rebuild":
        print(f"{len(rebuild_all(options.folder))} gold files in {options.folder}")
        return 0
    for path in options.gold:
        try:
            print(pack_file(path))
        except (OSError, ValueError, KeyError) as error:
            print(f"{path}: {type(error).__name__}: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
