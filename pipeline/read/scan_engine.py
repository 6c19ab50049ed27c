"""The engine that finds and recognises characters in an image. Its models lie in the `rapidocr` package: no network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.quick.classes import NamedTuple
from pipeline.read.errors import ReadError

COMMAND = 'pip install "zhengce-pipeline[ocr]"'
# The recogniser was taught on lines of this height, in pixels; it makes one guess for every eight pixels of width.
LINE_HEIGHT = 48
LEAST_WIDTH = 320
# One guess weighs every sign that the model knows (18,000): long lines are taken few at a time.
BATCH_WIDTH = 6_000
# Longest side of the image in which lines are searched, in pixels: a page of A4 at 170 dots per inch.
DETECTION_SIDE = 2000
# Shares of the width: from which height on an image is searched in sections, how high they are, and how much two
# have in common, which is more than the height of any line.
HIGH, SECTION, OVERLAP = 2.2, 1.5, 0.15
TWINS = ("(（", ")）", ",，", ":：", ";；", "?？", "!！", "%％")


class Sign(NamedTuple):
    """A character that was read in a line.

    `start` and `end` are its edges as shares of the width of the line. `score` is the share that the model gives to
    it, `hidden` the largest share that it gave to another sign just before it or behind it, and left out.
    """

    text: str
    start: float
    end: float
    score: float
    hidden: float = 0.0


class Engine:
    """Finds lines and reads them. One thread gives the same result on every run; `threads` may be more for speed."""

    def __init__(self, threads: int = 1) -> None:
        """Load the models. Raises ReadError `ocr_missing` where the extra is not installed."""
        try:
            import onnxruntime
            import rapidocr
        except ImportError as error:
            raise missing() from error
        self._detector = rapidocr.RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.max_side_len": DETECTION_SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": threads,
            }
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = threads
        options.enable_cpu_mem_arena = False
        model = next(iter(sorted((Path(rapidocr.__file__).parent / "models").glob("*_rec_*.onnx"))), None)
        if model is None:
            raise ReadError(
                "ocr_missing", f"The package `rapidocr` holds no model for recognition. Install it anew: {COMMAND}"
            )
        self._recogniser = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        signs = self._recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
        # Guess 0 means that there is no sign; the last one is the blank.
        self._signs = ["", *signs, " "]
        numbers = {sign: number for number, sign in enumerate(self._signs)}
        # Wide and narrow brackets are one mark to the eye: what the model gives to both counts for either.
        self._twins = [[number] for number in range(len(self._signs))]
        for pair in TWINS:
            both = [numbers[sign] for sign in pair if sign in numbers]
            for number in both:
                self._twins[number] = both

    def lines(self, image: Any) -> Any:
        """Give the corners of the lines found in an image (pixels, height x width x 3): lines x 4 x 2, float32.

        Corners go round from the upper left. Lines come from top to bottom.
        """
        import numpy

        found = [numpy.zeros((0, 4, 2), numpy.float32)]
        height, width = image.shape[:2]
        for start, end, first, last in _sections(height, width):
            # What it gives has boxes where lines were found, and differs in type by what is asked of it.
            given: Any = self._detector(image[start:end], use_det=True, use_cls=False, use_rec=False)
            if getattr(given, "boxes", None) is not None:
                boxes = numpy.asarray(given.boxes, numpy.float32) + numpy.array([0, start], numpy.float32)
                middles = boxes[:, :, 1].mean(axis=1)
                found.append(boxes[(middles >= first) & (middles < last)])
        return numpy.concatenate(found)

    def read(self, crops: Sequence[Any]) -> list[tuple[Sign, ...]]:
        """Give the signs of each crop (an image of one line, pixels, height x width x 3)."""
        result: list[tuple[Sign, ...]] = [()] * len(crops)
        prepared = [_prepared(crop) for crop in crops]
        for group in _batches([image.shape[2] for image in prepared]):
            guesses = self._guesses([prepared[index] for index in group])
            for index, shares in zip(group, guesses, strict=True):
                result[index] = self._signs_of(shares, prepared[index].shape[2])
        return result

    def _guesses(self, images: list[Any]) -> Any:
        import numpy

        width = max(LEAST_WIDTH, *(image.shape[2] for image in images))
        batch = numpy.zeros((len(images), 3, LINE_HEIGHT, width), numpy.float32)
        for row, image in enumerate(images):
            batch[row, :, :, : image.shape[2]] = image
        return self._recogniser.run(None, {self._recogniser.get_inputs()[0].name: batch})[0]

    def _signs_of(self, shares: Any, width: int) -> tuple[Sign, ...]:
        """Turn the guesses for the columns of a line into signs: equal neighbours are one sign."""
        import numpy

        best = shares.argmax(axis=1)
        columns = len(best)
        # The batch may be wider than this line.
        batch_width = columns * 8
        signs: list[Sign] = []
        changes = numpy.flatnonzero(numpy.diff(best)) + 1
        starts = [0, *changes.tolist()]
        ends = [*changes.tolist(), columns]
        gap = 0
        for start, end in zip(starts, ends, strict=True):
            sign = int(best[start])
            if sign == 0:
                continue
            column_shares = shares[start:end, self._twins[sign]].sum(axis=1)
            hidden = _hidden(shares, gap, start, sign, int(best[gap - 1]) if gap else 0)
            if signs and hidden > signs[-1].hidden:
                signs[-1] = signs[-1]._replace(hidden=hidden)
            centre = float((column_shares * numpy.arange(start, end)).sum() / column_shares.sum()) + 0.5
            place = min(1.0, centre * 8 / width) if batch_width else 0.0
            signs.append(Sign(self._signs[sign], place, place, float(column_shares.max()), hidden))
            gap = end
        if signs:
            hidden = _hidden(shares, gap, min(columns, -(-width // 8)), 0, int(best[gap - 1]))
            signs[-1] = signs[-1]._replace(hidden=max(hidden, signs[-1].hidden))
        return tuple(signs)


def missing() -> ReadError:
    """Give the error of an installation without the extra for images."""
    return ReadError(
        "ocr_missing",
        "This page is an image, and reading images needs the extra `ocr`, which is not installed. "
        f"Install it with: {COMMAND}",
    )


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Give the engine of this process; it is loaded when the first image comes."""
    return Engine()


def _sections(height: int, width: int) -> Iterator[tuple[int, int, float, float]]:
    """Part an image that is much higher than a page: a picture of a whole web page would be shrunk past reading.

    Give the edges of each section, and between which heights the lines are taken from it.
    """
    if height <= HIGH * width:
        yield 0, height, 0.0, float(height)
        return
    size, overlap = int(SECTION * width), int(OVERLAP * width)
    start = 0
    while True:
        end = min(height, start + size)
        first = start + overlap / 2 if start else 0.0
        yield start, end, first, end - overlap / 2 if end < height else float(height)
        if end == height:
            return
        start = end - overlap


def _prepared(crop: Any) -> Any:
    """Bring a crop to the height and the range of values that the model was taught on."""
    import cv2
    import numpy

    height, width = crop.shape[:2]
    resized = cv2.resize(crop, (max(8, round(width * LINE_HEIGHT / height)), LINE_HEIGHT))
    return (resized.astype(numpy.float32).transpose(2, 0, 1) / 255 - 0.5) / 0.5


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Put lines of like width together, so that little is filled up."""
    group: list[int] = []
    for index in sorted(range(len(widths)), key=lambda index: (widths[index], index)):
        if group and max(LEAST_WIDTH, widths[index]) * (len(group) + 1) > BATCH_WIDTH:
            yield group
            group = []
        group.append(index)
    if group:
        yield group


def _hidden(shares: Any, start: int, end: int, *neighbours: int) -> float:
    """Give the largest share of a sign that lost against "no sign" between two others."""
    if start >= end:
        return 0.0
    part = shares[start:end, 1:-1].copy()
    for sign in neighbours:
        if 0 < sign <= part.shape[1]:
            part[:, sign - 1] = 0
    return float(part.max())
