"""Makes named tuples as `typing.NamedTuple` does, in a fifth of the time: nothing is compiled for a class.

They are what `collections.namedtuple` gives: equal to bare tuples, with `_make`, `_replace`, `_asdict`, `_fields`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from types import CodeType, FunctionType
from typing import Any

from pipeline.quick.kept import Shelf

try:
    # What `collections` itself takes where it is there.
    from _collections import _tuplegetter as getter  # type: ignore[import-not-found]
except ImportError:

    def getter(place: int, description: str) -> property:
        """Give a property for the value at a place."""
        return property(itemgetter(place), doc=description)


new_tuple: Any = tuple.__new__

# The number tells templates of another making apart: raise it with every change of `_template`.
TEMPLATES = Shelf("tuples", 1)


class _Meta(type):
    """Turns a class statement with annotations into a class of tuples; methods and properties in it stay."""

    def __new__(metaclass, name: str, bases: tuple[type, ...], content: dict[str, Any]) -> Any:
        if not bases:
            return super().__new__(metaclass, name, bases, content)
        fields = tuple(content.get("__annotations__", ()))
        defaults = {field: content[field] for field in fields if field in content}
        if tuple(defaults) != fields[len(fields) - len(defaults) :]:
            raise TypeError(f"{name} has a field without default behind one with a default")
        new = _constructor(name, fields, tuple(defaults.values()), content["__module__"])
        made = {
            "__slots__": (),
            "_fields": fields,
            "_field_defaults": defaults,
            "__match_args__": fields,
            "__new__": new,
            "_make": classmethod(_maker(len(fields))),
            "_replace": _replace,
            "_asdict": _asdict,
            "__repr__": _repr,
            "__getnewargs__": _bare,
        }
        getters = {field: getter(place, f"field {place}") for place, field in enumerate(fields)}
        return type(name, (tuple,), made | content | getters)


class NamedTuple(metaclass=_Meta):
    """The base that a class statement names; no class really inherits from it."""


def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[Any, ...], module: str) -> FunctionType:
    """Give `__new__`: the code for as many fields, under the names of these."""
    renamed = {f"field{place}": field for place, field in enumerate(fields)}
    code = _template(len(fields))
    code = code.replace(co_varnames=tuple(renamed.get(word, word) for word in code.co_varnames))
    new = FunctionType(code, {"make": new_tuple, "__name__": module}, "__new__", defaults)
    new.__qualname__ = f"{name}.__new__"
    return new


def _template(size: int) -> CodeType:
    kept: CodeType | None = TEMPLATES.get(size)
    if kept is not None:
        return kept
    fields = "".join(f"field{place}, " for place in range(size))
    made: FunctionType = eval(f"lambda kind, {fields}: make(kind, ({fields}))")
    TEMPLATES.put(size, made.__code__)
    return made.__code__


def _maker(size: int) -> Callable[[Any, Iterable[Any]], Any]:
    def _make(kind: Any, values: Iterable[Any]) -> Any:
        """Make one from a sequence."""
        made = new_tuple(kind, values)
        if len(made) != size:
            raise TypeError(f"{kind.__name__} has {size} fields, and {len(made)} values are given")
        return made

    return _make


def _replace(self: Any, /, **changes: Any) -> Any:
    """Give a copy with other values in the fields that are named."""
    made = self._make(map(changes.pop, self._fields, self))
    if changes:
        raise ValueError(f"{type(self).__name__} has no field {', '.join(changes)}")
    return made


def _asdict(self: Any) -> dict[str, Any]:
    """Give the values by the names of their fields."""
    return dict(zip(self._fields, self, strict=True))


def _repr(self: Any) -> str:
    return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"


def _bare(self: Any) -> tuple[Any, ...]:
    """Give the values alone, for pickle."""
    return tuple(self)
