"""One path from a picture to a tensor, with the pixels that torchvision's own transforms give."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import transforms

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.dataset import ArraySplit
from cnn_desktop.data.images import open_image
from cnn_desktop.data.pictures import normalize, received_part, to_pixels

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


Resizer = Literal["pillow", "torch"]


def cropping(
    shorter_side: int,
    size: int,
    interpolation: Literal["bilinear", "bicubic"] = "bilinear",
    resizer: Resizer = "pillow",
) -> Preprocessing:
    return Preprocessing(
        resizer=resizer,
        height=size,
        width=size,
        resize="crop",
        shorter_side=shorter_side,
        interpolation=interpolation,
        mean=MEAN,
        std=STD,
    )


def noise(width: int, height: int, channels: int = 3) -> Image.Image:
    pixels = np.random.default_rng(width).integers(0, 256, (height, width, channels), dtype=np.uint8)
    return Image.fromarray(pixels if channels == 3 else pixels[..., 0])


def torchvision_crop(
    picture: Image.Image, shorter_side: int, size: int, mode: transforms.InterpolationMode
) -> np.ndarray:
    steps = transforms.Compose([transforms.Resize(shorter_side, mode), transforms.CenterCrop(size)])
    return np.asarray(steps(picture)).transpose(2, 0, 1)


BILINEAR, BICUBIC = transforms.InterpolationMode.BILINEAR, transforms.InterpolationMode.BICUBIC


@pytest.mark.parametrize("size", [(500, 375), (375, 500), (300, 300), (257, 256), (1000, 333), (40, 41)])
@pytest.mark.parametrize(("resizer", "difference"), [("pillow", 0), ("torch", 1)])
def test_crop_is_torchvisions_resize_and_centre_crop(size: tuple[int, int], resizer: Resizer, difference: int) -> None:
    picture = noise(*size)
    for shorter_side, side in ((256, 224), (232, 224), (64, 64), (65, 64)):
        found = to_pixels(picture, cropping(shorter_side, side, resizer=resizer)).astype(int)
        assert np.abs(found - torchvision_crop(picture, shorter_side, side, BILINEAR)).max() <= difference
    found = to_pixels(picture, cropping(236, 224, "bicubic", resizer)).astype(int)
    assert np.abs(found - torchvision_crop(picture, 236, 224, BICUBIC)).max() <= difference


def test_both_resizers_give_nearly_the_same_pixels(test_data: Path) -> None:
    photo = open_image(next((test_data / "imagenet_samples").glob("*.JPEG")))
    by_pillow, by_torch = (
        to_pixels(photo, Preprocessing.unit_range(90, 120, 3).model_copy(update={"resizer": resizer})).astype(int)
        for resizer in ("pillow", "torch")
    )
    assert np.abs(by_pillow - by_torch).max() == 1
    assert (by_pillow != by_torch).mean() < 0.01


def test_real_photos_become_exactly_torchvisions_tensors(test_data: Path) -> None:
    steps = transforms.Compose(
        [transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
    )
    for path in sorted((test_data / "imagenet_samples").glob("*.JPEG"))[:12] or pytest.fail("no photos"):
        with Image.open(path) as photo:
            expected = steps(photo.convert("RGB"))
        preprocessing = cropping(256, 224)
        pixels = torch.from_numpy(to_pixels(open_image(path), preprocessing))[None]
        assert torch.equal(normalize(pixels, preprocessing)[0], expected)


def test_a_panorama_is_cropped_without_being_resized_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    panorama = noise(60_000, 20)
    made: list[tuple[int, int]] = []
    resize = Image.Image.resize

    def watched(picture: Image.Image, size: tuple[int, int], *arguments: object, **options: object) -> Image.Image:
        made.append(size)
        return resize(picture, size, *arguments, **options)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Image.Image, "resize", watched)
    found = to_pixels(panorama, cropping(256, 224))
    assert made == [(224, 224)]
    expected = to_pixels(panorama.crop((29_900, 0, 30_100, 20)), cropping(256, 224))
    assert np.abs(found.astype(int) - expected).mean() < 2


def test_stretch_gives_the_size_and_leaves_the_right_size_alone() -> None:
    picture = noise(31, 17)
    same = to_pixels(picture, Preprocessing.unit_range(17, 31, 3))
    assert (same == np.asarray(picture).transpose(2, 0, 1)).all()
    smaller = to_pixels(picture, Preprocessing.unit_range(8, 9, 3).model_copy(update={"resizer": "pillow"}))
    assert (smaller.transpose(1, 2, 0) == np.asarray(picture.resize((9, 8), Image.Resampling.BILINEAR))).all()


def test_grey_pictures_and_coloured_ones_of_grey_are_the_same() -> None:
    grey = noise(12, 10, channels=1)
    for channels in (1, 3):
        preprocessing = Preprocessing.unit_range(6, 6, channels)
        assert (to_pixels(grey, preprocessing) == to_pixels(grey.convert("RGB"), preprocessing)).all()
    assert (to_pixels(grey.convert("RGB"), Preprocessing.unit_range(10, 12, 1))[0] == np.asarray(grey)).all()


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("side", [8, 5, 16])
def test_a_picture_of_an_array_and_its_png_give_the_same_tensor(
    tmp_path: Path, channels: Literal[1, 3], side: int
) -> None:
    images = np.random.default_rng(0).integers(0, 256, (4, 8, 8, channels), dtype=np.uint8)
    split = ArraySplit(images, np.arange(4), "test")
    preprocessing = Preprocessing.unit_range(side, side, channels)
    for index in range(4):
        path = tmp_path / f"{index}.png"
        split.picture(index).save(path)
        from_array = to_pixels(split.picture(index), preprocessing)
        assert (to_pixels(open_image(path), preprocessing) == from_array).all()
        if side == 8:
            assert (from_array == images[index].transpose(2, 0, 1)).all()


def test_normalizing_keeps_the_memory_format_and_the_pixels() -> None:
    pixels = torch.randint(0, 256, (3, 3, 8, 8), dtype=torch.uint8).contiguous(memory_format=torch.channels_last)
    before = pixels.clone()
    unit = normalize(pixels, Preprocessing.unit_range(8, 8, 3))
    assert unit.dtype == torch.float32
    assert unit.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(unit, before.float() / 255)
    assert torch.equal(pixels, before)


@pytest.mark.parametrize("size", [(500, 375), (375, 500), (300, 300), (1200, 90)])
def test_the_received_part_is_what_the_crop_leaves(size: tuple[int, int]) -> None:
    rules = Preprocessing(
        height=224, width=224, resize="crop", shorter_side=256, mean=(0.0,) * 3, std=(1.0,) * 3, decoder="full"
    )
    across = np.tile(np.linspace(0, 255, size[0]), (size[1], 1))
    down = np.tile(np.linspace(0, 255, size[1])[:, None], (1, size[0]))
    picture = Image.fromarray(np.dstack([across, down, down]).round().astype(np.uint8))
    seen = to_pixels(picture, rules) / 255
    left, top, right, bottom = received_part(size, rules)
    corners = seen[0, 0, 0], seen[1, 0, 0], seen[0, -1, -1], seen[1, -1, -1]
    assert corners == pytest.approx((left, top, right, bottom), abs=0.012)


def test_all_of_a_stretched_picture_is_received() -> None:
    assert received_part((500, 100), Preprocessing.unit_range(28, 28, 1)) == (0, 0, 1, 1)
