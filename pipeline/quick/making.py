"""Makes data classes out of annotated classes: with slots or, for `cached_property`, without; frozen ones hash.

What they can do is what `dataclasses` gives: keywords and defaults, ==, repr, hash of frozen ones, `match`, pickling;
`fields`, `replace`, `asdict` of the standard library take them too. No class inherits fields. Instead of compiling a
text for each class, methods are shared, and `__init__` is one code object for each number of fields in which the
names are exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, Final, NamedTuple, NoReturn, TypeVar

from pipeline.quick.kept import Shelf

Item = TypeVar("Item")


class _Absent:
    """Stands for a default that is not given, or that is made anew for each object."""

    def __repr__(self) -> str:
        return "<made anew>"


ABSENT: Final = _Absent()
NO_METADATA: Mapping[str, Any] = {}
# The number tells templates of another making apart: raise it with every change of `_template`.
TEMPLATES = Shelf("templates", 4)


class Specified(NamedTuple):
    """A field: what it has besides its type."""

    name: str = ""
    default: Any = ABSENT
    default_factory: Any = ABSENT
    repr: bool = True
    metadata: Mapping[str, Any] = NO_METADATA


class Members(NamedTuple):
    """The fields of a data class, their places among the parameters, and what gives their values as a tuple."""

    names: tuple[str, ...]
    places: Mapping[str, int]
    specified: tuple[Specified, ...]
    values: Callable[[Any], tuple[Any, ...]]


def field(
    *,
    default: Any = ABSENT,
    default_factory: Any = ABSENT,
    repr: bool = True,
    metadata: Mapping[str, Any] = NO_METADATA,
) -> Any:
    """Say more of a field than its default, in the words of `dataclasses.field`."""
    return Specified("", default, default_factory, repr, metadata)


def dataclass(*, slots: bool = False, frozen: bool = False) -> Callable[[type[Item]], type[Item]]:
    """Make a data class. Raises TypeError for a class that cannot be made so."""

    def made(plain: type[Item]) -> type[Item]:
        if hasattr(plain, "__members__"):
            raise TypeError(f"{plain.__qualname__} inherits fields; take `dataclasses` for it")
        kind: type[Item] = _made(plain, slots, frozen)
        return kind

    return made


def replace(item: Item, /, **changes: Any) -> Item:
    """Give a copy of a data object with other values in the fields that are named."""
    kind: Any = type(item)
    if not hasattr(kind, "__members__"):
        import dataclasses

        return dataclasses.replace(item, **changes)  # type: ignore[type-var]
    _, places, _, values_of = kind.__members__
    values = list(values_of(item))
    try:
        for name, value in changes.items():
            values[places[name]] = value
    except KeyError as error:
        raise TypeError(f"{kind.__qualname__} has no field {error.args[0]!r}") from None
    copy: Item = kind(*values)
    return copy


def fields(item: Any) -> tuple[Any, ...]:
    """Give the fields of a data class, or of an object of it, with `name` and `metadata`."""
    try:
        found: tuple[Any, ...] = item.__members__.specified
    except AttributeError:
        import dataclasses

        found = dataclasses.fields(item)
    return found


def astuple(item: Any) -> tuple[Any, ...]:
    """Give the values of a data object, as they are: one in another is not taken apart."""
    values: tuple[Any, ...] = item.__members__.values(item)
    return values


def _made(plain: Any, slots: bool, frozen: bool) -> Any:
    content = {name: value for name, value in vars(plain).items() if name not in ("__dict__", "__weakref__")}
    names = tuple(name for name, kind in plain.__annotations__.items() if not kind.startswith("ClassVar"))
    specified = tuple(_specified(name, content.pop(name, ABSENT)) for name in names)
    content |= {
        "__match_args__": names,
        "__members__": Members(names, {name: n for n, name in enumerate(names)}, specified, _values(names)),
        "__dataclass_fields__": _StandardFields(),
        "__eq__": _equal,
        "__hash__": _hash if frozen else None,
        "__repr__": content.get("__repr__", _repr),
        "__reduce__": content.get("__reduce__", _reduce),
    }
    if slots:
        content["__slots__"] = names
    if frozen:
        content |= {"__setattr__": _refuse, "__delattr__": _refuse}
    asked: dict[str, Any] = {"ABSENT": ABSENT, "put": object.__setattr__}
    if "__init__" not in content:
        _check_defaults(plain, specified)
        content["__init__"] = _initialiser(plain, specified, slots, frozen, asked)
    made: Any = type(plain)(plain.__name__, plain.__bases__, content)
    made.__qualname__ = plain.__qualname__
    if slots:
        asked |= {f"put{place}": getattr(made, name).__set__ for place, name in enumerate(names)}
    return made


def _specified(name: str, value: Any) -> Specified:
    return value._replace(name=name) if isinstance(value, Specified) else Specified(name, value)


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    # Of a single name attrgetter gives the bare value.
    return lambda item: tuple(getattr(item, name) for name in names)


def _equal(self: Any, other: object) -> Any:
    """Compare for the first time: the class then gets a method of its own, which most classes never need."""
    kind: Any = type(self)
    mine, theirs = (", ".join(f"{item}.{name}" for name in kind.__members__.names) for item in ("self", "other"))
    kind.__eq__ = eval(
        f"lambda self, other: ({mine},) == ({theirs},) if other.__class__ is self.__class__ else NotImplemented"
    )
    return kind.__eq__(self, other)


def _hash(self: Any) -> int:
    """Hash for the first time, as `_equal` compares."""
    kind: Any = type(self)
    kind.__hash__ = eval(f"lambda self: hash(({', '.join(f'self.{name}' for name in kind.__members__.names)},))")
    return hash(self)


def _repr(self: Any) -> str:
    names, _, specified, values = self.__members__
    shown = ", ".join(
        f"{name}={value!r}"
        for name, value, of_field in zip(names, values(self), specified, strict=True)
        if of_field.repr
    )
    return f"{type(self).__qualname__}({shown})"


def _reduce(self: Any) -> tuple[Any, ...]:
    return type(self), self.__members__.values(self)


def _refuse(self: Any, name: str, value: Any = None) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"{type(self).__qualname__} is frozen, so its {name} stays as it is")


def _initialiser(
    plain: Any, specified: tuple[Specified, ...], slots: bool, frozen: bool, asked: dict[str, Any]
) -> FunctionType:
    """Give `__init__`: the code for as many fields, under the names of these; `asked` is what it looks names up in."""
    anew = tuple(of_field.default_factory is not ABSENT for of_field in specified)
    renamed: dict[object, str] = {f"field{place}": of_field.name for place, of_field in enumerate(specified)}
    code = _template(anew, slots, frozen)
    code = code.replace(
        co_varnames=tuple(renamed.get(name, name) for name in code.co_varnames),
        co_names=tuple(renamed.get(name, name) for name in code.co_names),
        co_consts=tuple(renamed.get(constant, constant) for constant in code.co_consts),
    )
    asked |= {f"make{place}": of_field.default_factory for place, of_field in enumerate(specified) if anew[place]}
    optional = [of_field.default for of_field in specified[_required(specified) :]]
    initialiser = FunctionType(code, asked, "__init__", tuple(optional))
    initialiser.__qualname__ = f"{plain.__qualname__}.__init__"
    initialiser.__module__ = plain.__module__
    return initialiser


def _check_defaults(plain: Any, specified: tuple[Specified, ...]) -> None:
    behind = specified[_required(specified) :]
    if any(of_field.default is ABSENT and of_field.default_factory is ABSENT for of_field in behind):
        raise TypeError(f"{plain.__qualname__} has a field without default behind one with a default")


def _required(specified: tuple[Specified, ...]) -> int:
    """Give how many fields stand before the first with a default."""
    given = (of_field.default is not ABSENT or of_field.default_factory is not ABSENT for of_field in specified)
    return next((place for place, default in enumerate(given) if default), len(specified))


def _template(anew: tuple[bool, ...], slots: bool, frozen: bool) -> CodeType:
    """Give the code of an `__init__` for fields called field0, field1 …; those of `anew` are made where not given.

    Objects of frozen classes are filled through the setters of their slots, which are twice as fast as the general one.
    """
    kept: CodeType | None = TEMPLATES.get((anew, slots, frozen))
    if kept is not None:
        return kept
    put = "put{0}(self, {1})" if slots else "put(self, 'field{0}', {1})"
    lines = ["pass"]
    for place, new in enumerate(anew):
        value = f"make{place}() if field{place} is ABSENT else field{place}" if new else f"field{place}"
        lines.append((put if frozen else "self.field{0} = {1}").format(place, value))
    parameters = "".join(f", field{place}" for place in range(len(anew)))
    space: dict[str, Any] = {}
    exec(f"def __init__(self{parameters}):\n " + "\n ".join(lines), space)
    code: CodeType = space["__init__"].__code__
    TEMPLATES.put((anew, slots, frozen), code)
    return code


class _StandardFields:
    """The fields as `dataclasses` keeps them, made when it asks: `fields`, `asdict`, `replace`, `is_dataclass`."""

    def __get__(self, item: object, owner: Any) -> dict[str, Any]:
        """Give the fields by their names, and keep them in the class."""
        import dataclasses

        names, _, specified, _ = owner.__members__
        listed: list[tuple[str, Any, Any]] = []
        for name, of_field in zip(names, specified, strict=True):
            given = {key: value for key, value in of_field._asdict().items() if key != "name" and value is not ABSENT}
            listed.append((name, owner.__annotations__[name], dataclasses.field(**given)))
        standard = dataclasses.make_dataclass(owner.__name__, listed)
        owner.__dataclass_fields__ = standard.__dataclass_fields__  # type: ignore[attr-defined]
        found: dict[str, Any] = owner.__dataclass_fields__
        return found
