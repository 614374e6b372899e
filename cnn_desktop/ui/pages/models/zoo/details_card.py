"""What there is to know about one pretrained network, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.paths import pretrained_dir
from cnn_desktop.core.units import bytes_text, percent_text
from cnn_desktop.ui.pages.models.zoo.work import ZooRow
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.download_row import DownloadRow
from cnn_desktop.ui.widgets.facts_grid import FactsGrid
from cnn_desktop.ui.widgets.sentence import Sentence


class DetailsCard(Card):
    """One network: figures, licence, its file; Download, or Use and Remove from disk."""

    use_asked = Signal()
    remove_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._facts = FactsGrid(_("Facts about the network"))
        self._restriction = QLabel()
        self._restriction.setObjectName("zooRestriction")
        self._restriction.setProperty("role", "mark")
        self._restriction.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._licence = Sentence()
        self._licence.setAccessibleName(_("Licence of the weights"))
        self._links = caption()
        self._links.setObjectName("zooLinks")
        self._links.setOpenExternalLinks(True)
        self._links.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._place = Sentence()
        self._place.setObjectName("zooPlace")
        self.row = DownloadRow("zoo", _("the weights"), is_primary=True)
        self._use = _button("zooUseButton", _("Use"), "primary")
        self._use.clicked.connect(self.use_asked)
        self._remove = _button("zooRemoveButton", _("Remove from disk"), "danger")
        self._remove.clicked.connect(self.remove_asked)
        self._error = Sentence("error")
        self._error.setObjectName("zooError")
        self._here = QWidget()
        buttons = QHBoxLayout(self._here)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(S8)
        buttons.addWidget(self._use, 1)
        buttons.addWidget(self._remove, 1)
        for widget in (self._summary, self._facts, self._restriction, self._licence, self._links):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        for widget in (self._place, self._error, self.row, self._here):
            self.body.addWidget(widget)
        self.show_network(None)

    def show_network(self, row: ZooRow | None) -> None:
        """Show a network; None: the search found nothing."""
        self._error.hide()
        for widget in (self._facts, self._licence, self._links, self._place):
            widget.setVisible(row is not None)
        self._restriction.setVisible(row is not None and bool(row.entry.restriction))
        self._here.setVisible(row is not None and row.is_present)
        self.row.setVisible(row is not None and not row.is_present)
        if row is None:
            self.set_title("")
            self._summary.setText(_("Nothing is called so."))
            return
        entry = row.entry
        self.set_title(entry.title)
        self._summary.setText(entry.summary)
        self._facts.show_facts(_facts(row))
        self._restriction.setText(entry.restriction.capitalize())
        self._licence.setText(entry.licence)
        self._links.setText(_links(row))
        self._place.setText(str(pretrained_dir() / entry.file_name))

    def offer(self, row: ZooRow, loading: str) -> None:
        """Offer to download, unless `loading`, the title of another network, is on its way."""
        wait = _("{title} is being downloaded; this one can come after it.").format(title=loading)
        size = _("{size} to download.").format(size=bytes_text(row.entry.bytes))
        self.row.offer(wait if loading else size, can_download=not loading)

    def show_error(self, sentence: str) -> None:
        """Say why the weights couldn't be removed."""
        self._error.setText(sentence)
        self._error.show()


def _facts(row: ZooRow) -> list[tuple[str, str]]:
    entry = row.entry
    return [
        (_("Accuracy"), percent_text(entry.top1)),
        (_("Among the best five"), percent_text(entry.top5)),
        (_("Classes"), _("{count:,} of ImageNet").format(count=entry.classes)),
        (_("Parameters"), f"{entry.parameters:,}"),
        (_("Operations"), _("{count:.2f} billion a picture").format(count=entry.operations)),
        (_("Pictures"), f"{entry.side}×{entry.side}"),
        (_("File"), bytes_text(entry.bytes)),
        (_("Weights"), row.weights),
    ]


def _links(row: ZooRow) -> str:
    """Addresses out of torchvision's own list; nothing is opened before they are clicked."""
    entry = row.entry
    links = [(entry.licence_address, _("Licence")), (entry.recipe_address, _("How they were trained"))]
    return " · ".join(f'<a href="{address}">{text}</a>' for address, text in links if address)


def _button(name: str, text: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    button.setAutoDefault(role == "primary")
    return button
