"""Red seals: what is printed below them is read as if they were not there."""

from __future__ import annotations

from typing import Any

# How much more red than green or blue a sign of the seal has (of 255), and the least side of a seal in inches.
# Red heads of papers are set in letters smaller than that, and the line below them is not high.
REDNESS = 40
LEAST_SIDE = 0.9
BRIDGE = 0.05


def without_seals(image: Any, dots: float) -> Any:
    """Give an image (height x width x blue, green, red) in which red within the bounds of seals is as light as paper.

    Black ink below a seal stays: red ink lets red light through, so the red channel shows what is below.
    """
    import cv2
    import numpy

    blue, green, red = (image[:, :, channel].astype(numpy.int16) for channel in range(3))
    is_red = (red - numpy.maximum(blue, green) > REDNESS).astype(numpy.uint8)
    # Black lines and letters cut the ring of a seal to pieces.
    reach = max(3, round(BRIDGE * dots)) | 1
    joined = cv2.dilate(is_red, numpy.ones((reach, reach), numpy.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    seals = [box for box in boxes[1:count].tolist() if min(box[2], box[3]) >= LEAST_SIDE * dots]
    if not seals:
        return image
    cleared = image.copy()
    # The edges of what is red are less red than its middle.
    edges = cv2.dilate(is_red, numpy.ones((5, 5), numpy.uint8)) > 0
    for x, y, width, height, _area in seals:
        area = slice(max(0, y - 2), y + height + 2), slice(max(0, x - 2), x + width + 2)
        part, light = cleared[area], image[area][:, :, 2]
        paper = int(numpy.percentile(light, 90))
        ink = int(numpy.percentile(light[edges[area]], 75)) if edges[area].any() else paper
        # Seal ink is somewhat darker than paper even in red light.
        lifted = numpy.clip(light.astype(numpy.float32) * paper / max(ink, 1), 0, 255).astype(numpy.uint8)
        part[edges[area]] = lifted[edges[area]][:, None]
    return cleared
