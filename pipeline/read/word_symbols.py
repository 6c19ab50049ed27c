"""Signs of symbol fonts, which a file names by their place in the font: Symbol, Wingdings."""

from __future__ import annotations

PRIVATE_FIRST = 0xF000
PRIVATE_LAST = 0xF0FF
# Signs of the font Symbol that plans print: relations and measures change what a figure says.
SYMBOL_FONT = {
    0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xB0: "°", 0xB7: "•", 0xBE: "—",
    0xA5: "∞", 0xAE: "→", 0xAC: "←", 0xD6: "√", 0xD7: "·", 0xE5: "∑", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0x61: "α",
    0x62: "β", 0x67: "γ", 0x64: "δ", 0x68: "η", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x71: "θ", 0x72: "ρ", 0x73: "σ",
    0x66: "φ", 0x77: "ω", 0x2D: "−",
}  # fmt: skip
WINGDINGS_FONT = {
    0x6C: "●", 0x6E: "■", 0x75: "◆", 0x9F: "•", 0xA7: "▪", 0xA8: "□", 0x6F: "□", 0x71: "□", 0xD8: "➢", 0xDC: "➢",
    0xFC: "✓", 0xFE: "☑", 0xFD: "☒", 0xFB: "✗", 0xE0: "→", 0xB2: "◇", 0x76: "❖", 0xAB: "★",
    **{0x81 + offset: chr(ord("①") + offset) for offset in range(10)},
}  # fmt: skip
WINGDINGS_2_FONT = {0x52: "☑", 0x50: "✓", 0x51: "☒", 0x54: "☒", 0x98: "•", 0x97: "●", 0xA3: "□", 0x2A: "□"}
FONTS = {"symbol": SYMBOL_FONT, "wingdings": WINGDINGS_FONT, "wingdings 2": WINGDINGS_2_FONT}


def symbol(text: str, font: str) -> str:
    """Give signs of a symbol font as characters of Unicode; a sign that is not known stays as it is."""
    table = FONTS.get(font.strip().lower())
    if table is None:
        return text
    return "".join(table.get(_place(character), character) for character in text)


def _place(character: str) -> int:
    code = ord(character)
    return code - PRIVATE_FIRST if PRIVATE_FIRST <= code <= PRIVATE_LAST else code
