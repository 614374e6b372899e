"""Finds and shows the ten pictures that excite the chosen channel most."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.inspect.exciting.strip import ExcitingStrip
from cnn_desktop.ui.pages.inspect.exciting.work import ExcitingPicture, Found, Source, count_of, draw, find
from cnn_desktop.ui.pages.inspect.panel import Panel
from cnn_desktop.ui.pages.inspect.subject import LayerCell, Subject
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model

_CALM = 300
"""Milliseconds for which a model must stay before its dataset is looked through."""


class ExcitingPanel(Panel):
    """Small datasets are looked through at once, others when the person asks."""

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(context, subject, parent)
        self._finding, self._drawing = self._new_job(), self._new_job()
        self._sought: Model | None = None
        """Whose channels' pictures are found, or looked for."""
        self._found: Found | None = None
        self._drawn: tuple[Found, str, int] | None = None
        """Of what the pictures are shown."""
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self._calm.timeout.connect(self._find_where_quick)
        self._lay_out()
        self.strip.chosen.connect(self._look_at)
        self._ask.clicked.connect(lambda: self._find(is_asked=True))
        self._cancel.clicked.connect(self._stop)
        self._tell("")

    @override
    def shutdown(self) -> None:
        self._calm.stop()
        super().shutdown()

    def _lay_out(self) -> None:
        self._title = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._title.setText(_("Pictures that excite it most"))
        self._ask = QPushButton(_("Look for them"))
        self._ask.setObjectName("findExciting")
        self._ask.setAccessibleName(_("Look for the pictures that excite this layer’s channels most"))
        self._ask.setProperty("role", "link")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(_("Pictures looked at"))
        self._cancel = QPushButton(_("Cancel"))
        self._cancel.setObjectName("cancelExciting")
        self._cancel.setAccessibleName(_("Cancel looking for pictures"))
        self._cancel.setProperty("role", "link")
        self._message: QLabel = caption()
        self._message.setWordWrap(True)
        self.strip = ExcitingStrip()
        work = QHBoxLayout()
        work.setSpacing(S8)
        work.addWidget(self._progress, 1)
        work.addWidget(self._cancel)
        work.addWidget(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        column.addWidget(self._title)
        column.addWidget(self._message)
        column.addLayout(work)
        column.addWidget(self.strip, 1)

    @override
    def follow(self) -> None:
        model = self.subject.model
        if model is None:
            self._stop()
            self._sought = self._found = None
        elif self._sought is not model:
            self._sought = model
            self._finding.cancel()
            self._calm.start()
        elif self._found is not None and self._found.model is model and not self._finding.is_running:
            self._draw()

    def _find_where_quick(self) -> None:
        if self.subject.model is not None:
            self._find(is_asked=False)

    def _source(self) -> Source:
        """The dataset of the model; where it doesn't say, the one that is in use."""
        model = self.subject.model
        assert model is not None
        root = model.figures.get("data_root")
        name = str(model.figures.get("dataset", "")) or self.context.settings.settings.dataset
        return Source(name, Path(str(root)) if root else None)

    def _find(self, *, is_asked: bool) -> None:
        model, source, before = self.subject.model, self._source(), self._found
        dataset = before.dataset if before is not None and before.source == source else None
        self._tell("")
        self._progress.setRange(0, 0)
        self._finding.start(
            find,
            model,
            source,
            dataset,
            is_asked,
            on_done=self._on_found,
            on_error=self._on_error,
            on_progress=self._show_progress,
        )

    def _show_progress(self, done: int, total: int) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        self._progress.show()
        self._cancel.show()

    def _on_found(self, found: Found) -> None:
        self._found = found
        self._drawn = None
        self._draw()

    def _draw(self) -> None:
        found, layer, cell = self._found, self.subject.layer, self.subject.cell
        assert found is not None
        if found.excitement is None:
            self.strip.show_pictures(())
            self._tell(self._offer(found))
            self._ask.show()
        elif layer and self._drawn != (wanted := (found, layer, cell.channel if cell is not None else 0)):
            self._drawn = wanted
            self._tell("")
            count = int(found.excitement.looked_at)
            text = ngettext(
                "The most exciting of {count:,} picture of {dataset}",
                "The most exciting of {count:,} pictures of {dataset}",
                count,
            )
            self._title.setText(text.format(count=count, dataset=found.dataset.title))
            self._drawing.start(draw, *wanted, on_done=self._show, on_error=self._on_error)

    def _offer(self, found: Found) -> str:
        count = count_of(found.model, found.dataset)
        text = _("{count:,} pictures of {dataset} can be looked through for all channels at once.")
        return text.format(count=count, dataset=found.dataset.title)

    def _show(self, pictures: list[ExcitingPicture]) -> None:
        self.strip.show_pictures(pictures)
        self._message.setVisible(not pictures)
        if not pictures:
            self._message.setText(_("No picture moves this channel: it gives 0 everywhere."))

    def _look_at(self, picture: ExcitingPicture) -> None:
        self.subject.set_cell(LayerCell(picture.channel, picture.excited.row, picture.excited.column))
        self.subject.picture_wanted.emit(picture.given)

    def _stop(self) -> None:
        self._calm.stop()
        self._finding.cancel()
        self._drawing.cancel()
        self.strip.show_pictures(())
        self._tell("")
        self._ask.setVisible(self.subject.model is not None)

    def _tell(self, text: str) -> None:
        """Show a sentence, or none, and nothing that offers or runs anything."""
        self._message.setText(text)
        self._message.setVisible(bool(text))
        for widget in (self._progress, self._cancel, self._ask):
            widget.hide()

    def _on_error(self, error: Exception) -> None:
        self.strip.show_pictures(())
        self._tell(one_line(error))
        if not isinstance(error, CnnDesktopError):
            self.context.notify_error(error)
