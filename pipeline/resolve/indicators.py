"""Indicators: one id for the same indicator over versions, cities and spellings."""

from __future__ import annotations

from pipeline.lexicon import Lexicon
from pipeline.lexicon.canonical import Canonical, indicator_id
from pipeline.lexicon.places import Place
from pipeline.model.outline import Front
from pipeline.quick.plain import plain

# A government names its place first, the lowest last: 青川省|云州市|人民政府办公室.
GOVERNMENT = plain(r"^(?P<places>.+[省市区县州盟旗])(?:人民政府|政府|委员会)")
PLACE = plain(r"[^省市区县州盟旗]+[省市区县州盟旗]+")


class Indicators:
    """The ids of the indicators of one document: its own places are those of its issuers."""

    def __init__(self, front: Front, place: Place | None, lexicon: Lexicon) -> None:
        names = {place.name} if place is not None else set()
        for issuer in front.issuers:
            if match := GOVERNMENT.match(issuer):
                names.update(PLACE.findall(match["places"])[-1:])
        self.names = Canonical(names, lexicon)

    def id_of(self, indicator: str) -> str:
        """Give the id of an indicator: `i` and 12 hexadecimal digits of its canonical form's SHA-256."""
        return indicator_id(self.canonical(indicator))

    def canonical(self, indicator: str) -> str:
        """Give the canonical form: 全市“专精特新”企业数量（家） → 专精特新企业."""
        return self.names.form(indicator)
