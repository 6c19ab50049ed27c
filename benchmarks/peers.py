"""What two other packages find in the same texts, and how long they take; runs in an interpreter that has them.

Recognizers-Text (numbers, percentages, dimensions, currency, dates) and JioNLP (money and time). They are no part of
our locked versions; text.py starts this file with the interpreter that `--peers` names. To make one:

    python3 -m venv peers
    peers/bin/pip install "emoji<2" recognizers-text-suite jionlp opencc

It reads the path of a folder of texts, then on each line the name of a package, and answers with the CPU seconds that
the package takes for all texts; on `hits NAME` with what it found.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Units as the texts write them; what is not here keeps the package's own name and equals no unit of the gold.
UNITS = {
    "Square meter": "平方米", "Square kilometer": "平方公里", "Kilometer": "公里", "Meter": "米", "Mu": "亩",
    "Kilogram": "公斤", "Liter": "升", "Hectare": "公顷", "Chinese yuan": "元", "Kilowatt": "千瓦", "Bit": "位",
    "Ton": "吨", "Watt": "瓦", "Hour": "小时", "Minute": "分钟", "Day": "天",
}  # fmt: skip
PACKAGES = {"recognizers": "recognizers-text-suite", "jionlp": "jionlp"}
WINDOW = 60
NOTHING = re.compile(r"\s+")


def around(text: str, start: int, end: int) -> str:
    """Give the words around a place: what the scorer compares with the passage of the gold."""
    return NOTHING.sub("", text[max(0, start - WINDOW) : end + WINDOW])


def recognizers() -> Callable[[str], list[tuple[int, int, Any, str]]]:
    """Give the function that finds start, end, value and unit with the five models of Recognizers-Text."""
    from recognizers_date_time import recognize_datetime
    from recognizers_number import recognize_number, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension

    culture = "zh-cn"

    def found(text: str) -> list[tuple[int, int, Any, str]]:
        hits: list[tuple[int, int, Any, str]] = []
        for model in (recognize_number, recognize_percentage, recognize_dimension, recognize_currency):
            for hit in model(text, culture):
                told = hit.resolution or {}
                value = str(told.get("value") or "")
                if model is recognize_percentage:
                    # 0.5个百分点 comes as 0.5%; the words tell which it is.
                    unit = "百分点" if "点" in hit.text else "%"
                else:
                    unit = UNITS.get(told.get("unit") or "", told.get("unit") or "")
                hits.append((hit.start, hit.end + 1, value.rstrip("%"), unit))
        recognize_datetime(text, culture)
        return hits

    return found


def jionlp() -> Callable[[str], list[tuple[int, int, Any, str]]]:
    """Give the function that finds money with JioNLP, and the times, which are no targets."""
    logging.disable(logging.CRITICAL)
    import jionlp as jio

    def found(text: str) -> list[tuple[int, int, Any, str]]:
        hits: list[tuple[int, int, Any, str]] = []
        for hit in jio.ner.extract_money(text, with_parsing=True):
            told = hit.get("detail") or {}
            number = told.get("num")
            value = number[0] if isinstance(number, list) else number
            hits.append((*hit["offset"], value, told.get("case") or ""))
        jio.ner.extract_time(text, time_base=0, with_parsing=True)
        return hits

    return found


def rows(found: Callable[[str], list[tuple[int, int, Any, str]]], text: str) -> list[dict[str, Any]]:
    """Give the hits as rows like those of our targets."""
    return [
        {"value": value, "unit": unit, "sentence": around(text, start, end), "indicator": ""}
        for start, end, value, unit in found(text)
    ]


def main() -> None:
    """Answer until the lines end. Answers go to the first output, whatever the packages print to it."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[1]).glob("*.txt"))}
    finders = {"recognizers": recognizers(), "jionlp": jionlp()}
    versions = {name: importlib.metadata.version(package) for name, package in PACKAGES.items()}
    print(json.dumps(versions), file=answers, flush=True)
    for line in sys.stdin:
        *hits, name = line.split()
        began = time.process_time()
        if hits:
            answer: Any = {stem: rows(finders[name], text) for stem, text in texts.items()}
        else:
            for text in texts.values():
                finders[name](text)
            answer = time.process_time() - began
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
