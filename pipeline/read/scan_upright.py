"""Pages that were laid on the glass askew, sideways or upside down."""

from __future__ import annotations

import math
from typing import Any

# Lines this much longer than high tell in which direction the page is written.
LONG = 2.0
# Tilts below this, in degrees, move a line by less than a tenth of its height; those above are no accident.
LEAST_TILT = 0.1
MOST_TILT = 8.0
# Drawn lines from this length on, in inches, and how many are enough; each step of a tilted one is longer than that.
RULE_LENGTH = 1.2
FEWEST_RULES = 3
STEP = 0.1
STEEPEST = 0.15


def is_sideways(lines: Any) -> bool:
    """Tell whether most of the length of the lines (corners: lines x 4 x 2) runs up and down."""
    across, up = _sides(lines)
    long = (across > LONG * up) | (up > LONG * across)
    return bool((up[long] * (up[long] > across[long])).sum() > (across[long] * (across[long] > up[long])).sum())


def tilt_of(lines: Any) -> float:
    """Give by how many degrees the lines fall to the right: the median, long lines counting more. 0 where unsure."""
    import numpy

    across, up = _sides(lines)
    long = across > 4 * up
    if not long.any():
        return 0.0
    runs = (lines[:, 1] - lines[:, 0] + lines[:, 2] - lines[:, 3])[long]
    angles = numpy.degrees(numpy.arctan2(runs[:, 1], runs[:, 0]))
    order = numpy.argsort(angles, kind="stable")
    weight = across[long][order].cumsum()
    angle = float(angles[order][numpy.searchsorted(weight, weight[-1] / 2)])
    return angle if abs(angle) <= MOST_TILT else 0.0


def tilt_of_rules(ink: Any, dots: float) -> float | None:
    """Give by how many degrees the drawn lines of a page fall to the right; None where there are too few.

    They tell it more closely than lines of text: a table of narrow cells has none that is long.
    """
    import cv2
    import numpy

    # Upright lines and most strokes of letters are narrower than this; a line that is tilted goes on in steps.
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((1, max(3, int(STEP * dots))), numpy.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(level, connectivity=8)
    slopes: list[tuple[float, float]] = []
    for number in range(1, count):
        x, y, width, height, _area = boxes[number].tolist()
        if width < RULE_LENGTH * dots or height > STEEPEST * width:
            continue
        down, right = numpy.nonzero(labels[y : y + height, x : x + width] == number)
        slope = float(numpy.polyfit(right, down, 1)[0])
        slopes.append((math.degrees(math.atan(slope)), float(width)))
    if len(slopes) < FEWEST_RULES:
        return None
    slopes.sort()
    half = sum(width for _, width in slopes) / 2
    for angle, width in slopes:
        half -= width
        if half <= 0:
            return angle if abs(angle) <= MOST_TILT else None
    return None


def levelled(image: Any, lines: Any, angle: float) -> tuple[Any, Any]:
    """Give the image and the corners of its lines, turned so that what falls by `angle` degrees is level."""
    import cv2
    import numpy

    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    ground = tuple(int(value) for value in numpy.percentile(image[::8, ::8].reshape(-1, 3), 90, axis=0))
    turned = cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=ground
    )
    moved = cv2.transform(lines.reshape(-1, 1, 2), matrix).reshape(lines.shape)
    return turned, moved.astype(numpy.float32)


def _sides(lines: Any) -> tuple[Any, Any]:
    """Give the extent of each line to the right and down."""
    across = lines[:, :, 0].max(axis=1) - lines[:, :, 0].min(axis=1)
    up = lines[:, :, 1].max(axis=1) - lines[:, :, 1].min(axis=1)
    return across, up
