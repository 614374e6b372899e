"""ReLU and its like: one number, and a whole map."""

from __future__ import annotations

from cnn_desktop.core.language import _
from cnn_desktop.explain.lessons.activating import ACTIVATIONS, activated, curve
from cnn_desktop.explain.lessons.examples import CROSS, FALLING
from cnn_desktop.explain.lessons.sliding import convolved
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.choices import Choices
from cnn_desktop.ui.pages.learn.demo import Demo, result_label, sign, titled
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.pages.learn.sum_view import number
from cnn_desktop.ui.widgets.curve_view import CurveView
from cnn_desktop.ui.widgets.number_matrix import Editing, NumberMatrix

_REACH = 4
"""How far the graph goes to both sides."""
_BEGIN = -1.5


class ActivationDemo(Demo):
    """The graph with a number that can be moved, and the map of an X before and after."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        titles = {"none": _("none")}
        self._kind = Choices("activation", _("Activation"), [(name, titles.get(name, name)) for name in ACTIVATIONS])
        self._input = Dial(
            "activationInput", _("Input"), [step / 10 for step in range(-10 * _REACH, 10 * _REACH + 1)], number
        )
        self._graph = CurveView(_("input"), height=170)
        self._line = result_label("activationLine")
        self._before = NumberMatrix(_("Before"), "signed", editing=Editing(low=-9, high=9, step=0.1), cell=(54, 32))
        self._after = NumberMatrix(_("After"), "signed", cell=(54, 32))
        self._count = result_label("activationCount")
        self.add_row(self._kind)
        self.column.addWidget(self._graph, 1)
        self.column.addWidget(self._input)
        self.column.addWidget(self._line)
        self.add_row(titled(_("map of the X with ╲"), self._before), sign("→"), titled(_("after"), self._after))
        self.column.addWidget(self._count)
        self._kind.chosen.connect(self._refresh)
        self._input.turned.connect(self._refresh)
        self._before.cell_changed.connect(self._refresh)
        self._before.cell_pointed.connect(self._after.point)
        self._after.cell_pointed.connect(self._before.point)

    def start_over(self) -> None:
        """ReLU, and the map that the feature ╲ makes of an X."""
        self._kind.choose_first()
        self._input.choose(_BEGIN)
        self._before.show_values(convolved(CROSS, FALLING, divisor=9), scale=1, decimals=2)
        self._refresh()

    def _refresh(self) -> None:
        kind, value = self._kind.current, self._input.value
        said = float(activated(value, kind))
        self._graph.set_x_range(-_REACH, _REACH)
        self._graph.show_line(curve(kind, -_REACH, _REACH), mark=(value, f"{number(value)} → {number(said)}"))
        self._line.setText(_("in: {value}, out: <b>{said}</b>").format(value=number(value), said=number(said)))
        before = self._before.values()[0]
        after = activated(before, kind)
        self._after.show_values(after, scale=1, decimals=2)
        text = _("{zeros} of {all} numbers are zero now")
        self._count.setText(text.format(zeros=int((after == 0).sum()), all=after.numel()))


def make(context: AppContext) -> Demo:
    """Build it."""
    return ActivationDemo(context)
