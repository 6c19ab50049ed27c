"""A run wherever its input, its output and its work are: on this machine, behind an address, on a cluster."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from pipeline.remote.address import last_name
from pipeline.update import Settings, Watch, run_folders
from pipeline.write import Counts

# Where, in the cache, an output is written that is brought to an address afterwards.
MIRROR = "mirror"


def run_anywhere(
    roots: Sequence[str | Path], output: str | Path, *, settings: Settings, watch: Watch | None = None
) -> Counts:
    """Bring an output up to date with what lies below `roots`, and give its counts; addresses are text.

    Raises what `run_folders` raises, and for what is remote: MissingExtraError, AddressError for a place that cannot be
    used so, ClusterError, and UnreachableError where a server does not answer; a former output is then as it was.
    """
    if isinstance(output, Path):
        return _run(roots, output, output, settings, watch)
    # Only here: it brings packages of its own.
    from pipeline.remote.publish import check_target, publish, refuse_emptying

    check_target(output)
    with _mirror(output, settings) as (folder, adapted):
        counts = _run(roots, folder, output, adapted, watch)
        if not counts.rows["documents"]:
            refuse_emptying(output)
        publish(folder, output)
        return counts


def _run(
    roots: Sequence[str | Path], folder: Path, output: str | Path, settings: Settings, watch: Watch | None
) -> Counts:
    if settings.scheduler is None:
        return run_folders(roots, folder, leave_out=output, watch=watch, settings=settings)
    from pipeline.cluster_run import run_on_cluster

    return run_on_cluster(roots, folder, output, settings=settings, watch=watch)


@contextmanager
def _mirror(output: str, settings: Settings) -> Iterator[tuple[Path, Settings]]:
    """Give a folder for an output that is brought to an address later, and settings that keep what is known."""
    if not settings.keep:
        with tempfile.TemporaryDirectory(prefix="zhengce-") as folder:
            yield Path(folder, last_name(output)), settings
        return
    cache = (
        settings.cache or _own_cache() / sha256(output.rstrip("/").encode("utf-8", "backslashreplace")).hexdigest()[:16]
    )
    yield cache / MIRROR / last_name(output), replace(settings, cache=cache)


def _own_cache() -> Path:
    """Give the folder where this user's programs keep what can be made again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local", "zhengce", "Cache")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "zhengce"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "zhengce")
