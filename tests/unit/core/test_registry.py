import pytest

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.registry import Registry


def _fruits() -> Registry[str]:
    fruits: Registry[str] = Registry("fruit")
    for name in ("apple", "apricot", "banana"):
        fruits.register(name)(lambda name=name: name.title())
    return fruits


def test_keeps_order_and_makes_entries() -> None:
    fruits = _fruits()
    assert list(fruits) == ["apple", "apricot", "banana"]
    assert fruits["banana"] == "Banana"
    assert len(fruits) == 3


def test_a_name_is_given_once() -> None:
    fruits = _fruits()
    with pytest.raises(ValueError, match="apple"):
        fruits.register("apple")(lambda: "Other")


def test_an_unknown_name_lists_near_ones() -> None:
    with pytest.raises(BadInputError, match="did you mean apple"):
        _fruits()["appel"]


def test_a_name_near_to_none_lists_all() -> None:
    with pytest.raises(BadInputError, match="there are apple, apricot, banana"):
        _fruits()["zzzzzz"]
