"""“This run”: the figures beside the curves."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from cnn_desktop.core.events import EpochDone, RunFinished, StepsDone
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import Card, caption, value_label

_NOTHING = "–"


class FactsCard(Card):
    """Throughput, learning rate, best validation, test accuracy, the run's folder, and notices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("This run"), parent)
        self.setObjectName("factsCard")
        self._values: dict[str, QLabel] = {}
        self._folder: Path | None = None
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S8)
        self._grid.setVerticalSpacing(S4)
        for name, text, share in (
            ("throughput", _("Throughput"), 4),
            ("learning_rate", _("Learning rate"), 3),
            ("best", _("Best validation"), 6),
            ("test", _("Test accuracy"), 3),
        ):
            self._add(name, text, share)
        self._link = QPushButton()
        self._link.setObjectName("runFolderButton")
        self._link.setProperty("role", "link")
        self._link.setAccessibleName(_("Open the folder of this run"))
        self._link.clicked.connect(self._open_folder)
        self.header.addWidget(self._link)
        self._notice = caption()
        self._notice.setObjectName("runNotice")
        self._notice.setWordWrap(True)
        self.body.addLayout(self._grid)
        self.body.addWidget(self._notice)
        self.clear()

    def clear(self) -> None:
        """Forget the last run."""
        for label in self._values.values():
            label.setText(_NOTHING)
        self._folder = None
        self._link.hide()
        self._notice.clear()
        self._notice.hide()

    def show_folder(self, folder: str) -> None:
        """Offer the run's folder."""
        self._folder = Path(folder)
        self._link.setText(_("Open folder"))
        self._link.setToolTip(folder)
        self._link.show()

    def show_steps(self, event: StepsDone) -> None:
        """Show the newest figures."""
        self._values["throughput"].setText(_("{count:,.0f} images/s").format(count=event.throughput))
        self._values["learning_rate"].setText(f"{event.learning_rate:.6g}")

    def show_epoch(self, event: EpochDone) -> None:
        """Show the best epoch so far."""
        if event.is_best and event.validation_accuracy is not None:
            self._values["best"].setText(
                _("{accuracy} (epoch {epoch})").format(
                    accuracy=percent_text(event.validation_accuracy), epoch=event.epoch
                )
            )

    def show_finished(self, event: RunFinished) -> None:
        """Show the test split's verdict."""
        if event.test_accuracy is not None:
            self._values["test"].setText(percent_text(event.test_accuracy))
        if event.throughput:
            self._values["throughput"].setText(_("{count:,.0f} images/s").format(count=event.throughput))

    def add_notice(self, sentence: str) -> None:
        """Add a sentence that the person should see."""
        self._notice.setText("\n".join(filter(None, [self._notice.text(), sentence])))
        self._notice.show()

    def _add(self, name: str, text: str, share: int) -> None:
        column = len(self._values)
        self._values[name] = value_label(_NOTHING)
        self._values[name].setObjectName(f"{name}Value")
        self._grid.addWidget(caption(text), 0, column)
        self._grid.addWidget(self._values[name], 1, column)
        self._grid.setColumnStretch(column, share)

    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
