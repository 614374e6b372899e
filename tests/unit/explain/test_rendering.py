import numpy as np
import pytest

from cnn_desktop.explain.rendering import (
    Scale,
    mosaic,
    near_square,
    packed_colours,
    resample,
    to_colours,
    to_rgb,
    unpacked,
)


def test_viridis_runs_from_dark_violet_to_yellow_and_only_gets_brighter() -> None:
    values = np.linspace(0, 1, 256, dtype=np.float32)[None, None]
    colours = to_colours(values, Scale.of(values))[0, 0].astype(int)
    assert tuple(colours[0]) == (0x44, 0x01, 0x54)
    assert tuple(colours[-1]) == (0xFD, 0xE7, 0x25)
    assert abs(colours[128] - (0x21, 0x90, 0x8C)).max() <= 2
    brightness = colours @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(brightness) > -0.5).all()


def test_signed_colours_are_blue_below_zero_neutral_at_zero_and_red_above() -> None:
    values = np.array([[[-2.0, 0.0, 1.0]]], dtype=np.float32)
    below, zero, above = to_colours(values, Scale.of(values, symmetric=True), "signed")[0, 0].astype(int)
    assert below[2] > below[0]
    assert zero.max() - zero.min() <= 2
    assert zero.min() > 230
    assert above[0] > above[2]


def test_scale_per_tile_uses_each_tiles_own_range() -> None:
    tiles = np.array([[[0.0, 1.0]], [[0.0, 100.0]]], dtype=np.float32)
    together = to_colours(tiles, Scale.of(tiles))
    each = to_colours(tiles, Scale.of(tiles, per_tile=True))
    assert not np.array_equal(together[0], together[1])
    assert np.array_equal(each[0], each[1])


def test_a_flat_map_has_one_colour() -> None:
    tiles = np.zeros((2, 3, 3), dtype=np.float32)
    assert len(np.unique(to_colours(tiles, Scale.of(tiles)).reshape(-1, 3), axis=0)) == 1


def test_what_is_not_a_number_stands_out_and_does_not_spoil_the_scale() -> None:
    tiles = np.array([[[np.nan, 0.0, 1.0, np.inf]]], dtype=np.float32)
    scale = Scale.of(tiles)
    assert (scale.low.item(), scale.high.item()) == (0.0, 1.0)
    colours = to_colours(tiles, scale)[0, 0]
    assert tuple(colours[0]) == (255, 0, 255)
    assert tuple(colours[3]) == tuple(colours[2])


def test_rgb_puts_zero_in_the_middle_of_a_symmetric_scale() -> None:
    tiles = np.array([[[[-1.0, 0.0, 1.0]]]], dtype=np.float32)
    assert to_rgb(tiles, Scale.of(tiles, symmetric=True))[0, 0, 0].tolist() == [0, 128, 255]


def test_mosaic_puts_every_tile_where_it_belongs() -> None:
    tiles = np.stack([np.full((2, 3, 3), value, dtype=np.uint8) for value in (10, 20, 30, 40, 50)])
    picture = mosaic(tiles, columns=3, gap=1, background=(1, 2, 3))
    assert picture.shape == (2 * 2 + 1, 3 * 3 + 2, 3)
    for index in range(5):
        row, column = divmod(index, 3)
        tile = picture[row * 3 : row * 3 + 2, column * 4 : column * 4 + 3]
        assert np.array_equal(tile, tiles[index])
    assert picture[3, 8].tolist() == [1, 2, 3]  # the place of a sixth tile
    assert picture[2].reshape(-1, 3).tolist() == [[1, 2, 3]] * 11


@pytest.mark.parametrize(("height", "width"), [(6, 6), (3, 9), (4, 5), (2, 1)])
def test_resampling_repeats_or_leaves_out_values_and_invents_none(height: int, width: int) -> None:
    tiles = np.arange(18, dtype=np.float32).reshape(2, 3, 3)
    shown = resample(tiles, height, width)
    assert shown.shape == (2, height, width)
    assert set(np.unique(shown)) <= set(np.unique(tiles))
    for row in range(height):
        for column in range(width):
            assert shown[1, row, column] == tiles[1, int((row + 0.5) * 3 / height), int((column + 0.5) * 3 / width)]


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (4, 2), (5, 3), (64, 8)])
def test_near_square(count: int, columns: int) -> None:
    assert near_square(count) == columns


def test_packed_colours_are_the_same_colours_and_a_mosaic_of_them_the_same_picture() -> None:
    tiles = np.random.default_rng(0).normal(size=(5, 4, 3)).astype(np.float32)
    tiles[2, 1, 1] = np.nan
    scale = Scale.of(tiles)
    packed, colours = packed_colours(tiles, scale), to_colours(tiles, scale)
    assert (packed >> 24 == 255).all()
    assert np.array_equal(unpacked(packed), colours)
    sheets = mosaic(packed, 3, 2, 0xFF010203), mosaic(colours, 3, 2, (1, 2, 3))
    assert np.array_equal(unpacked(sheets[0]), sheets[1])
