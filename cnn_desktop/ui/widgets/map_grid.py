"""Many small maps as one picture: values under the cursor, a click or the arrow keys select."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import colors
from cnn_desktop.ui.widgets.tile_layout import TileLayout, TileRules, fit_tiles

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.map_tiles import MapTiles

_NUMBERS_FROM = 44
"""Pixels that a cell needs before its number is written into it."""

_MARGIN = 3
"""Pixels around the tiles, for the mark of a selected one."""

_UNIT_RULES = TileRules(smallest=9, largest=40, gap=2)
"""For layers without extent, which have many single numbers."""


class Cell(NamedTuple):
    """A place in a map, counted from 0."""

    tile: int
    row: int
    column: int


class MapGrid(QWidget):
    """One widget for all the maps of a layer, or for one map enlarged, whose cells are then what is selected.

    Args:
        tile_name: what a tile is called in tool tips, with `{number}` in it, such as “map {number}”.
        rules: how small and how large tiles may be.
    """

    selected = Signal(int)
    """A tile was chosen."""
    cell_chosen = Signal(object)
    """A `Cell` was chosen; with the keys among many tiles, at the same place in another."""
    pointed = Signal(object)
    """The `Cell` under the cursor or chosen with the keys, or None."""

    def __init__(self, tile_name: str, rules: TileRules | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tile_name = tile_name
        self._rules = rules or TileRules()
        self._tiles: MapTiles | None = None
        self._layout: TileLayout | None = None
        self._image: QImage | None = None
        self._image_ground = ""
        self._current = -1
        self._cell: Cell | None = None
        self.empty_text = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def count(self) -> int:
        """How many tiles there are."""
        return 0 if self._tiles is None else self._tiles.count

    @property
    def tile_count(self) -> int:
        """How many tiles there are."""
        return self.count

    @property
    def tiles(self) -> MapTiles | None:
        """What is shown."""
        return self._tiles

    @property
    def current(self) -> int:
        """The selected tile, or -1."""
        return self._current

    @property
    def cell(self) -> Cell | None:
        """The cell that was chosen or marked last."""
        return self._cell

    def show_tiles(self, tiles: MapTiles | None, empty_text: str = "") -> None:
        """Show other maps; the selection stays where it still fits. Without maps, `empty_text` says why."""
        self._tiles = tiles if tiles is not None and tiles.count else None
        self.empty_text = empty_text
        self._current = self._current if self._current < self.count else -1
        self._cell = None
        self._arrange()

    def set_current(self, index: int) -> None:
        """Mark tile `index`, or none with -1, without telling anybody."""
        self._current = index if index < self.count else -1
        self.update()

    def mark(self, cell: Cell | None) -> None:
        """Choose a cell, or none, without telling anybody; it is drawn in a single enlarged map."""
        self._cell = cell
        self.update()

    def tile_rect(self, index: int) -> QRectF:
        """Where tile `index` is drawn, in the widget's own coordinates."""
        layout, ratio = self._layout, self.devicePixelRatioF()
        if layout is None:
            return QRectF()
        left, top = layout.corner(self._place(index))
        return QRectF(
            left / ratio + _MARGIN, top / ratio + _MARGIN, layout.tile_width / ratio, layout.tile_height / ratio
        )

    def cell_at(self, position: QPointF) -> Cell | None:
        """The cell under a point of the widget."""
        ratio = self.devicePixelRatioF()
        if self._layout is None or self._tiles is None:
            return None
        hit = self._layout.at((position.x() - _MARGIN) * ratio, (position.y() - _MARGIN) * ratio)
        if hit is None:
            return None
        place, across, down = hit
        height, width = self._tiles.shape
        return Cell(self._tile(place), int(down * height), int(across * width))

    def _place(self, tile: int) -> int:
        """Where a tile stands among the others."""
        places = None if self._tiles is None else self._tiles.places
        return tile if places is None else int(places[tile])

    def _tile(self, place: int) -> int:
        """Which tile stands at a place."""
        order = None if self._tiles is None else self._tiles.order
        return place if order is None else int(order[place])

    def text_at(self, cell: Cell) -> str:
        """What a tool tip says of a cell: which it is, and its number as the network computed it."""
        name = self.tile_name.format(number=cell.tile)
        if self._tiles is None:
            return name
        value = self._tiles.text(cell.tile, cell.row, cell.column)
        if self._tiles.shape == (1, 1):
            return _("{name}: {value}").format(name=name, value=value)
        text = _("{name}, cell ({row}, {column}): {value}")
        return text.format(name=name, row=cell.row, column=cell.column, value=value)

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._arrange()

    def _arrange(self) -> None:
        self._image = None
        self._layout = None
        needed = 0
        if self._tiles is not None:
            space, ratio = self._space(), self.devicePixelRatioF()
            rules = _UNIT_RULES if self._tiles.shape == (1, 1) and self.count > 1 else self._rules
            rules = TileRules(*(round(limit * ratio) for limit in vars(rules).values()))
            room = int((space.width() - 2 * _MARGIN) * ratio), int((space.height() - 2 * _MARGIN) * ratio)
            self._layout = fit_tiles(self._tiles.count, self._tiles.shape, room, rules)
            needed = int(self._layout.height / ratio) + 2 * _MARGIN
        self.setMinimumHeight(needed if needed > self._space().height() else 0)
        self.update()

    def _space(self) -> QSize:
        viewport = self.parentWidget()
        if viewport is not None and isinstance(viewport.parentWidget(), QScrollArea):
            return viewport.size()
        return self.size()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._tiles is None or self._layout is None:
            painter.setPen(QColor(colors().muted))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()), wrapped, self.empty_text)
            return
        if self._image is None or self._image_ground != colors().card:
            self._image_ground = colors().card
            ratio = self.devicePixelRatioF()
            self._image = self._tiles.image(self._layout, QColor(colors().card), ratio)
        painter.drawImage(QPointF(_MARGIN, _MARGIN), self._image)
        if self.count == 1:
            self._paint_numbers(painter)
        self._paint_marks(painter)

    def _paint_marks(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(colors().mark), 2))
        if self.count == 1 and self._cell is not None:
            painter.drawRect(self._cell_rect(self._cell))
        elif self.count > 1 and self._current >= 0:
            painter.drawRect(self.tile_rect(self._current).adjusted(-2, -2, 2, 2))

    def _cell_rect(self, cell: Cell) -> QRectF:
        area = self.tile_rect(cell.tile)
        height, width = self._tiles.shape if self._tiles else (1, 1)
        across, down = area.width() / width, area.height() / height
        return QRectF(area.left() + cell.column * across, area.top() + cell.row * down, across, down)

    def _paint_numbers(self, painter: QPainter) -> None:
        tiles = self._tiles
        if tiles is None or tiles.is_rgb or self.tile_rect(0).width() / tiles.shape[1] < _NUMBERS_FROM:
            return
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        for row in range(tiles.shape[0]):
            for column in range(tiles.shape[1]):
                area = self._cell_rect(Cell(0, row, column))
                painter.setPen(QColor("black" if tiles.is_bright(0, row, column) else "white"))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tiles.short_text(row, column))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        self.pointed.emit(cell)
        if cell is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint() + QPoint(12, 12), self.text_at(cell), self)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._choose(cell)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None or self._tiles is None or self._layout is None:
            super().keyPressEvent(event)
            return
        if self.count == 1:
            here = self._cell or Cell(0, 0, 0)
            height, width = self._tiles.shape
            row, column = here.row + move[0], here.column + move[1]
            self._choose(Cell(0, min(max(row, 0), height - 1), min(max(column, 0), width - 1)))
        else:
            target = self._place(max(self._current, 0)) + move[0] * self._layout.columns + move[1]
            if 0 <= target < self.count:
                self._choose((self._cell or Cell(0, 0, 0))._replace(tile=self._tile(target)))

    def _choose(self, cell: Cell) -> None:
        self._cell = cell
        if self.count == 1:
            self.pointed.emit(cell)
        self._current = cell.tile
        self.setAccessibleDescription(
            self.text_at(cell) if self.count == 1 else self.tile_name.format(number=cell.tile)
        )
        self.update()
        self._keep_in_sight()
        self.selected.emit(cell.tile)
        self.cell_chosen.emit(cell)

    def _keep_in_sight(self) -> None:
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport else None
        if isinstance(area, QScrollArea):
            centre = self.tile_rect(self._current).center().toPoint()
            area.ensureVisible(centre.x(), centre.y(), 40, 60)
