"""What `zhengce run` tells while it works and at its end, for a person or as lines of JSON; and following a folder."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from functools import cached_property
from heapq import heappush, heappushpop
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipeline.anywhere import run_folders
from pipeline.quick.classes import dataclass, field
from pipeline.update import Done, NothingToReadError, Settings

# Loaded when there is something to tell: a run first starts its worker.
if TYPE_CHECKING:
    from pipeline.terminal import Progress
    from pipeline.write import Counts

LogFormat = Literal["text", "json"]
# How many of the slowest documents are named, and from which length of a run on that matters.
SLOWEST = 5
LONG_RUN = 10.0


@dataclass(slots=True)
class Tally:
    """What a run did so far."""

    began: float = field(default_factory=time.perf_counter)
    done: int = 0
    known: int = 0
    failed: list[Done] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def add(self, one: Done) -> None:
        """Count a document."""
        self.done += 1
        self.known += one.known
        if one.code:
            self.failed.append(one)
        if not one.known:
            push = heappush if len(self.slowest) < SLOWEST else heappushpop
            push(self.slowest, (one.seconds, one.source))

    @property
    def seconds(self) -> float:
        """Give how long the run takes by now."""
        return time.perf_counter() - self.began

    def pace(self, total: int) -> str:
        """Give the rate and the time that is left, in words: 12.3/s, 4 min left."""
        fresh = self.done - self.known
        if not fresh or self.seconds < 1:
            return ""
        rate = fresh / self.seconds
        return f"{rate:.1f}/s, {_span((total - self.done) / rate)} left"


def run(roots: Sequence[str | Path], output: str | Path, settings: Settings, log: LogFormat = "text") -> int:
    """Bring an output up to date, tell of it on the terminal, and give how many files gave no rows."""
    tally = Tally()
    teller: _Words | _Json = _Json() if log == "json" else _Words()

    def watch(_: int, total: int, one: Done) -> None:
        tally.add(one)
        teller.document(tally, total, one)

    try:
        counts = run_folders(roots, output, watch=watch, settings=settings)
    finally:
        teller.ended(tally)
    teller.summary(tally, counts, output)
    return len(tally.failed)


def follow(roots: Sequence[str | Path], output: str | Path, settings: Settings, log: LogFormat, seconds: float) -> None:
    """Run whenever what lies below `roots` has changed and stayed so for `seconds`; until it is interrupted."""
    former: object = None
    while True:
        now = _look(roots, output)
        if now == former:
            time.sleep(seconds)
            continue
        # A file that is being copied grows: wait until nothing moves.
        while True:
            time.sleep(seconds if former is not None else 0)
            again = _look(roots, output)
            if again == now:
                break
            now = again
        former = now
        try:
            run(roots, output, settings, log)
        except NothingToReadError as error:
            print(f"zhengce: {error} Waiting for files.", file=sys.stderr)


def _look(roots: Sequence[str | Path], output: str | Path) -> list[tuple[str, object]]:
    """Give name and state of all files, to see whether anything is different."""
    from pipeline.find import File, find_files
    from pipeline.remote.files import RemoteFile

    found: list[tuple[str, object]] = []
    for file in find_files(roots, leave_out=output):
        if isinstance(file, File):
            try:
                state = file.path.stat()
            except OSError:
                continue
            found.append((file.source, (state.st_size, state.st_mtime_ns)))
        elif isinstance(file, RemoteFile):
            found.append((file.source, file.stamp()))
    return found


class _Words:
    """Tells a person: a bar on a terminal, a line per file elsewhere, and a summary."""

    @cached_property
    def _progress(self) -> Progress:
        from pipeline.terminal import Progress

        return Progress(sys.stderr)

    def document(self, tally: Tally, total: int, one: Done) -> None:
        # Ten thousand files that nothing happened to are no news, except to who looks at the bar.
        if not one.known or self._progress.on_terminal:
            self._progress.show(tally.done, total, one.source, tally.pace(total))

    def ended(self, tally: Tally) -> None:
        from pipeline.terminal import plain_controls

        self._progress.clear()
        for one in tally.failed:
            print(plain_controls(f"{one.source}: {one.code}: {one.message}"), file=sys.stderr)

    def summary(self, tally: Tally, counts: Counts, output: str | Path) -> None:
        from pipeline.terminal import counted, plain_controls

        rows, found = counts.rows, counts.severities
        print(
            f"{rows['documents']:,} documents, {rows['plans']:,} plans, {rows['tasks']:,} tasks, "
            f"{rows['targets']:,} targets, {rows['numbers']:,} numbers in {tally.seconds:.1f} s → {output}"
        )
        if tally.known:
            print(f"unchanged since the last run: {tally.known:,} of {counted(tally.done, 'file')}")
        share = 100 * counts.unexplained / rows["numbers"] if rows["numbers"] else 0.0
        print(
            f"problems: {found['error']:,} errors, {found['warning']:,} warnings, {found['info']:,} repairs and notes "
            f"→ {f'{output}/problems.csv' if isinstance(output, str) else output / 'problems.csv'}"
        )
        print(f"numbers that no rule explains: {counts.unexplained:,} of {rows['numbers']:,} ({share:.1f} %)")
        if tally.seconds >= LONG_RUN and tally.slowest:
            slowest = ", ".join(f"{source} {seconds:.1f} s" for seconds, source in sorted(tally.slowest, reverse=True))
            print(plain_controls(f"slowest: {slowest}"))


class _Json:
    """Tells a program: a line of JSON on the error stream for each file, and one for the whole on the output."""

    def document(self, tally: Tally, total: int, one: Done) -> None:
        status = "failed" if one.code else "unchanged" if one.known else "read"
        event: dict[str, Any] = {"event": "document", "source": one.source, "status": status, "known": one.known}
        if one.code:
            event |= {"code": one.code, "message": one.message}
        event |= {"seconds": round(one.seconds, 4), "done": tally.done, "total": total}
        print(_line(event), file=sys.stderr, flush=True)

    def ended(self, tally: Tally) -> None:
        return

    def summary(self, tally: Tally, counts: Counts, output: str | Path) -> None:
        slowest = [
            {"source": source, "seconds": round(seconds, 4)} for seconds, source in sorted(tally.slowest, reverse=True)
        ]
        event = {
            "event": "summary", "output": str(output), "seconds": round(tally.seconds, 3), "files": tally.done,
            "unchanged": tally.known, "failed": len(tally.failed), "rows": dict(counts.rows),
            "problems": dict(counts.severities), "unexplained": counts.unexplained, "slowest": slowest,
        }  # fmt: skip
        print(_line(event), flush=True)


def _line(event: dict[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False)


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
