"""What the thread behind the augmentation panel draws."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.augment.variants import variants
from cnn_desktop.data.dataset import ArraySplit, Dataset, PictureRef
from cnn_desktop.ui.pages.data.augmentation.orders import Order, Preview
from cnn_desktop.ui.pages.data.augmentation.placing import COUNT, Box, place
from cnn_desktop.ui.pages.data.augmentation.preview_work import Previewer

SIDE = 32


@pytest.fixture
def order() -> Order:
    pixels = np.random.default_rng(0).integers(0, 256, (20, SIDE, SIDE, 3), dtype=np.uint8)
    labels = np.arange(20) % 2
    dataset = Dataset("noise", "Noise", ("cat", "dog"), 3, (SIDE, SIDE), {"train": ArraySplit(pixels, labels, "train")})
    return Order(dataset, PictureRef("train", 2), "cifar_vgg6", AUGMENTATION_PRESETS["light"], 5, (800, 600), 0, 1.0)


def pixels_in(preview: Preview, box: Box) -> np.ndarray:
    image = preview.image.convertToFormat(QImage.Format.Format_RGB888)
    sheet = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    shown = sheet[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    return shown[box.top : box.top + box.height, box.left : box.left + box.width]


def test_tiles_are_what_training_would_make_of_the_picture(order: Order) -> None:
    preview = Previewer().preview(order)
    pixels = order.dataset.splits["train"].pixels(2, Preprocessing.unit_range(SIDE, SIDE, 3))
    expected = variants(pixels, order.augmentation, Preprocessing.unit_range(SIDE, SIDE, 3), COUNT, order.seed)
    factor = preview.placing.tiles[0].width // SIDE
    assert factor >= 3  # enlarged by a whole number, so that pixels can be compared one by one
    for box, variant in zip(preview.placing.tiles, expected, strict=True):
        assert np.array_equal(pixels_in(preview, box)[factor // 2 :: factor, factor // 2 :: factor], variant)
    original = preview.placing.original
    middle = (2 * np.arange(SIDE) + 1) * original.width // (2 * SIDE)
    assert np.array_equal(pixels_in(preview, original)[middle][:, middle], pixels.transpose(1, 2, 0))


def test_the_same_dice_give_the_same_image(order: Order) -> None:
    first = Previewer().preview(order).image
    assert Previewer().preview(order).image == first
    assert Previewer().preview(replace(order, seed=6)).image != first


def test_large_pictures_are_made_smaller_smoothly(order: Order) -> None:
    shades = np.tile(np.arange(256, dtype=np.uint8), (256, 1))[None, :, :, None].repeat(3, axis=3)
    split = ArraySplit(shades, np.zeros(1, int), "train")
    dataset = replace(order.dataset, image_size=(256, 256), splits={"train": split})
    preview = Previewer().preview(
        replace(order, dataset=dataset, ref=PictureRef("train", 0), augmentation=Augmentation())
    )
    row = pixels_in(preview, preview.placing.tiles[7])[20, :, 0].astype(int)
    assert len(row) < 256
    assert np.abs(np.diff(row) - 256 / len(row)).max() < 1.5


def test_mixed_variants_say_the_shares_of_their_classes(order: Order) -> None:
    mixing = replace(order, augmentation=Augmentation(mixup=1), line=30)
    preview = Previewer().preview(mixing)
    assert len(preview.captions) == COUNT
    seen = set()
    for caption in preview.captions:
        if caption == "cat":
            continue  # mixed with another cat, or hardly at all
        (own, share), (other, rest) = (line.removesuffix(" %").split(" ") for line in caption.split("\n"))
        assert int(share) + int(rest) in (99, 100, 101)
        assert int(share) >= 50  # the larger part stays the picture's own
        seen.add((own, other))
    assert seen == {("cat", "dog")}
    assert Previewer().preview(order).captions == ()


def test_a_picture_alone_is_mixed_with_nothing(order: Order) -> None:
    dataset = replace(order.dataset, splits={"train": order.dataset.splits["train"].subset(np.array([2]))})
    alone = replace(order, dataset=dataset, ref=PictureRef("train", 0), augmentation=Augmentation(mixup=1))
    preview = Previewer().preview(alone)
    pixels = pixels_in(preview, preview.placing.tiles[0])
    assert preview.captions == ()
    assert all(np.array_equal(pixels_in(preview, box), pixels) for box in preview.placing.tiles)


def test_words_name_class_picture_and_network(order: Order) -> None:
    assert Previewer().preview(order).words == ("cat", "training 2", "32 × 32 pixels", "for CIFAR VGG-6")


def test_another_dataset_is_not_taken_for_the_one_before(order: Order) -> None:
    previewer = Previewer()
    first = previewer.preview(order).image
    other = replace(order.dataset, splits={"train": order.dataset.splits["train"].subset(np.arange(19, -1, -1))})
    assert previewer.preview(replace(order, dataset=other)).image != first


@pytest.mark.parametrize("space", [(300, 340), (560, 420), (660, 560), (1400, 500), (240, 240)])
@pytest.mark.parametrize("picture", [(224, 224), (28, 28), (100, 50), (50, 100)])
@pytest.mark.parametrize("line", [0, 28])
def test_nothing_overlaps_or_is_cut_off(space: tuple[int, int], picture: tuple[int, int], line: int) -> None:
    placing = place(space, picture, line)
    boxes = [placing.original, *placing.tiles]
    taken = np.zeros((space[1], space[0]), int)
    for box in boxes:
        assert box.left >= 0 and box.top >= 0
        if box.left + box.width <= space[0] and box.top + box.height <= space[1]:
            taken[box.top : box.top + box.height, box.left : box.left + box.width] += 1
        else:
            assert min(space) <= 240  # only where even the smallest tiles find no room
    assert taken.max() == 1
    assert len({(box.width, box.height) for box in placing.tiles}) == 1
    tile = placing.tiles[0]
    assert abs(tile.width / tile.height - picture[1] / picture[0]) < 0.1
