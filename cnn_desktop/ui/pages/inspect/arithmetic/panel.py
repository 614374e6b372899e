"""How this number came to be: follows the chosen cell, writes it out, and lets the window slide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import ModelError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.inspect.arithmetic.board import Board
from cnn_desktop.ui.pages.inspect.arithmetic.controls import Controls
from cnn_desktop.ui.pages.inspect.arithmetic.sliding import Player, nearest_output, next_cell
from cnn_desktop.ui.pages.inspect.panel import Panel
from cnn_desktop.ui.pages.inspect.subject import LayerCell, Subject

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.explain.arithmetic import Arithmetic, Origin, Patches
    from cnn_desktop.explain.recording import Operation, Recording


class ArithmeticPanel(Panel):
    """Computes in the window's own thread: a number takes a fraction of a millisecond, the largest of VGG16's a few."""

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(context, subject, parent)
        self.setObjectName("arithmeticPanel")
        self.controls = Controls()
        self.tools = self.controls
        self.board = Board()
        self.message = QLabel()
        self._arithmetic: Arithmetic | None = None
        self._place = 0
        """Of the channel that is written out, among those that were added."""
        self._maps: tuple[Recording | None, str, np.ndarray | None] = (None, "", None)
        """What was read last of a recording: on a graphics card that takes a while."""
        self._player = Player(lambda: self._step(1), self)
        self._player.set_speed(self.controls.speed)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.message.setProperty("role", "caption")
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.message)
        self._stack.addWidget(self.board)

    def _connect(self) -> None:
        self.controls.channel_chosen.connect(self._choose_channel)
        self.controls.stepped.connect(self._step)
        self.controls.play_toggled.connect(self._player.play)
        self.controls.speed_changed.connect(self._player.set_speed)
        self.board.channel_chosen.connect(self._choose_bar)
        self.board.source.dragged.connect(self._drag)
        self.board.link.clicked.connect(self._go_to_origin)
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self)
        space.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        space.activated.connect(self.controls.play.toggle)

    @override
    def follow(self) -> None:
        from cnn_desktop.explain.arithmetic import explain_cell

        recording, cell = self.subject.recording, self.subject.cell
        if recording is None or not self.subject.layer:
            self._say(_("Drop a picture at the left; then click a number of a map to see how it came to be."))
        elif cell is None:
            self._say(_("Click a number of a map to see how it came to be."))
        else:
            try:
                arithmetic = explain_cell(recording, self.subject.layer, cell)
            except ModelError as error:
                self._say(one_line(error))
            else:
                self._show(arithmetic)

    @override
    def shutdown(self) -> None:
        self.controls.play.setChecked(False)
        super().shutdown()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.controls.play.setChecked(False)

    def _say(self, text: str) -> None:
        self._arithmetic = None
        self.controls.offer([], can_slide=False)
        self.controls.what.clear()
        self.message.setText(text)
        self._stack.setCurrentWidget(self.message)

    def _show(self, arithmetic: Arithmetic) -> None:
        before, self._arithmetic = self._arithmetic, arithmetic
        patches = arithmetic.working.patches
        channels = [] if patches is None else [int(channel) for channel in patches.channels]
        is_same_filter = before is not None and _filter_of(before) == _filter_of(arithmetic)
        if not is_same_filter or self._place >= len(channels):
            self._place = int(patches.strongest[0]) if patches is not None else 0
        self.controls.what.setText(self._what(arithmetic))
        self.controls.offer(channels, can_slide=True)
        self._stack.setCurrentWidget(self.board)
        self._draw()

    def _what(self, arithmetic: Arithmetic) -> str:
        channel, row, column = arithmetic.cell
        operation = self._operation
        if operation is not None and len(operation.map_shape) == 1:
            return _("{operation} · unit {channel}").format(operation=arithmetic.operation, channel=channel)
        text = _("{operation} · map {channel}, cell ({row}, {column})")
        return text.format(operation=arithmetic.operation, channel=channel, row=row, column=column)

    def _draw(self) -> None:
        arithmetic = self._arithmetic
        if arithmetic is None:
            return
        patches = arithmetic.working.patches
        model = self.subject.model
        names = model.classes if model is not None else ()
        source = "" if patches is None else self._name_of(patches.source)
        self.board.show_arithmetic(arithmetic, self._place, source, names)
        self.board.show_source(self._slid_over(patches), patches)
        self._offer_origin(arithmetic.working.origin)
        if patches is not None:
            self.controls.show_channel(int(patches.channels[self._place]))

    def _slid_over(self, patches: Patches | None) -> np.ndarray | None:
        """The map of which the window covers a part."""
        recording = self.subject.recording
        if recording is None or patches is None or not patches.is_map:
            return None
        if self._maps[:2] != (recording, patches.source):
            self._maps = recording, patches.source, _maps(recording, patches.source)
        maps = self._maps[2]
        assert maps is not None
        is_part = patches.values.shape[1:] != maps.shape[1:]
        return maps[int(patches.channels[self._place])] if is_part else None

    def _name_of(self, operation: str) -> str:
        from cnn_desktop.explain.recording import INPUT

        return _("the picture") if operation == INPUT else operation

    # ---- what a person does

    def _choose_channel(self, channel: int) -> None:
        patches = None if self._arithmetic is None else self._arithmetic.working.patches
        if patches is not None:
            self._choose_bar(channel - int(patches.channels[0]))

    def _choose_bar(self, place: int) -> None:
        if self._arithmetic is None:
            return
        if self._arithmetic.working.kind == "share":
            self.subject.set_cell(LayerCell(place, 0, 0))
            return
        self._place = place
        self._draw()

    def _step(self, by: int) -> None:
        operation, cell = self._operation, self.subject.cell
        if operation is not None and cell is not None:
            channels, *extent = operation.map_shape
            rows, columns = extent or (1, 1)
            self.subject.set_cell(next_cell(cell, (channels, rows, columns), by))

    def _drag(self, row: float, column: float) -> None:
        operation, cell = self._operation, self.subject.cell
        if operation is None or cell is None or len(operation.map_shape) != 3:
            return
        patches = None if self._arithmetic is None else self._arithmetic.working.patches
        if patches is None:
            return
        self.subject.set_cell(LayerCell(cell.channel, *_output_at(operation, patches, self._maps[2], row, column)))

    @property
    def _operation(self) -> Operation | None:
        recording = self.subject.recording
        return None if recording is None else recording.operations.get(self.subject.layer)

    def _offer_origin(self, origin: Origin | None) -> None:
        recording = self.subject.recording
        is_layer = (
            origin is not None
            and recording is not None
            and origin.operation in recording.operations
            and recording.operations[origin.operation].is_layer
        )
        self.board.link.setVisible(is_layer)
        if origin is not None:
            self.board.link.setText(_("Look at it in {operation}").format(operation=origin.operation))

    def _go_to_origin(self) -> None:
        origin = None if self._arithmetic is None else self._arithmetic.working.origin
        if origin is not None:
            self.subject.set_layer(origin.operation)
            self.subject.set_cell(LayerCell(*origin.cell))


def _filter_of(arithmetic: Arithmetic) -> tuple[str, int]:
    return arithmetic.operation, arithmetic.cell.channel


def _maps(recording: Recording, source: str) -> np.ndarray:
    from cnn_desktop.explain.recording import INPUT

    if source == INPUT:
        return recording.input[0].detach().float().cpu().numpy()
    return recording.maps(source)


def _output_at(
    operation: Operation, patches: Patches, maps: np.ndarray | None, row: float, column: float
) -> tuple[int, int]:
    """The cell of the output whose window lies nearest to a place of the input."""
    given = maps.shape[1:] if maps is not None else operation.map_shape[1:]
    wanted = operation.map_shape[1:]
    covered = [(length - 1) * every + 1 for length, every in zip(patches.values.shape[1:], patches.every, strict=True)]
    window = operation.window
    found = [
        nearest_output(
            place,
            length=wanted[axis],
            stride=window.stride[axis] if window else max(1, given[axis] // wanted[axis]),
            before=window.before[axis] if window else 0,
            reach=covered[axis],
        )
        for axis, place in enumerate((row, column))
    ]
    return found[0], found[1]
