"""Which marker is which class, and which classes are shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.inspect.embedding.markers import marker_pixmap
from cnn_desktop.ui.theme import S4, S8, colors
from cnn_desktop.ui.widgets.fields import Switch

_PLACE = Qt.ItemDataRole.UserRole


class Legend(QWidget):
    """A line a class with its marker and how many points it has; Space or a click on the box hides it."""

    changed = Signal()
    emphasised = Signal(int)
    """The class under the cursor, or -1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setObjectName("mapLegend")
        self.list.setAccessibleName(_("Classes of the map"))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.wrong_only = Switch("mapWrongOnly", _("Wrong ones only"))
        self.wrong_only.setToolTip(_("Show only pictures to which the model gives another class; they are ringed"))
        every = self._link("mapAllClasses", _("All"), Qt.CheckState.Checked)
        none = self._link("mapNoClasses", _("None"), Qt.CheckState.Unchecked)
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addWidget(every)
        row.addWidget(none)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addWidget(self.wrong_only)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        self.list.itemChanged.connect(lambda _item: self.changed.emit())
        self.list.itemEntered.connect(lambda item: self.emphasised.emit(item.data(_PLACE)))
        self.list.viewport().installEventFilter(self)
        self.wrong_only.edited.connect(self.changed)

    def show_classes(self, classes: tuple[str, ...], labels: np.ndarray) -> None:
        """A line for each class that has points; those that were hidden are shown again."""
        self.list.blockSignals(True)
        self.list.clear()
        counts = np.bincount(labels, minlength=len(classes))
        for place in np.flatnonzero(counts):
            item = QListWidgetItem(_("{label} · {count:,}").format(label=classes[place], count=int(counts[place])))
            item.setIcon(QIcon(marker_pixmap(int(place), colors(), self.devicePixelRatioF())))
            item.setData(_PLACE, int(place))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        self.list.blockSignals(False)

    def hidden(self) -> set[int]:
        """The classes that are not to be shown."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return {item.data(_PLACE) for item in items if item.checkState() == Qt.CheckState.Unchecked}

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.emphasised.emit(-1)
        return super().eventFilter(watched, event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.list.blockSignals(True)
            for row in range(self.list.count()):
                item = self.list.item(row)
                item.setIcon(QIcon(marker_pixmap(item.data(_PLACE), colors(), self.devicePixelRatioF())))
            self.list.blockSignals(False)

    def _link(self, name: str, text: str, state: Qt.CheckState) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(_("{which} classes").format(which=text))
        button.setProperty("role", "link")
        button.clicked.connect(lambda: self._check_all(state))
        return button

    def _check_all(self, state: Qt.CheckState) -> None:
        self.list.blockSignals(True)
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(state)
        self.list.blockSignals(False)
        self.changed.emit()
