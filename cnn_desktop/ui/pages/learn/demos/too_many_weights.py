"""Weights counted: every pixel with every neuron, or one small kernel for all places."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout

from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.explain.lessons.counting import BYTES, convolution_weights, dense_weights
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.choices import Choices
from cnn_desktop.ui.pages.learn.connections import Connections
from cnn_desktop.ui.pages.learn.demo import Demo, result_label
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.theme import S8, S16, S20

_SIDES = (8, 16, 28, 32, 64, 100, 128, 200, 224, 320, 512)
_NEURONS = (1, 10, 100, 128, 512, 1000, 4096)
_FILTERS = (1, 8, 16, 32, 64, 128)
_KERNELS = (1, 3, 5, 7, 11)


class WeightsDemo(Demo):
    """The two ways side by side: a drawing, dials, and how many weights that makes."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        times = _("{0:g} × {0:g}").format
        self._side = Dial("pictureSide", _("Picture"), _SIDES, times)
        self._colors = Choices("channels", _("Channels"), (("3", _("Colour: 3")), ("1", _("Grey: 1"))))
        self._neurons = Dial("neurons", _("Neurons"), _NEURONS, "{:,.0f}".format)
        self._filters = Dial("filters", _("Filters"), _FILTERS)
        self._kernel = Dial("kernel", _("Kernel"), _KERNELS, times)
        self._dense_sum, self._convolution_sum = result_label("denseWeights"), result_label("convolutionWeights")
        self._verdict = result_label("weightsVerdict")
        self.add_row(self._side, self._colors, spacing=S20).setStretch(1, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * S20)
        grid.setVerticalSpacing(S8)
        kinds = ((_("Fully connected"), True, self._dense_sum), (_("Convolution"), False, self._convolution_sum))
        for column, (title, is_dense, said) in enumerate(kinds):
            heading = QLabel(title)
            heading.setProperty("role", "title")
            grid.addWidget(heading, 0, column)
            grid.addWidget(Connections(title, is_dense=is_dense), 1, column)
            grid.addWidget(said, 3, column)
            grid.setColumnStretch(column, 1)
        dials = QVBoxLayout()
        dials.setSpacing(S8)
        dials.addWidget(self._filters)
        dials.addWidget(self._kernel)
        grid.addWidget(self._neurons, 2, 0)
        grid.addLayout(dials, 2, 1)
        grid.setRowStretch(1, 1)
        self.column.addLayout(grid, 1)
        self.column.addSpacing(S16)
        self.column.addWidget(self._verdict)
        self.column.addStretch()
        for dial in (self._side, self._neurons, self._filters, self._kernel):
            dial.turned.connect(self._count)
        self._colors.chosen.connect(self._count)

    def start_over(self) -> None:
        """A tiny picture in colour, and one neuron."""
        for dial, value in ((self._side, 28), (self._neurons, 1), (self._filters, 8), (self._kernel, 3)):
            dial.choose(value)
        self._colors.choose("3")
        self._count()

    def _count(self) -> None:
        side, neurons, channels = self._side.whole, self._neurons.whole, int(self._colors.current)
        filters, kernel = self._filters.whole, self._kernel.whole
        dense = dense_weights(side, side, channels, neurons)
        convolution = convolution_weights(channels, filters, kernel)
        self._dense_sum.setText(_product((side, side, channels, neurons), dense))
        self._convolution_sum.setText(_product((kernel, kernel, channels, filters), convolution))
        if dense > convolution:
            text = _("The fully connected layer needs <b>{factor}</b> times as many weights.")
            self._verdict.setText(text.format(factor=f"{dense / convolution:,.0f}"))
        else:
            self._verdict.setText(
                _("Here the convolution needs as many weights, or more. It won't, for larger pictures.")
            )


def _product(factors: tuple[int, ...], weights: int) -> str:
    written = " × ".join(f"{factor:,}" for factor in factors)
    text = _("{factors} = <b>{weights}</b> weights<br>{size} in memory")
    return text.format(factors=written, weights=f"{weights:,}", size=bytes_text(weights * BYTES))


def make(context: AppContext) -> Demo:
    """Build it."""
    return WeightsDemo(context)
