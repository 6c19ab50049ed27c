"""What makes a start quick: light data classes behave as those of the standard library do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from functools import cached_property
from typing import Any, ClassVar

import pytest

from pipeline.model import Span
from pipeline.model.source import Block, Cell, Problem
from pipeline.model.tables import TargetRow
from pipeline.quick import making


def _point(dataclass: Any, field: Any) -> Any:
    @dataclass(frozen=True, slots=True)
    class Point:
        """A place with a name."""

        kind: ClassVar[str] = "point"
        x: int
        y: int = 0
        name: str = field(default="云州", repr=False, metadata={"description": "its name"})

        @property
        def sum(self) -> int:
            return self.x + self.y

    return Point


def _plot(dataclass: Any, field: Any) -> Any:
    @dataclass(frozen=True, slots=True)
    class Plot:
        place: str
        width: int
        length: int
        owner: str = ""
        crops: list[str] = field(default_factory=list)
        fenced: bool = False
        watered: bool = False

    return Plot


def _basket(dataclass: Any, field: Any) -> Any:
    @dataclass(slots=True)
    class Basket:
        owner: str
        things: list[str] = field(default_factory=list)
        open: bool = True

    return Basket


OURS, STANDARD = (making.dataclass, making.field), (dataclasses.dataclass, dataclasses.field)


@pytest.fixture(params=[OURS, STANDARD], ids=["ours", "standard"])
def point(request: pytest.FixtureRequest) -> Any:
    return _point(*request.param)


@pytest.fixture(params=[OURS, STANDARD], ids=["ours", "standard"])
def basket(request: pytest.FixtureRequest) -> Any:
    return _basket(*request.param)


def test_values_come_by_place_by_name_and_by_default(point: Any) -> None:
    assert (point(1).x, point(1).y, point(1).name) == (1, 0, "云州")
    assert point(1, 2, "青湖") == point(name="青湖", y=2, x=1)
    assert point(1, 2).sum == 3
    assert point.kind == "point"


def test_wrong_values_are_refused(point: Any) -> None:
    for wrong in (lambda: point(), lambda: point(1, z=2), lambda: point(1, 2, "", 4)):
        with pytest.raises(TypeError, match=r"Point\.__init__"):
            wrong()


def test_equal_values_make_equal_objects_of_one_class(point: Any) -> None:
    assert point(1, 2) == point(1, 2) != point(1, 3)
    assert point(1, 2) != (1, 2, "云州")
    assert point(1, 2) != _point(*OURS)(1, 2)
    assert len({point(1, 2), point(1, 2), point(2, 1)}) == 2


def test_a_frozen_object_stays_as_it_is(point: Any) -> None:
    item = point(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del item.x
    assert item.x == 1


@pytest.mark.parametrize("kind", [OURS, STANDARD], ids=["ours", "standard"])
def test_frozen_objects_of_many_fields_are_as_those_of_few(kind: Any) -> None:
    plot = _plot(*kind)
    for wrong in (lambda: plot("青湖"), lambda: plot("青湖", 1, 2, colour=3), lambda: plot(*range(8))):
        with pytest.raises(TypeError, match=r"Plot\.__init__"):
            wrong()
    for item in (plot("青湖", 2, 3, watered=True), plot(length=3, width=2, place="青湖", watered=True)):
        assert type(item) is plot
        assert (item.place, item.width, item.length, item.owner, item.watered) == ("青湖", 2, 3, "", True)
        assert item == plot("青湖", 2, 3, watered=True) != plot("青湖", 2, 3)
        with pytest.raises(dataclasses.FrozenInstanceError):
            item.place = "云州"
        for name in ("__class__", "colour"):
            with pytest.raises((AttributeError, TypeError)):
                setattr(item, name, object)
    one, other = plot("青湖", 2, 3), plot("青湖", 2, 3)
    one.crops.append("稻")
    assert other.crops == []
    assert dataclasses.asdict(other) == {
        "place": "青湖", "width": 2, "length": 3, "owner": "", "crops": [], "fenced": False, "watered": False,
    }  # fmt: skip


def test_there_is_room_for_the_fields_only(basket: Any) -> None:
    with pytest.raises(AttributeError):
        basket("a").colour = "red"


def test_each_object_gets_a_fresh_default(basket: Any) -> None:
    one, other = basket("a"), basket("b")
    one.things.append("pear")
    one.open = False
    assert (other.things, other.open) == ([], True)
    assert basket("c", ["plum"]).things == ["plum"]
    with pytest.raises(TypeError):
        hash(one)


def test_shown_matched_and_listed_as_the_standard_library_does(point: Any) -> None:
    assert repr(point(1)).endswith("Point(x=1, y=0)")
    assert point.__match_args__ == ("x", "y", "name")
    assert [(found.name, found.default) for found in dataclasses.fields(point)][1:] == [("y", 0), ("name", "云州")]
    assert dataclasses.fields(point)[2].metadata["description"] == "its name"
    assert dataclasses.asdict(point(1)) == {"x": 1, "y": 0, "name": "云州"}
    assert dataclasses.replace(point(1), y=5) == point(1, 5)
    assert dataclasses.is_dataclass(point)


def test_replace_exchanges_the_named_fields_and_no_others(point: Any) -> None:
    assert making.replace(point(1, 2), y=3) == point(1, 3)
    with pytest.raises(TypeError):
        making.replace(point(1, 2), z=3)


@pytest.mark.parametrize("kind", [OURS, STANDARD], ids=["ours", "standard"])
def test_without_slots_a_frozen_object_may_remember_what_it_found_out(kind: Any) -> None:
    dataclass, _ = kind

    @dataclass(frozen=True)
    class Line:
        words: str
        place: int = 0

        @cached_property
        def length(self) -> int:
            return len(self.words)

    line = Line("云州", place=3)
    assert (line.length, line.length, line.place) == (2, 2, 3)
    assert line == Line("云州", 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        line.words = "青湖"


def test_what_the_light_ones_cannot_be_is_refused() -> None:
    dataclass, field = OURS
    with pytest.raises(TypeError, match="take `dataclasses`"):

        @dataclass(slots=True)
        class More(_point(dataclass, field)):  # type: ignore[misc]
            z: int

    with pytest.raises(TypeError, match="without default behind"):

        @dataclass(slots=True)
        class Behind:
            x: int = 0
            y: int


def test_objects_travel_between_processes_and_are_copied() -> None:
    block = Block("table", 0, 4, cells=(Cell(0, 2, 0, 0), Cell(2, 4, 0, 1)))
    assert pickle.loads(pickle.dumps(block)) == copy.deepcopy(block) == block
    problem = Problem("info", "code", "message", *Span(1, 2))
    assert pickle.loads(pickle.dumps(problem)) == problem


def test_rows_still_tell_their_columns() -> None:
    assert all(found.metadata["description"] for found in dataclasses.fields(TargetRow))
