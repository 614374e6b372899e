"""What the search reached, against the picture of the dataset that excites the unit most."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.pages.inspect.units.work import Granted, Rival
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import Card, caption, value_label
from cnn_desktop.ui.widgets.pixel_view import PixelView

_LEAST, _SIDE = 72, 112


class RivalCard(Card):
    """Three numbers measured in the same way, the real picture, and a sentence on what to make of them."""

    look_asked = Signal()
    """The real picture shall be looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("How much it excites"), parent)
        self._values: dict[str, QLabel] = {}
        form = QFormLayout()
        form.setHorizontalSpacing(S16)
        form.setVerticalSpacing(S4)
        for key, text in (
            ("reached", _("This picture")),
            ("rival", _("The dataset’s best")),
            ("begin", _("Noise at the start")),
        ):
            self._values[key] = value_label("–")
            self._values[key].setObjectName(f"{key}Excitement")
            form.addRow(caption(text), self._values[key])
        self._values["reached"].setProperty("role", "title")
        self.body.addLayout(form)
        self._view = PixelView("rivalPicture", _("The picture of the dataset that excites it most"), is_exact=True)
        self._view.setMinimumHeight(_LEAST)
        self._view.setMaximumHeight(_SIDE)
        self.body.addWidget(self._view, 1)
        self._name = caption()
        self._name.setWordWrap(True)
        self.body.addWidget(self._name)
        self._look = QPushButton(_("Look at it"))
        self._look.setObjectName("lookAtRival")
        self._look.setAccessibleName(_("Look at the picture of the dataset"))
        self._look.setProperty("role", "link")
        self._look.clicked.connect(self.look_asked)
        self.body.addWidget(self._look)
        self._verdict = caption()
        self._verdict.setObjectName("unitVerdict")
        self._verdict.setWordWrap(True)
        self.body.addWidget(self._verdict)
        self.body.addStretch()
        self.clear()

    def clear(self) -> None:
        """Nothing has been found yet."""
        for label in self._values.values():
            label.setText("–")
        self._verdict.clear()
        self.show_no_rival("")

    def show_found(self, granted: Granted) -> None:
        """Show what was reached, while the dataset is still being asked."""
        found = granted.found
        self._values["reached"].setText(f"{found.excitement:.4g}")
        self._values["begin"].setText(f"{found.begin:.4g}")
        self._values["rival"].setText("–")
        self._verdict.setText(_dead_text() if found.is_dead else "")
        self.show_no_rival(_("Asking the dataset’s pictures…"))

    def show_no_rival(self, reason: str) -> None:
        """Show no picture of the dataset, and say why."""
        self._view.show_image(None, reason)
        self._name.clear()
        self._look.hide()

    def show_rival(self, granted: Granted, rival: Rival) -> None:
        """Show the picture of the dataset and compare."""
        self._values["rival"].setText(f"{rival.excitement:.4g}")
        self._view.show_image(rival.picture.drawn)
        text = ngettext("{name}: the best of {n:,} picture", "{name}: the best of {n:,} pictures", rival.count)
        self._name.setText(text.format(name=rival.given.name, n=rival.count))
        self._look.show()
        self._verdict.setText(_verdict(granted, rival))


def _verdict(granted: Granted, rival: Rival) -> str:
    found = granted.found
    if found.is_dead:
        return _dead_text()
    if found.excitement < rival.excitement:
        return _("A real picture excites it more than what the search found: try more steps or less robustness.")
    if rival.excitement > 0:
        text = _("{times:.1f} times as much as the best real picture: it goes beyond what the dataset shows.")
        return text.format(times=found.excitement / rival.excitement)
    return _("No real picture that was asked excites it at all.")


def _dead_text() -> str:
    return _("The search got nowhere: nothing it tried excites this unit, which may be dead. Try another seed.")
