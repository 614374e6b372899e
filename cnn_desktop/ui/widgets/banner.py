"""A sentence above the page: what happened and what to do, with Details… where there are any."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.theme import S8, S16


class Banner(QFrame):
    """Hidden until `tell`; stays until it is closed, so that nobody misses it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._details = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(S16, S8, S8, S8)
        self.message = QLabel()
        self.message.setObjectName("bannerMessage")
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self.message, 1)
        self._more = QPushButton(_("Details…"))
        self._more.setObjectName("bannerDetails")
        self._more.setAccessibleName(_("Details of this message"))
        self._more.setProperty("role", "link")
        self._more.clicked.connect(self._show_details)
        row.addWidget(self._more)
        close = QToolButton()
        close.setObjectName("bannerClose")
        close.setAccessibleName(_("Close this message"))
        close.setToolTip(_("Close"))
        set_icon(close, "close")
        close.clicked.connect(self.hide)
        row.addWidget(close)
        self.hide()

    def tell(self, message: str, details: str = "") -> None:
        """Show `message`, in the place of an earlier one."""
        self.message.setText(message)
        self._details = details
        self._more.setVisible(bool(details))
        self.show()

    def _show_details(self) -> None:
        dialog = QDialog(self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(_("Details"))
        dialog.resize(760, 420)
        column = QVBoxLayout(dialog)
        text = QPlainTextEdit(self._details)
        text.setReadOnly(True)
        text.setAccessibleName(_("Details"))
        column.addWidget(text)
        dialog.open()
