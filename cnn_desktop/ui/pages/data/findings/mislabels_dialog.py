"""Chooses a model and lets it look for pictures that it takes for those of another class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.models.chooser import ModelChooser
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import caption, labelled
from cnn_desktop.ui.widgets.counting_view import CountingView
from cnn_desktop.ui.widgets.sentence import Sentence

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset
    from cnn_desktop.data.health.report import Finding
    from cnn_desktop.models.model import Model


class MislabelsDialog(QDialog):
    """Made once and opened as often as it is asked for; closing it cancels the search."""

    found = Signal(object)
    """A `Finding`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mislabelsDialog")
        self.setWindowTitle(_("Find likely mislabels"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._dataset: Dataset | None = None
        self._model: Model | None = None
        self._searching = JobRunner(self)
        self.chooser = ModelChooser("mislabelsModelPicker", self)
        self._view = CountingView("mislabels", _("Looking at the pictures"), _("Comparing the pictures…"))
        self._error = Sentence("error")
        self._error.hide()
        self._find = _button("searchMislabelsButton", _("Find"), "primary")
        self._close = _button("closeMislabelsButton", _("Cancel"), "")
        self._lay_out()
        self._find.clicked.connect(self._search)
        self._close.clicked.connect(self.reject)
        self._view.cancel_asked.connect(self._stop)
        self.chooser.opened.connect(self._on_model)
        self.chooser.closed.connect(lambda: self._on_model(None))
        self.chooser.failed.connect(self._show_error)

    def ask(self, dataset: Dataset) -> None:
        """Open, to look for mislabels in `dataset`."""
        self._dataset = dataset
        self._stack.setCurrentWidget(self._form)
        self._error.hide()
        self.open()
        self.chooser.refresh()

    def shutdown(self) -> None:
        """Drop and await what runs."""
        self._searching.cancel()
        self.chooser.shutdown()
        self._searching.wait()

    @override
    def done(self, result: int) -> None:
        self._searching.cancel()
        super().done(result)

    def _lay_out(self) -> None:
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(S16)
        about = caption(
            _(
                "A picture stands out when those that look most like it to a model are of another class. A model that "
                "was trained on these pictures works, and so does one that knows other pictures, such as ImageNet’s."
            )
        )
        about.setWordWrap(True)
        form.addWidget(about)
        form.addLayout(labelled(_("Model"), self.chooser.picker))
        form.addWidget(self.chooser.panel)
        form.addWidget(self._error)
        form.addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        buttons.addStretch()
        buttons.addWidget(self._close)
        buttons.addWidget(self._find)
        form.addLayout(buttons)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._form)
        self._stack.addWidget(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(S16, S16, S16, S16)
        column.addWidget(self._stack)
        self._find.setEnabled(False)
        self.resize(480, 280)

    def _on_model(self, model: Model | None) -> None:
        self._model = model
        self._error.hide()
        self._find.setEnabled(model is not None)

    def _search(self) -> None:
        if self._model is None or self._dataset is None:
            return
        self._view.begin()
        self._stack.setCurrentWidget(self._view)
        self._searching.start(
            _likely_mislabels,
            self._dataset,
            self._model,
            on_done=self._on_found,
            on_error=self._show_error,
            on_progress=self._view.show_progress,
        )

    def _stop(self) -> None:
        self._searching.cancel()
        self._stack.setCurrentWidget(self._form)

    def _on_found(self, finding: Finding) -> None:
        if not finding.groups:
            self._show_error(finding.sentence)
            return
        self.accept()
        self.found.emit(finding)

    def _show_error(self, error: Exception | str) -> None:
        self._error.setText(error if isinstance(error, str) else one_line(error))
        self._error.show()
        self._stack.setCurrentWidget(self._form)


def _likely_mislabels(dataset: Dataset, model: Model, progress: Progress) -> Finding:
    from cnn_desktop.predict.classifier import Classifier
    from cnn_desktop.predict.mislabels import likely_mislabels

    return likely_mislabels(dataset, Classifier(model), progress)


def _button(object_name: str, text: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(object_name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    button.setAutoDefault(role == "primary")
    return button
