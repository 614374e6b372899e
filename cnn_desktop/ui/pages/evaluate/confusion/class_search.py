"""A field that finds a class by a part of its name."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from cnn_desktop.core.language import _


class ClassSearch(QLineEdit):
    """Offers classes while one types; Enter takes the first that fits."""

    found = Signal(int)
    """The place of the class; -1 when the field is emptied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classSearch")
        self.setAccessibleName(_("Find a class"))
        self.setPlaceholderText(_("Find a class"))
        self.setClearButtonEnabled(True)
        self._classes: Sequence[str] = ()
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(12)
        completer.activated.connect(self._take)
        self.setCompleter(completer)
        self.returnPressed.connect(lambda: self._take(self.text()))
        self.textChanged.connect(self._on_text)

    def offer(self, classes: Sequence[str]) -> None:
        """Search among these."""
        if self._classes != classes:
            self._classes = classes
            self._names.setStringList(list(classes))
            self.clear()

    def _on_text(self, text: str) -> None:
        if not text:
            self.found.emit(-1)

    def _take(self, text: str) -> None:
        wanted = text.casefold().strip()
        names = [name.casefold() for name in self._classes]
        places = [at for at, name in enumerate(names) if wanted and wanted in name]
        if places:
            self.found.emit(names.index(wanted) if wanted in names else places[0])
