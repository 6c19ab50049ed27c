"""Figures against the ink of their line: how many shapes there are, and what ink no sign accounts for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.read.scan_engine import Sign

if TYPE_CHECKING:
    from pipeline.read.scan_lines import Crop

FIGURES = frozenset("0123456789０１２３４５６７８９.%‰．％")
# Ink smaller than these shares of the height of a line is dirt; a point is larger.
LEAST_SHAPE = 0.06
SHAPE_HEIGHT = 120
# Beside a sign so much is left free, as its place is known to an eighth only; what is wider than this and holds ink
# (so much darker than paper, on so much of the height) is a sign that was not read. All in sizes of the type.
SPARED = 0.06
LEAST_GAP = 0.1
FAINT = 0.15
LOST_INK = 0.12


def beside_lost_ink(crop: Crop, signs: Sequence[Sign]) -> Iterator[int]:
    """Give the figures beside which ink stands where no sign was read: a smeared digit is passed over in silence."""
    if not any(sign.text in FIGURES for sign in signs):
        return
    size, width = crop.x1 - crop.x0, crop.image.shape[1]
    em = 0.93 * (crop.bottom - crop.top)
    dark = _darkness(crop.image)
    edges = [0.0, *(edge for sign in signs for edge in _edges(sign, size, em)), float(width)]
    for place in range(len(signs) + 1):
        beside = [index for index in (place - 1, place) if 0 <= index < len(signs) and signs[index].text in FIGURES]
        start, end = edges[2 * place] + SPARED * em, edges[2 * place + 1] - SPARED * em
        if beside and end - start >= LEAST_GAP * em and dark[int(start) : int(end)].mean() >= LOST_INK:
            yield from beside


def _edges(sign: Sign, width: float, em: float) -> tuple[float, float]:
    """Give the edges of a sign in pixels from the left of its line."""
    half = em * (0.5 if sign.text > "\u2e7f" or sign.text in "%‰—…“”" else 0.27) / (2 if sign.text == "." else 1)
    return sign.start * width - half, sign.start * width + half


def _darkness(image: Any) -> Any:
    """Give for each column of a line the share of its middle part that is clearly darker than paper."""
    import numpy

    height = image.shape[0]
    grey = image[int(0.2 * height) : max(int(0.8 * height), int(0.2 * height) + 1)].mean(axis=2)
    paper, ink = numpy.percentile(grey, 85), numpy.percentile(grey, 2)
    return (grey < paper - FAINT * max(paper - ink, 40)).mean(axis=0)


def shapes(crop: Crop) -> int:
    """Count the shapes of ink that stand beside each other in a crop; what lies above another is part of it."""
    import cv2

    grey = cv2.cvtColor(crop.image, cv2.COLOR_BGR2GRAY)
    share = SHAPE_HEIGHT / grey.shape[0]
    # Enlarged and smoothed, thin strokes hang together and grain goes out.
    grey = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_CUBIC)
    grey = cv2.GaussianBlur(grey, (0, 0), SHAPE_HEIGHT / 60)
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    reach = (0.1 * SHAPE_HEIGHT, 0.95 * SHAPE_HEIGHT)
    kept = sorted(
        (box[0], box[0] + box[2])
        for box in boxes[1:count].tolist()
        if max(box[2], box[3]) >= LEAST_SHAPE * SHAPE_HEIGHT and box[1] < reach[1] and box[1] + box[3] > reach[0]
    )
    found: list[tuple[int, int]] = []
    for start, end in kept:
        if found and min(end, found[-1][1]) - start > 0.4 * min(end - start, found[-1][1] - found[-1][0]):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return len(found)
