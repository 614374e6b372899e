"""What a run looks like: the loss, and below it whatever figure was chosen by its tile."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cnn_desktop.core.events import StepsDone, TrainingStarted
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text, percent_text
from cnn_desktop.ui.pages.train.run_charts import RunCharts
from cnn_desktop.ui.pages.train.smoothing import Smoothing
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.figure_tile import FigureTile
from cnn_desktop.ui.widgets.line_chart import LineChart

_LEAST_HEIGHT = 120
"""Pixels of a chart in which a curve can be read."""


class Curves(QWidget):
    """Two cards of charts; the tiles of the second one tell the newest figures and choose its chart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.charts = RunCharts()
        self.smoothing = Smoothing()
        self.smoothing.changed.connect(self.charts.smooth)
        self.charts.smooth(self.smoothing.steps)
        self._tiles: dict[str, FigureTile] = {}
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget()
        self._row = QHBoxLayout()
        self._row.setSpacing(S8)
        for name, text, chart in (
            ("accuracy", _("Accuracy"), self.charts.accuracy),
            ("rate", _("Learning rate"), self.charts.rate),
            ("gradient", _("Gradient norm"), self.charts.gradient),
            ("throughput", _("Throughput"), self.charts.throughput),
            ("memory", _("Memory"), self.charts.memory),
        ):
            self._add_tile(name, text, chart)
        self._tiles["accuracy"].setChecked(True)
        self.charts.loss.add_tool(self.smoothing)
        for name in ("loss", "rate", "gradient"):
            chart = getattr(self.charts, name)
            chart.add_tool(_log_button(f"{name}LogButton", chart))
        self._lay_out()

    def clear(self) -> None:
        """Forget the last run."""
        self.charts.clear()
        for tile in self._tiles.values():
            tile.show_figure("")

    def begin(self, event: TrainingStarted) -> None:
        """Lay everything out for a run."""
        self.smoothing.suit(event.total_steps)
        self.charts.begin(event)

    def show_steps(self, event: StepsDone) -> None:
        """Show the newest figures; one that wasn't computed this time stays as it was."""
        figures = {
            "accuracy": percent_text(event.accuracy),
            "rate": f"{event.learning_rate:.4g}",
            "throughput": _("{count:,.0f}/s").format(count=event.throughput),
        }
        if event.gradient_norm is not None:
            figures["gradient"] = f"{event.gradient_norm:.3g}"
        if event.device_memory is not None:
            figures["memory"] = bytes_text(event.device_memory)
        for name, figure in figures.items():
            self._tiles[name].show_figure(figure)

    def _add_tile(self, name: str, text: str, chart: LineChart) -> None:
        tile = FigureTile(text, _("Show the curve of: {figure}").format(figure=chart.accessibleName()))
        tile.setObjectName(f"{name}Tile")
        tile.toggled.connect(lambda on: self._stack.setCurrentWidget(chart) if on else None)
        self._tiles[name] = tile
        self._group.addButton(tile)
        self._row.addWidget(tile, max(8, len(text)))  # as wide as its caption asks for
        self._stack.addWidget(chart)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        above, below = Card(), Card()
        for part in (self.charts.loss, self._stack):
            part.setMinimumHeight(_LEAST_HEIGHT)  # where that is too much for the window, the curves scroll
        above.body.addWidget(self.charts.loss)
        below.body.addLayout(self._row)
        below.body.addWidget(self._stack, 1)
        column.addWidget(above, 6)
        column.addWidget(below, 6)


def _log_button(object_name: str, chart: LineChart) -> QPushButton:
    button = QPushButton(_("log"))
    button.setObjectName(object_name)
    button.setProperty("role", "toggle")
    button.setCheckable(True)
    button.setToolTip(_("Logarithmic axis: equal steps stand for equal factors"))
    button.setAccessibleName(_("Logarithmic axis of {chart}").format(chart=chart.accessibleName()))
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.toggled.connect(chart.set_y_log)
    return button
