"""An image → Source: the characters of a scan, recognised, laid out like every printed page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pipeline.model import Problem
from pipeline.read.content import Content
from pipeline.read.errors import ReadError
from pipeline.read.layout import lay_out
from pipeline.read.layout.grid import Grid, grids_of
from pipeline.read.printed import Glyph, Page, Rule
from pipeline.read.pulse import pulse
from pipeline.read.recognition import recognised
from pipeline.read.scan_doubts import doubt_problems
from pipeline.read.scan_engine import Engine, engine
from pipeline.read.scan_lines import Crop, Reading, crops_of, cut, glyphs_of, legible, marked, readings, sizes_of
from pipeline.read.scan_rules import Stroke, ink_of, strokes_of, without
from pipeline.read.scan_stamp import without_seals
from pipeline.read.scan_upright import LEAST_TILT, is_sideways, levelled, tilt_of, tilt_of_rules

__all__ = ["doubt_problems", "read_image", "scanned_page"]

if TYPE_CHECKING:
    from PIL.Image import Image

# A page of A3 at 600 dots per inch has 70 million pixels; a small file can claim a thousand times more.
MOST_PIXELS = 80_000_000
MOST_PAGES = 500
# The narrow side of a sheet of A4, in inches: the resolution of an image that does not tell it.
SHEET_WIDTH = 8.27
# Resolutions that files state without meaning them (screens), and those that no scanner has.
LEAST_DOTS, MOST_DOTS = 100.0, 1200.0
# Images are read at no more than this, in dots per inch: more costs time and gives nothing.
READ_DOTS = 300.0
# Where half of an image is darker than this (of 255), its words are light on dark ground.
DARK_GROUND = 80
# A page that reads worse than this on average may lie upside down.
POOR_SCORE = 0.93
# Ink in a cell that is smaller than this, in inches, is dirt.
LEAST_INK = 0.045
DIRT = 0.02
BESIDE = 0.25


def read_image(data: bytes, path: str) -> Content:
    """Give the text of a scan (PNG, JPEG, TIFF of several pages, BMP, WEBP, the first picture of an animation).

    Signs that are not sure are in `doubts`. Raises ReadError: `damaged_file`, `too_large`, `no_text`, `ocr_missing`.
    """
    pages = []
    for image, dots in _images(data, path):
        pages.append(scanned_page(image, dots))
        pulse()
    if not any(page.glyphs for page in pages):
        raise ReadError(
            "no_text", f"{path} is an image in which no text was found. Scan it again with at least 200 dots per inch."
        )
    content = lay_out(pages)
    note = Problem(
        "info",
        "text_recognised",
        f"{len(pages)} pages are images; their text was recognised. Compare figures with the original.",
    )
    return content._replace(problems=(note, *content.problems, *doubt_problems(content)))


def scanned_page(image: Image, dots_per_inch: float) -> Page:
    """Give the signs and drawn lines of one page from its image; sizes and places are points of the upright page.

    `turned` of the page tells by how many degrees clockwise the image was turned for that. Raises ReadError:
    `ocr_missing`; RecognitionPostponedError where the run leaves images for later.
    """
    return recognised(image, dots_per_inch, lambda: _page(engine(), image, dots_per_inch))


def _images(data: bytes, path: str) -> Any:
    """Give the pages of an image file, each with its resolution."""
    from PIL import Image, ImageOps

    try:
        file = Image.open(io.BytesIO(data))
        # Only TIFF has pages; the further pictures of others are animations and previews.
        frames = getattr(file, "n_frames", 1) if file.format == "TIFF" else 1
        if frames > MOST_PAGES:
            raise ReadError("too_large", f"{path} has {frames} pages; at most {MOST_PAGES} are read. Split the file.")
        for frame in range(frames):
            file.seek(frame)
            width, height = file.size
            if width * height > MOST_PIXELS:
                raise ReadError(
                    "too_large",
                    f"Page {frame + 1} of {path} is an image of {width} x {height} pixels; at most {MOST_PIXELS} are "
                    "read. Save it with 200 dots per inch.",
                )
            image = ImageOps.exif_transpose(file)
            yield image, _dots(file.info.get("dpi"), image.size)
    except ReadError:
        raise
    except Image.DecompressionBombError as error:
        raise ReadError("too_large", f"{path} is too large an image ({error}). Save it smaller.") from error
    except Exception as error:  # the decoders raise whatever a broken file provokes
        raise ReadError(
            "damaged_file", f"{path} is an image that cannot be opened ({error}). It may be cut off; fetch it again."
        ) from error


def _dots(stated: Any, size: tuple[int, int]) -> float:
    """Give the resolution that a file states, or that its size has on a sheet of A4."""
    by_sheet = min(size) / SHEET_WIDTH
    try:
        dots = float(stated[0])
    except (TypeError, IndexError, ValueError, ZeroDivisionError):
        return max(by_sheet, 36.0)
    return dots if LEAST_DOTS <= dots <= MOST_DOTS else max(by_sheet, 36.0)


def _page(loaded: Engine, image: Image, dots: float) -> Page:
    """Turn a page upright and read it; where it reads badly, upside down too."""
    pixels, dots = _pixels(image, dots)
    pixels = without_seals(pixels, dots)
    turned = 0
    lines = loaded.lines(pixels)
    if len(lines) and is_sideways(lines):
        pixels, turned = _turned(pixels), 90
        lines = loaded.lines(pixels)
    page, score = _read(loaded, pixels, lines, dots, turned)
    if score < POOR_SCORE and len(lines):
        pixels = _turned(_turned(pixels))
        other, better = _read(loaded, pixels, loaded.lines(pixels), dots, (turned + 180) % 360)
        if better > score:
            return other
    return page


def _pixels(image: Image, dots: float) -> tuple[Any, float]:
    """Give an image as pixels (height x width x blue, green, red) on white ground, dark on light.

    It is not finer than is read.
    """
    import numpy

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        from PIL import Image as Images

        full = image.convert("RGBA")
        ground = Images.new("RGBA", full.size, "white")
        ground.alpha_composite(full)
        image = ground
    elif image.mode.startswith("I"):
        # Sixteen bits of grey: the upper eight are what is seen.
        values = numpy.asarray(image).astype(numpy.float64)
        from PIL import Image as Images

        image = Images.fromarray((values / max(values.max(), 1) * 255).astype(numpy.uint8))
    image = image.convert("RGB")
    if dots > READ_DOTS:
        share = READ_DOTS / dots
        image = image.resize((max(1, round(image.width * share)), max(1, round(image.height * share))))
        dots = READ_DOTS
    pixels = numpy.asarray(image)[:, :, ::-1]
    if numpy.median(pixels[::8, ::8]) < DARK_GROUND:
        pixels = 255 - pixels
    return numpy.ascontiguousarray(pixels), dots


def _turned(pixels: Any) -> Any:
    """Give pixels turned by a quarter clockwise."""
    import numpy

    return numpy.ascontiguousarray(numpy.rot90(pixels, -1))


def _read(loaded: Engine, pixels: Any, lines: Any, dots: float, turned: int) -> tuple[Page, float]:
    """Read a page of which the lines were found; give the mean score of its signs too."""
    ink = ink_of(pixels, dots)
    by_rules = tilt_of_rules(ink, dots)
    angle = by_rules if by_rules is not None else tilt_of(lines)
    if abs(angle) >= LEAST_TILT:
        pixels, lines = levelled(pixels, lines, angle)
        ink = ink_of(pixels, dots)
    level, upright = strokes_of(ink, dots)
    if len(level) >= 2 and len(upright) >= 2:
        pixels, ink = without(pixels, level + upright, dots), ink.copy()
        for stroke in (*level, *upright):
            ink[max(0, stroke.top - 2) : stroke.bottom + 2, max(0, stroke.x0 - 2) : stroke.x1 + 2] = 0
    scale = 72 / dots
    size = pixels.shape[1] * scale, pixels.shape[0] * scale
    rules = tuple(_rule(stroke, scale) for stroke in (*level, *upright))
    read = readings(loaded, pixels, crops_of(pixels, ink, lines, upright))
    signs = sum(len(reading.signs) for reading in read)
    score = sum(reading.score * len(reading.signs) for reading in read) / signs if signs else 0.0
    found = legible(read)
    missed = _missed(pixels, ink, found, grids_of(Page(*size, (), rules)), dots)
    found += [marked(reading) for reading in readings(loaded, pixels, missed)]
    glyphs: list[Glyph] = []
    for reading, type_size in zip(found, sizes_of(found), strict=True):
        glyphs += glyphs_of(reading, type_size, ink, dots)
    return Page(*size, tuple(glyphs), rules, turned), score


def _rule(stroke: Stroke, scale: float) -> Rule:
    return Rule(stroke.x0 * scale, stroke.top * scale, stroke.x1 * scale, stroke.bottom * scale)


def _missed(pixels: Any, ink: Any, found: list[Reading], grids: list[Grid], dots: float) -> list[Crop]:
    """Give crops of the ink in cells that lies in no line: single digits and marks are easily overlooked."""
    crops: list[Crop] = []
    for cell in (cell for grid in grids for cell in grid.cells):
        x0, top, x1, bottom = (round(value * dots / 72) for value in cell.box)
        rest = ink[max(0, top) : bottom, max(0, x0) : x1].copy()
        for crop in (reading.crop for reading in found):
            if x0 <= (crop.x0 + crop.x1) / 2 <= x1 and top <= (crop.top + crop.bottom) / 2 <= bottom:
                # Ink beside a line is its own: the edge of a sign, or grain. What was overlooked stands apart.
                aside = BESIDE * (crop.bottom - crop.top)
                up, down = max(0, int(crop.top - aside) - top), max(0, int(crop.bottom + aside) - top)
                rest[up:down, max(0, int(crop.x0 - aside) - x0) : max(0, int(crop.x1 + aside) - x0)] = 0
        crop_of_rest = _ink_crop(pixels, rest, (x0, top, x1, bottom), dots)
        if crop_of_rest is not None:
            crops.append(crop_of_rest)
    return crops


def _ink_crop(pixels: Any, rest: Any, box: tuple[int, int, int, int], dots: float) -> Crop | None:
    """Give the crop of what is left in a cell (`box` in pixels), None where that is dirt or nothing."""
    import cv2

    x0, top, x1, bottom = box
    inset = max(2, round(0.015 * dots))
    part = rest[inset : bottom - top - inset, inset : x1 - x0 - inset]
    if min(part.shape) < 4:
        return None
    count, _, boxes, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    kept = [box for box in boxes[1:count].tolist() if max(box[2], box[3]) >= DIRT * dots]
    if not kept or max(max(box[2], box[3]) for box in kept) < LEAST_INK * dots:
        return None
    left, up = min(box[0] for box in kept), min(box[1] for box in kept)
    right, down = max(box[0] + box[2] for box in kept), max(box[1] + box[3] for box in kept)
    # The recogniser expects a line with some ground around it; a flat stroke (一, —) with the height of a sign.
    low = max(0.0, 0.12 * dots - (down - up)) / 2 + 0.02 * dots
    margin = 0.03 * dots
    return cut(
        pixels,
        max(x0 + inset, x0 + inset + left - margin),
        max(top + inset, top + inset + up - low),
        min(x1 - inset, x0 + inset + right + margin),
        min(bottom - inset, top + inset + down + low),
    )
