"""A picture, and the numbers that it is made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout
from typing_extensions import override

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.explain.lessons.pixels import pixel_numbers
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.learn.choices import Choices
from cnn_desktop.ui.pages.learn.demo import Demo, result_label
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.pages.learn.pixel_board import PixelBoard
from cnn_desktop.ui.pages.learn.sample_pictures import colour_wheel, house
from cnn_desktop.ui.pages.pictures import GivenPicture, from_file, pasted
from cnn_desktop.ui.theme import S8, S20
from cnn_desktop.ui.widgets.dropped import paths_in, picture_in
from cnn_desktop.ui.widgets.number_matrix import Cell, Editing, NumberMatrix, Tint

if TYPE_CHECKING:
    import numpy as np

_FRAME = 6
_SIDES = (6, 8, 12, 16, 24, 32, 48, 64)
_SIDE = 16
_ROOF = 4, 5
"""Where the frame lies at first, by row and column."""
_CHANNELS = (_("red"), _("green"), _("blue"))
_TINTS: tuple[Tint, ...] = ("red channel", "green channel", "blue channel")
_SAMPLES = {"house": house, "colours": colour_wheel}


class PicturesDemo(Demo):
    """The picture's pixels, and three tables for the part of it in the frame."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._job = JobRunner(self)
        self._given: GivenPicture | None = None
        self._numbers: np.ndarray | None = None
        self._starts = True
        """Whether the frame is still to be put where there is something to see."""
        self._samples = Choices("sample", _("Picture"), (("house", _("House")), ("colours", _("Colours"))))
        self._open = QPushButton(_("Open a picture…"))
        self._open.setObjectName("lessonOpenPicture")
        self._open.setAccessibleName(self._open.text())
        self._side = Dial("pixelSide", _("Pixels"), _SIDES, _("{0:g} × {0:g}").format)
        self._board = PixelBoard(_("Picture"), _FRAME)
        self._shown = [QCheckBox(name) for name in _CHANNELS]
        self._tables = NumberMatrix(_("Numbers"), _TINTS, editing=Editing(low=0, high=255), cell=(44, 34))
        self._said, self._pixel = result_label("pixelCount"), result_label("pixelSaid")
        self.setAcceptDrops(True)
        self._lay_out()
        self._samples.chosen.connect(self._take_sample)
        self._open.clicked.connect(self.browse)
        self._side.turned.connect(self._read)
        self._board.frame_moved.connect(self._show_tables)
        self._board.pointed.connect(self._on_pixel)
        self._tables.cell_pointed.connect(self._on_cell)
        self._tables.cell_changed.connect(self._on_edited)
        for box, name in zip(self._shown, _CHANNELS, strict=True):
            box.setAccessibleName(_("show {channel}").format(channel=name))
            box.toggled.connect(self._show_picture)

    def _lay_out(self) -> None:
        self.add_row(self._samples, self._open)
        beside = QVBoxLayout()
        beside.setSpacing(S20)
        beside.addStretch()
        beside.addWidget(self._side)
        boxes = QHBoxLayout()
        boxes.setSpacing(S8)
        for box in self._shown:
            boxes.addWidget(box)
        boxes.addStretch()
        beside.addLayout(boxes)
        for label in (self._said, self._pixel):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft)
            beside.addWidget(label)
        self._pixel.setMinimumHeight(2 * self._pixel.fontMetrics().lineSpacing())
        beside.addStretch()
        upper = QHBoxLayout()
        upper.setSpacing(2 * S20)
        upper.addWidget(self._board, 3)
        upper.addLayout(beside, 2)
        self.column.addLayout(upper, 1)
        self.add_row(self._tables)

    @override
    def start_over(self) -> None:
        self._samples.choose_first()
        self._side.choose(_SIDE)
        for box in self._shown:
            box.setChecked(True)
        self._starts = True
        self._take_sample(self._samples.current)

    @override
    def shutdown(self) -> None:
        self._job.cancel()
        self._job.wait()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if paths_in(event.mimeData()) or picture_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if self.take(event.mimeData()):
            event.acceptProposedAction()

    @property
    @override
    def takes_pictures(self) -> bool:
        return True

    @override
    def take(self, data: QMimeData) -> bool:
        if paths := paths_in(data):
            self._take(from_file(paths[0]))
        elif (picture := picture_in(data)) is not None:
            self._take(pasted(picture))
        else:
            return False
        return True

    @override
    def browse(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, _("Open a picture"))
        if chosen:
            self._take(from_file(Path(chosen)))

    def _take_sample(self, name: str) -> None:
        self._take(pasted(_SAMPLES[name]()))
        self._samples.choose(name)

    def _take(self, given: GivenPicture) -> None:
        self._given = given
        self._samples.choose("")
        self._read()

    def _read(self) -> None:
        if self._given is not None:
            self._job.start(_numbers_of, self._given, self._side.whole, on_done=self._on_read, on_error=self._on_error)

    def _on_read(self, numbers: np.ndarray) -> None:
        self._numbers = numbers
        side = numbers.shape[1]
        text = _("{side} × {side} × 3 = <b>{count}</b> numbers")
        self._said.setText(text.format(side=side, count=f"{numbers.size:,}"))
        self._show_picture()
        if self._starts:
            self._starts = False
            self._board.put_frame(*_ROOF)
        self._show_tables()

    def _on_error(self, error: Exception) -> None:
        self._said.setText(one_line(error))

    def _show_picture(self) -> None:
        import numpy as np

        if self._numbers is not None:
            kept = np.array([box.isChecked() for box in self._shown], np.uint8)[:, None, None]
            pixels = np.ascontiguousarray((self._numbers * kept).transpose(1, 2, 0))
            height, width = pixels.shape[:2]
            image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
            self._board.show_image(image.copy())

    def _show_tables(self) -> None:
        if self._numbers is None:
            return
        top, left = self._board.top, self._board.left
        part = self._numbers[:, top : top + _FRAME, left : left + _FRAME]
        self._tables.show_values(part, scale=255, decimals=0, titles=_CHANNELS)
        self._on_pixel(None)

    def _on_edited(self, cell: Cell, value: float) -> None:
        if self._numbers is not None:
            self._numbers[cell.channel, self._board.top + cell.row, self._board.left + cell.column] = round(value)
            self._show_picture()

    def _on_cell(self, cell: Cell | None) -> None:
        pixel = None if cell is None else (self._board.top + cell.row, self._board.left + cell.column)
        self._board.mark(pixel)
        self._say(pixel)

    def _on_pixel(self, pixel: tuple[int, int] | None) -> None:
        self._say(pixel)
        inside = pixel is not None and (pixel[0] - self._board.top, pixel[1] - self._board.left)
        is_inside = inside and all(0 <= place < _FRAME for place in inside)
        self._tables.single_out(*(Cell(channel, *inside) for channel in range(3)) if is_inside and inside else ())

    def _say(self, pixel: tuple[int, int] | None) -> None:
        if pixel is None or self._numbers is None:
            self._pixel.setText(_("Point at a pixel."))
            return
        red, green, blue = (int(value) for value in self._numbers[:, pixel[0], pixel[1]])
        text = _("row {row}, column {column}: <b>{red}, {green}, {blue}</b><br>for the network: {numbers}")
        numbers = ", ".join(f"{value / 255:.2f}" for value in (red, green, blue))
        self._pixel.setText(
            text.format(row=pixel[0], column=pixel[1], red=red, green=green, blue=blue, numbers=numbers)
        )


def _numbers_of(given: GivenPicture, side: int, progress: Progress = no_progress) -> np.ndarray:
    progress(0, 1)
    return pixel_numbers(given.load(), side).copy()


def make(context: AppContext) -> Demo:
    """Build it."""
    return PicturesDemo(context)
