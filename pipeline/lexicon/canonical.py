"""One form for all wordings of one indicator: what ids are made of, and what the audit compares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from hashlib import sha256

from pipeline.lexicon import Lexicon

# A bracket at the end that holds the measure: 高新技术企业（家）, 工业增加值（亿元）.
MEASURE = re.compile(r"[(\[](?P<measure>[^()\[\]]{1,6})[)\]]$")
# A serial number before the name of a table row: 3. 森林覆盖率.
SERIAL = re.compile(r"^\d{1,2}[.、)](?!\d)")
MARKS = re.compile(r"[\s\"'“”‘’「」『』《》〈〉()\[\]〔〕【】、,，;；:：·•的]")


class Canonical:
    """The canonical form of indicators in a document that speaks for `own_places`.

    Wordings that differ only in the following have one form: width and case of letters, white space,
    quotation marks, brackets, 的 and enumeration commas; a measure in brackets at the end; a leading scope word
    (全市, 我省), one of the document's own places (云州市高新技术企业 in a plan of 云州市) or a word for all kinds
    (各级各类); a named level (云州市级 = 市级); the synonyms and empty endings of `indicators.csv` (数量, 总数;
    占…的比重).
    What is left is compared as it stands, so a form joins too little rather than too much.
    """

    def __init__(self, own_places: Collection[str], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.words = lexicon.indicators
        self.own_places = tuple(sorted(own_places, key=lambda name: (-len(name), name)))
        scopes = sorted(lexicon.wording["scope"], key=lambda word: (-len(word), word))
        # By their first character, in the order in which they are tried.
        self.leading: dict[str, list[str]] = {}
        for word in (*self.own_places, *scopes, *self.words.openings):
            self.leading.setdefault(word[0], []).append(word)
        self.synonyms = tuple(self.words.synonyms.items())
        self.by_head: dict[str, list[str]] = {}
        for word, _ in self.synonyms:
            self.by_head.setdefault(word[0], []).append(word)
        self.heads = frozenset(self.by_head)

    def form(self, indicator: str) -> str:
        """Give the canonical form: 全市“专精特新”企业数量（家） → 专精特新企业."""
        form = unicodedata.normalize("NFKC", indicator).strip()
        if form[:1].isdecimal():
            form = SERIAL.sub("", form)
        match = MEASURE.search(form) if form.endswith((")", "]")) else None
        if match and self._is_measure(match["measure"]):
            form = form[: match.start()]
        form = MARKS.sub("", form)
        form = self._without_ending(self._without_place(form))
        if any([word in form for head in self.heads.intersection(form) for word in self.by_head[head]]):
            # Twice, because a synonym may bring another about: R&D经费 → 研发经费 → 研发投入.
            for word, value in (*self.synonyms, *self.synonyms):
                form = form.replace(word, value)
        return form.casefold() or "".join(indicator.split())

    def _is_measure(self, words: str) -> bool:
        bare = words.lstrip("十百千万亿")
        return not bare or bare in self.lexicon.measures.by_unit

    def _without_place(self, form: str) -> str:
        """Drop scope words and the own places in front; a named level becomes the bare level."""
        while words := self.leading.get(form[:1]):
            word = next((word for word in words if _opens(form, word)), None)
            if word is None:
                break
            form = form.removeprefix(word)
        if "级" not in form:
            return form
        for length, places in self.lexicon.places.starting(form)[:1]:
            if form[length : length + 1] == "级":
                return places[0].level_word + form[length:]
        for place in self.own_places:
            if form.startswith(place + "级"):
                return form[len(place) - 1 :]
        return form

    def _without_ending(self, form: str) -> str:
        """Drop what only says that something is counted or shared: 企业数量 → 企业, 占工业比重 → 占工业."""
        if "占" in form[1:]:
            for word in self.words.shares:
                if form.endswith(word) and not form.endswith("占" + word):
                    return form.removesuffix(word)
        if form.endswith(self.words.endings) and not form.endswith(self.words.kept):
            for word in self.words.endings:
                if form.endswith(word) and len(form) > len(word) + 1:
                    return form.removesuffix(word)
        return form


def indicator_id(form: str) -> str:
    """Give the id of an indicator: `i` and 12 hexadecimal digits of the SHA-256 of its canonical form."""
    return "i" + sha256(form.encode("utf-8")).hexdigest()[:12]


def _opens(form: str, word: str) -> bool:
    """Tell whether something follows the word in front: 全市 alone is all there is, 云州市级 names a level."""
    rest = form[len(word) :]
    return form.startswith(word) and bool(rest) and not rest.startswith("级")
