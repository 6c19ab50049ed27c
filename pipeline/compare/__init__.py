"""Two records → what changed between them; many records → the history of an indicator, copies, sums."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.lexicon import Lexicon
from pipeline.model.changes import Comparison
from pipeline.model.tables import Record

__all__ = ["compare"]


def compare(a: Record | Sequence[Record], b: Record | Sequence[Record], lexicon: Lexicon) -> Comparison:
    """Give what changed from `a` to `b`: a row for every pair of plans, sections, tasks, targets and bodies.

    What holds after it: `compare(a, a)` has only `unchanged` rows; `compare(b, a)` mirrors `compare(a, b)`; every row
    of either side stands in at least one change; the `fields` of the changes turn the content of the rows of `a` into
    that of `b`. Either side may be several documents, in any order.
    """
    from pipeline.compare.diff.align import align
    from pipeline.compare.diff.changes import Changes
    from pipeline.compare.diff.relations import relations
    from pipeline.compare.diff.sides import Side

    first, second = (
        tuple(sorted([side] if isinstance(side, Record) else side, key=lambda record: record.document.document_id))
        for side in (a, b)
    )
    one, other = Side(first, lexicon), Side(second, lexicon)
    alignment = align(one, other)
    related = relations(one, other, alignment)
    return Comparison(first, second, related, tuple(Changes(one, other, alignment, related).rows()))
