import gc
import weakref
from collections.abc import Iterator

import pytest

from cnn_desktop.ui.jobs.garbage import look_at_everything, look_rarely, without_collections


class Thing:
    """Something that can hold itself."""

    def __init__(self) -> None:
        self.itself: Thing | None = None


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    look_at_everything()
    gc.enable()


def test_nothing_is_collected_within_and_nothing_left_behind_is_looked_at() -> None:
    with without_collections():
        assert not gc.isenabled()
        kept = [[number] for number in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() > 1000
    assert not any(thing is kept for thing in gc.get_objects())


def test_only_the_last_to_leave_lets_the_collector_in_again() -> None:
    with without_collections():
        with pytest.raises(ValueError, match="inside"), without_collections():
            raise ValueError("inside")
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_nobody_holds_is_freed_all_the_same() -> None:
    with without_collections():
        thing = Thing()
    gone = weakref.ref(thing)
    del thing
    assert gone() is None


def test_circles_are_collected_once_everything_is_looked_at() -> None:
    with without_collections():
        thing = Thing()
        thing.itself = thing
        gone = weakref.ref(thing)
        del thing
    gc.collect()
    assert gone() is not None
    look_at_everything()
    gc.collect()
    assert gone() is None


def test_full_collections_become_rare_and_usual_again() -> None:
    usual = gc.get_threshold()
    look_rarely()
    assert gc.get_threshold() == (usual[0], usual[1], 10 * usual[2])
    look_at_everything()
    assert gc.get_threshold() == usual
