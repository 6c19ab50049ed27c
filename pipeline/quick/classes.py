"""Data classes as those of the standard library, made in a twentieth of its time.

`dataclasses` writes and compiles the methods of each class anew at every start (0.4 ms a class) and needs `inspect`;
for all our classes that is more than the whole way of one document. So `pipeline.quick.making` makes them, which
compiles nothing twice. Type checkers see the standard library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import astuple, dataclass, field, fields, replace
    from typing import NamedTuple
else:
    from pipeline.quick.making import astuple, dataclass, field, fields, replace
    from pipeline.quick.tuples import NamedTuple

__all__ = ["NamedTuple", "astuple", "dataclass", "field", "fields", "replace"]
