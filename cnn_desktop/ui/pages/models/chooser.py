"""From a line in the picker to an opened model: lists, asks, downloads, opens, says what went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.models.entries import (
    AbsentWeights,
    ModelEntry,
    entry_of,
    list_models,
    open_now,
    open_or_ask,
)
from cnn_desktop.ui.pages.models.files import MODEL_FILTER
from cnn_desktop.ui.pages.models.model_panel import ModelPanel
from cnn_desktop.ui.pages.models.picker import ModelPicker
from cnn_desktop.ui.pages.models.zoo.dialog import ZooDialog

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model


class ModelChooser(QObject):
    """Owns a picker and the panel below it, which a page lays out, and the jobs behind them."""

    opened = Signal(object)
    """A `Model`, ready to use."""
    closed = Signal()
    """The model shown until now is no longer the chosen one."""
    weights_needed = Signal()
    """The chosen model's weights are absent; the panel asks what to do."""
    failed = Signal(Exception)
    """The chosen model can't be opened."""
    listed = Signal(bool)
    """The models were listed anew; whether there is any that needs no download."""

    def __init__(self, object_name: str, window: QWidget, *, picks_newest: bool = True) -> None:
        super().__init__(window)
        self._picks_newest = picks_newest
        self._window = window
        self.picker = ModelPicker(window)
        self.picker.setObjectName(object_name)
        self.panel = ModelPanel(window)
        self._zoo: ZooDialog | None = None
        self._listing = JobRunner(self)
        self._opening = JobRunner(self)
        self._added: list[ModelEntry] = []
        self._weights: dict[str, Path] = {}
        self._wanted = ""
        self._was_chosen_by_hand = False
        self._was_asked = False
        self.picker.activated.connect(self._take_note_of_hand)
        self.picker.chosen.connect(self._open_chosen)
        self.picker.file_dropped.connect(self.choose)
        self.picker.more_asked.connect(self.browse_networks)
        self.picker.file_asked.connect(self.browse_model)
        self.panel.weights.download_asked.connect(self._download)
        self.panel.weights.file_asked.connect(lambda _name: self.browse_weights())
        self.panel.weights.cancel_asked.connect(self._cancel_download)
        self._absent: AbsentWeights | None = None

    @property
    def ref(self) -> str:
        """The chosen model's run folder, file or name."""
        return self.picker.ref

    @property
    def is_downloading(self) -> bool:
        """Whether weights are on their way."""
        return self._opening.is_running and self._absent is not None

    @property
    def is_waiting_for_weights(self) -> bool:
        """Whether the chosen model's weights are absent, or on their way."""
        return self._absent is not None

    def refresh(self) -> None:
        """List the models anew, in the background."""
        self._was_asked = True
        self._listing.start(list_models, on_done=self._show, on_error=self.failed.emit)

    def choose(self, ref: str) -> None:
        """Choose a run folder, a model file or a pretrained name, now or when the models have been listed."""
        self._was_chosen_by_hand = True
        self._wanted = ref
        if self._was_asked and not self._listing.is_running:
            self._choose_wanted() if self.picker.findData(ref) >= 0 else self.refresh()

    def choose_newest(self) -> None:
        """Choose the newest run, else what is on this machine, unless the person chose; only on a page that is seen.

        Opening a model may take a while and much memory, which nobody should pay for a page that isn't looked at.
        """
        if self._picks_newest and self._window.isVisible() and not self._was_chosen_by_hand:
            self.picker.choose(next((entry.ref for entry in self.picker.entries if entry.is_present), ""))

    def browse_model(self) -> None:
        """Let the person open a model file, or weights of any program."""
        chosen, _filter = QFileDialog.getOpenFileName(self._window, _("Open model file"), "", MODEL_FILTER)
        if chosen:
            self.choose(chosen)

    def browse_networks(self) -> None:
        """Let the person look at all pretrained networks, download them and choose one."""
        if self._zoo is None:
            self._zoo = ZooDialog(self._window)
            self._zoo.chosen.connect(self._choose_entry)
            self._zoo.changed.connect(self.refresh)
        self._zoo.ask(self.ref)

    def browse_weights(self) -> None:
        """Let the person load the chosen pretrained network's weights from a file."""
        text = _("Weights (*.pth *.pt *.safetensors);;All files (*)")
        chosen, _filter = QFileDialog.getOpenFileName(self._window, _("Load weights from file"), "", text)
        if chosen:
            self.load_weights(Path(chosen))

    def load_weights(self, file: Path) -> None:
        """Open the chosen pretrained network with the weights in `file`."""
        self._weights[self.ref] = file
        self._open_chosen()

    def reopen(self, ref: str) -> None:
        """Open the chosen model anew where it is that one: its file has changed."""
        if ref == self.ref:
            self._open_chosen()

    @property
    def is_pretrained(self) -> bool:
        """Whether the chosen line is a pretrained network."""
        return any(entry.ref == self.ref and entry.group == "pretrained" for entry in self.picker.entries)

    def shutdown(self) -> None:
        """Drop and await what runs."""
        for runner in (self._listing, self._opening):
            runner.cancel()
        if self._zoo is not None:
            self._zoo.shutdown()
        for runner in (self._listing, self._opening):
            runner.wait(10_000)

    def _take_note_of_hand(self) -> None:
        self._was_chosen_by_hand = True

    def _show(self, entries: list[ModelEntry]) -> None:
        before = self.ref
        listed = {entry.ref for entry in entries}
        self._added = [entry for entry in self._added if entry.ref not in listed]
        self.picker.show_entries([*entries, *self._added])
        if self._wanted:
            self._choose_wanted()
        else:
            self.choose_newest()
        if before and not self.ref:
            self._open_chosen()  # the run was deleted
        self.listed.emit(any(entry.is_present for entry in self.picker.entries))

    def _choose_wanted(self) -> None:
        ref, self._wanted = self._wanted, ""
        if self.picker.findData(ref) < 0:
            self._add(entry_of(ref))
        self.picker.choose(ref)

    def _choose_entry(self, entry: ModelEntry) -> None:
        self._was_chosen_by_hand = True
        if self.picker.findData(entry.ref) < 0:
            self._add(entry)
        self.picker.choose(entry.ref)

    def _add(self, entry: ModelEntry) -> None:
        self._added.append(entry)
        self.picker.show_entries([*self.picker.entries, entry])

    def _open_chosen(self) -> None:
        self._absent = None
        self._opening.cancel()
        self.panel.clear()
        self.closed.emit()
        if self.ref:
            weights = self._weights.get(self.ref)
            self._opening.start(
                open_or_ask, self.ref, weights, on_done=self._opened_or_absent, on_error=self._could_not_open
            )

    def _opened_or_absent(self, answer: Model | AbsentWeights) -> None:
        if isinstance(answer, AbsentWeights):
            self._absent = answer
            self.panel.ask(answer)
            self.weights_needed.emit()
            return
        self._absent = None
        self.panel.show_model(answer)
        self.opened.emit(answer)

    def _could_not_open(self, error: Exception) -> None:
        self._weights.pop(self.ref, None)
        self.panel.show_error(error)
        self.failed.emit(error)

    def _download(self, name: str) -> None:
        self.panel.weights.row.show_progress(0, 0)
        self._opening.start(
            open_now,
            name,
            None,
            on_done=self._opened_or_absent,
            on_error=lambda error: self.panel.weights.row.show_error(one_line(error)),
            on_progress=self.panel.weights.row.show_progress,
        )

    def _cancel_download(self) -> None:
        self._opening.cancel()
        self.panel.weights.row.show_cancelled()
