"""The drawn part: what the window slides over, the matrices, what each channel adds, and the sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.inspect.arithmetic.graph import FunctionGraph
from cnn_desktop.ui.pages.inspect.arithmetic.matrices import Matrices
from cnn_desktop.ui.pages.inspect.arithmetic.source_view import SourceView
from cnn_desktop.ui.pages.inspect.arithmetic.strip import ContributionStrip
from cnn_desktop.ui.pages.inspect.arithmetic.sums import Sums
from cnn_desktop.ui.pages.inspect.arithmetic.telling import lines_of
from cnn_desktop.ui.theme import S4, S8, S16
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.number_matrix import Window

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.explain.arithmetic import Arithmetic, Patches

_LOW, _HIGH = 36, 132
"""Pixels of the bars, below matrices and alone."""
_NARROW, _NARROWEST, _LOWEST = 820, 560, 150
"""Pixels below which the map, torch's numbers and the bars give way to the numbers in the matrices."""


class Board(QWidget):
    """Shows an `Arithmetic`, one of its channels written out."""

    channel_chosen = Signal(int)
    """The place of a channel that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = SourceView()
        self.graph = FunctionGraph()
        self.matrices = Matrices()
        self.strip = ContributionStrip(_("What each channel adds"))
        self.sums = Sums()
        self.link = QPushButton()
        self.link.setObjectName("originOfNumber")
        self.link.setAccessibleName(_("Where the number comes from"))
        self.link.setProperty("role", "link")
        self._is_narrow, self._is_low = False, False
        self._has_bars = False
        self._slides = False
        """Whether the window covers a part of a map only."""
        self._bars_text = "", ""
        """What is said where all bars are shown, and where not."""
        self._bars = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._sort = _sort_button()
        self._sort.toggled.connect(self._on_sorted)
        self.matrices.channel_chosen.connect(self._choose)
        self.strip.chosen.connect(self._choose)
        self._lay_out()

    def _lay_out(self) -> None:
        # A widget, since a layout of which all is hidden would keep what is above it narrow.
        self._above_bars = QWidget()
        line = QHBoxLayout(self._above_bars)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(S8)
        line.addWidget(self._bars, 1)
        line.addWidget(self._sort)
        self._middle = middle = QVBoxLayout()
        middle.setSpacing(S4)
        middle.addWidget(self.matrices, 1)
        middle.addWidget(self._above_bars)
        middle.addWidget(self.strip)
        right = QVBoxLayout()
        right.setSpacing(S8)
        right.addWidget(self.sums)
        right.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        right.addStretch()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, S4, 0, 0)
        row.setSpacing(S16)
        row.addWidget(self.source)
        row.addWidget(self.graph)
        row.addLayout(middle, 1)
        row.addLayout(right)
        row.addStretch()

    def show_arithmetic(self, arithmetic: Arithmetic, place: int, source: str, names: Sequence[str]) -> None:
        """Show a number, of what was added the channel at `place`.

        Args:
            arithmetic: the number.
            place: of a channel among those that were added.
            source: what the operation that was taken from is called.
            names: of the items that a share is taken of, such as classes; empty where they have none.
        """
        working, patches = arithmetic.working, arithmetic.working.patches
        self.sums.show_lines(lines_of(arithmetic, place))
        self.graph.setVisible(bool(working.curve))
        if working.curve:
            self.graph.show_curve(working.curve, (working.steps[0].value, working.total))
        self.matrices.setVisible(patches is not None)
        if patches is not None:
            self.matrices.show_working(working, patches, place, source)
        if working.kind == "products" and patches is not None and len(patches.channels) > 1:
            self._show_sums(patches, place)
        elif working.kind == "share":
            self._show_shares([item.value for item in working.items], names, arithmetic)
        else:
            self._set_bars_visible(False)

    def show_source(self, values: np.ndarray | None, patches: Patches | None) -> None:
        """Show the H×W numbers that the window slides over, and where it is; None where it doesn't slide."""
        self._slides = values is not None
        self._show_source()
        if values is not None and patches is not None:
            from cnn_desktop.explain.rendering import Scale

            self.source.show_map(values, Scale.of(values[None]))
            rows, columns = patches.values.shape[1:]
            self.source.mark(Window(patches.top, patches.left, rows, columns, patches.every))

    def _show_source(self) -> None:
        self.source.setVisible(self._slides and not self._is_narrow)

    def _show_shares(self, powers: list[float], names: Sequence[str], arithmetic: Arithmetic) -> None:
        import numpy as np

        values = np.array(powers)
        has_names = len(names) == len(powers)
        self._bars_text = (
            _("the power of each of {count:,} logits"),
            _("the {shown:,} largest powers of {count:,} logits"),
        )
        self.strip.has_names = has_names
        name_of = names.__getitem__ if has_names else str
        self._show_bars(values, np.argsort(-values, kind="stable"), name_of, arithmetic.cell.channel)

    def _show_sums(self, patches: Patches, place: int) -> None:
        self._bars_text = _("what each of {count:,} adds"), _("what each of {count:,} adds, the {shown:,} largest")
        self.strip.has_names = False
        self._show_bars(patches.sums, patches.strongest, _channel_name(patches), place)

    def _show_bars(self, values: np.ndarray, order: np.ndarray, name_of: Callable[[int], str], current: int) -> None:
        self._set_bars_visible(True)
        self.strip.setMaximumHeight(_HIGH if self.matrices.isHidden() else _LOW)
        self.strip.show_values(values, order, name_of, current)
        self._tell_bars()

    def _tell_bars(self) -> None:
        count, shown = len(self.strip), len(self.strip.places)
        text = self._bars_text[0 if shown == count else 1]
        self._bars.setText(text.format(count=count, shown=shown))

    def _set_bars_visible(self, is_visible: bool) -> None:
        self._has_bars = is_visible
        self._show_bars_if_fit()

    def _show_bars_if_fit(self) -> None:
        """Numbers that can be read are worth more than bars."""
        is_visible = self._has_bars and (not self._is_low or self.matrices.isHidden())
        for widget in (self.strip, self._above_bars):
            widget.setVisible(is_visible)
        self._row.setStretchFactor(self._middle, int(self._has_bars))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_narrow, self._is_low = self.width() < _NARROW, self.height() < _LOWEST
        self.sums.set_narrow(self.width() < _NARROWEST)
        self._show_source()
        self._show_bars_if_fit()
        self._tell_bars()

    def _choose(self, place: int) -> None:
        self.channel_chosen.emit(place)

    def _on_sorted(self, is_sorted: bool) -> None:
        self.strip.set_sorted(is_sorted)


def _sort_button() -> QPushButton:
    button = QPushButton(_("largest first"))
    button.setObjectName("sortContributions")
    button.setAccessibleName(_("Show the largest contributions first"))
    button.setProperty("role", "toggle")
    button.setToolTip(_("Those first that count most, or all in their own order"))
    button.setCheckable(True)
    button.setChecked(True)
    bold = QFont(button.font())
    bold.setBold(True)
    button.setMinimumWidth(QFontMetrics(bold).horizontalAdvance(button.text()) + 16)
    return button


def _channel_name(patches: Patches) -> Callable[[int], str]:
    text = _("channel {number}") if patches.is_map else _("input {number}")
    return lambda place: text.format(number=int(patches.channels[place]))
