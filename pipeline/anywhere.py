"""A run wherever its input, its output and its work are: on this machine, behind an address, on a cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import update
from pipeline.quick.classes import replace
from pipeline.remote.address import last_name, place_or_path
from pipeline.update import Settings, Watch

if TYPE_CHECKING:
    from pipeline.lexicon import Lexicon
    from pipeline.write import Counts

# Where, in the cache, an output is written that is brought to an address afterwards.
MIRROR = "mirror"


def run_folders(
    roots: Sequence[str | Path],
    folder: str | Path,
    *,
    lexicon: Lexicon | None = None,
    watch: Watch | None = None,
    settings: Settings | None = None,
) -> Counts:
    """Parse what is new below `roots` and write the tables of all into `folder`; give how many rows there are.

    Each of them is a path or an address (s3://bucket/raw); with `settings.scheduler` the files are read by the workers
    of a cluster, which have rules of their own: `lexicon` cannot be given then (ValueError). The output is the same,
    wherever it is made.

    Raises what `pipeline.update.run_folders` raises, and for what is remote: MissingExtraError, AddressError for a
    place that cannot be used so, ClusterError, and UnreachableError where a server does not answer. A former output is
    then as it was.
    """
    settings = settings or Settings()
    output = place_or_path(folder) if isinstance(folder, str) else folder
    if lexicon is not None and settings.scheduler is not None:
        raise ValueError("Rules of your own cannot be handed to the workers of a cluster. Install them there.")
    places = [place_or_path(root) if isinstance(root, str) else root for root in roots]
    if isinstance(output, Path):
        return _run(places, output, output, lexicon, watch, settings)
    # Only here: it brings packages of its own.
    from pipeline.remote.publish import check_target, publish, refuse_emptying

    check_target(output)
    with _mirror(output, settings) as (mirror, adapted):
        counts = _run(places, mirror, output, lexicon, watch, adapted)
        if not counts.rows["documents"]:
            refuse_emptying(output)
        publish(mirror, output)
        return counts


def _run(
    roots: Sequence[str | Path],
    folder: Path,
    output: str | Path,
    lexicon: Lexicon | None,
    watch: Watch | None,
    settings: Settings,
) -> Counts:
    if settings.scheduler is None:
        return update.run_folders(roots, folder, lexicon=lexicon, leave_out=output, watch=watch, settings=settings)
    from pipeline.cluster_run import run_on_cluster

    return run_on_cluster(roots, folder, output, settings=settings, watch=watch)


@contextmanager
def _mirror(output: str, settings: Settings) -> Iterator[tuple[Path, Settings]]:
    """Give a folder for an output that is brought to an address later, and settings that keep what is known."""
    import tempfile
    from hashlib import sha256

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
