"""The layers of a model: a list to see them all, and a picker on the same choice."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S8, S20, colors
from cnn_desktop.ui.widgets.elided_combo import ElidedComboBox

_LAYER = Qt.ItemDataRole.UserRole + 1
_HEADING = Qt.ItemDataRole.UserRole + 2
_ROW = 28
_HEADING_HEIGHT = 24


@dataclass(frozen=True)
class Layer:
    """A line of the list: the layer's dotted name, what it is, and the shape of its output without the batch."""

    name: str
    kind: str
    shape: tuple[int, ...]
    block: str = ""
    """Dotted name of the part of the network that holds it."""

    @property
    def label(self) -> str:
        """Its name within its block."""
        return self.name.removeprefix(f"{self.block}.") if self.block else self.name

    @property
    def shape_text(self) -> str:
        """32×16×16."""
        return "×".join(str(side) for side in self.shape)


class LayerTree(QWidget):
    """A `QComboBox` (the layer's dotted name as item data) above the list of all layers; both show one choice."""

    layer_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = QStandardItemModel(self)
        self.picker = ElidedComboBox(self)
        self.picker.setObjectName("layerPicker")
        self.picker.setAccessibleName(_("Layer"))
        self.picker.setModel(self._layers)
        self.view = QListView(self)
        self.view.setAccessibleName(_("Layers"))
        self.view.setModel(self._layers)
        self.view.setItemDelegate(_LayerDelegate(self.view))
        self.view.setMouseTracking(True)
        self.view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMinimumHeight(3 * _ROW)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        column.addWidget(self.picker)
        column.addWidget(self.view, 1)
        self.picker.currentIndexChanged.connect(self._picked)
        self.view.selectionModel().currentChanged.connect(lambda index, _old: self._listed(index))

    @property
    def current(self) -> str:
        """The dotted name of the chosen layer, or an empty text."""
        return self.picker.currentData() or ""

    def show_layers(self, layers: Sequence[Layer], chosen: str = "") -> None:
        """Replace the layers; `chosen`, the same name as before, or the first becomes the choice and is told."""
        wanted = chosen or self.current
        self.picker.blockSignals(True)
        self._layers.clear()
        block = ""
        for layer in layers:
            item = QStandardItem(f"{layer.name} · {layer.kind}" if layer.kind else layer.name)
            item.setData(layer.name, Qt.ItemDataRole.UserRole)
            item.setData(layer, _LAYER)
            item.setData(layer.block if layer.block != block else "", _HEADING)
            block = layer.block
            item.setToolTip(f"{layer.name} · {layer.kind} · {layer.shape_text}")
            self._layers.appendRow(item)
        names = [layer.name for layer in layers]
        self.picker.setCurrentIndex(names.index(wanted) if wanted in names else (0 if names else -1))
        self.picker.blockSignals(False)
        self.setEnabled(bool(names))
        self._picked(self.picker.currentIndex())

    def choose(self, name: str) -> None:
        """Choose the layer with that dotted name, where there is one."""
        self.picker.setCurrentIndex(self.picker.findData(name))

    def _picked(self, row: int) -> None:
        if row >= 0:
            self.view.setCurrentIndex(self._layers.index(row, 0))
            self.layer_chosen.emit(self.current)

    def _listed(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picker.setCurrentIndex(index.row())


class _LayerDelegate(QStyledItemDelegate):
    """A layer's name in its block, what it is, and its shape; above the first of a block, the block's name."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = painter.font().pixelSize()
        if heading := str(index.data(_HEADING)):
            self._paint_heading(painter, QRectF(area.left(), area.top(), area.width(), _HEADING_HEIGHT), heading, size)
            area.setTop(area.top() + _HEADING_HEIGHT)
        self._paint_layer(painter, area, index, size)
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRectF, heading: str, size: int) -> None:
        painter.setFont(_figures(size - 2))
        painter.setPen(QColor(colors().muted))
        inner = area.adjusted(S8, S4, -S8, 0)
        text = painter.fontMetrics().elidedText(heading, Qt.TextElideMode.ElideMiddle, int(inner.width()))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_layer(
        self, painter: QPainter, area: QRectF, index: QModelIndex | QPersistentModelIndex, size: int
    ) -> None:
        view, layer = self.parent(), index.data(_LAYER)
        assert isinstance(view, QListView)
        is_chosen = index.row() == view.currentIndex().row()
        if is_chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors().accent_soft))
            painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), 6, 6)
        inner = area.adjusted(S20 if layer.block else S8, 0, -S8, 0)
        small, font = _figures(size - 2), _figures(size - 1)
        font.setBold(is_chosen)
        right = _draw_text(painter, inner, layer.shape_text, small, colors().muted, Qt.AlignmentFlag.AlignRight)
        inner.setRight(inner.right() - right - S8)
        ink = colors().accent if is_chosen else colors().text
        left = _draw_text(painter, inner, layer.label, font, ink, Qt.AlignmentFlag.AlignLeft)
        inner.setLeft(inner.left() + left + S8)
        if inner.width() > 3 * size and layer.kind != layer.label:
            _draw_text(painter, inner, layer.kind, small, colors().muted, Qt.AlignmentFlag.AlignLeft)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, _ROW + (_HEADING_HEIGHT if index.data(_HEADING) else 0))


def _draw_text(painter: QPainter, area: QRectF, text: str, font: QFont, colour: str, side: Qt.AlignmentFlag) -> float:
    """Draw text at one side of an area, shortened where it must be, and return its width."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(area.width()))
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return painter.fontMetrics().horizontalAdvance(shown)


def _figures(pixels: int) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(max(9, pixels))
    return font
