"""The tab “Where it looks”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.inspect.attribution import work
from cnn_desktop.ui.pages.inspect.attribution.check_card import CheckCard
from cnn_desktop.ui.pages.inspect.attribution.look_card import LookCard
from cnn_desktop.ui.pages.inspect.panel import Panel
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.pages.pictures import GivenPicture
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cnn_desktop.explain.sanity import Deletion, Randomisation


class AttributionPanel(Panel):
    """Asks anew whenever the model, the picture, the method or the class changes; checks when it is asked to."""

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(context, subject, parent)
        self._explaining, self._checking = self._new_job(), self._new_job()
        self._asked: work.Order | None = None
        self._given: GivenPicture | None = None
        """What was asked about last: the same picture in another state of the model is asked about the same class."""
        self._found: work.Explained | None = None
        self.look, self.check = LookCard(), CheckCard()
        self._empty = EmptyState()
        self._area = QScrollArea()
        self._stack = QStackedLayout(self)
        self._lay_out()
        self._offer_methods()
        self.look.choice.changed.connect(self._ask_as_chosen)
        self.look.busy.cancel_asked.connect(self._cancel)
        self.check.asked.connect(self._check)
        self.check.busy.cancel_asked.connect(self._cancel_check)

    @override
    def follow(self) -> None:
        subject = self.subject
        if subject.model is None or subject.picture is None or subject.recording is None:
            self._show_nothing()
            return
        before = self._asked
        if before is not None and before.model is subject.model and before.picture is subject.picture:
            return
        is_same = before is not None and before.model.classes == subject.model.classes and self._given is subject.given
        self._given = subject.given
        self._ask(work.Order(subject.model, subject.picture, self._method, self._chosen if is_same else None))

    @property
    def _method(self) -> str:
        return self.look.choice.methods.choice()

    @property
    def _chosen(self) -> int | None:
        return self.look.choice.class_index if self.look.choice.classes.choice() else None

    def _show_nothing(self) -> None:
        if self.subject.model is not None and self.subject.picture is not None:
            return  # what the model makes of the picture is on its way
        self._explaining.cancel()
        self._checking.cancel()
        self._asked = self._found = None
        text = self.subject.problem or _("Drop a picture at the left to see which parts of it speak for a class.")
        self._empty.tell(text)
        self._stack.setCurrentIndex(0)

    def _ask_as_chosen(self) -> None:
        if self._asked is not None:
            self._ask(work.Order(self._asked.model, self._asked.picture, self._method, self._chosen))

    def _ask(self, order: work.Order) -> None:
        from cnn_desktop.explain.attribution import METHODS

        method = METHODS[order.method]
        self._checking.cancel()
        self._asked, self._found = order, None
        self._stack.setCurrentIndex(1)
        self.look.about.setText(_("{summary} {paper}.").format(summary=method.summary, paper=method.paper))
        self.look.wait(_("Asking the model…"))
        self.check.clear()
        self.check.button.setEnabled(False)
        self._explaining.start(
            work.explain,
            order,
            on_done=self._show,
            on_error=self._on_error,
            on_progress=self.look.busy.show_progress,
        )

    def _show(self, found: work.Explained) -> None:
        self._found = found
        order = found.order
        self.look.choice.show_classes(order.model.classes, found.ranking, found.question.class_index)
        self.look.show_explained(found)
        self.check.button.setEnabled(found.attribution is not None)

    def _cancel(self) -> None:
        self._explaining.cancel()
        self.look.refuse(_("Cancelled. Choose a method or a class to ask again."))

    def _check(self) -> None:
        if self._found is not None and self._found.attribution is not None:
            self.check.clear()
            self.check.begin(_("Making the weights random…"))
            self._checking.start(
                work.randomise_weights,
                self._found,
                on_done=self._show_randomisation,
                on_error=self._on_check_error,
                on_progress=self.check.busy.show_progress,
            )

    def _show_randomisation(self, result: tuple[Randomisation, list[QImage]]) -> None:
        assert self._found is not None
        check, overlays = result
        self.check.show_randomisation(check, self._found.received, overlays)
        self.check.begin(_("Removing pixels…"))
        self._checking.start(
            work.delete_pixels,
            self._found,
            on_done=self._show_deletion,
            on_error=self._on_check_error,
            on_progress=self.check.busy.show_progress,
        )

    def _show_deletion(self, found: Deletion) -> None:
        self.check.show_deletion(found)
        self.check.end()
        # The cards are laid out with what they show now before it is scrolled to.
        QTimer.singleShot(0, self.check, lambda: self._area.verticalScrollBar().setValue(self.check.y()))

    def _cancel_check(self) -> None:
        self._checking.cancel()
        self.check.end()

    def _on_error(self, error: Exception) -> None:
        self.look.refuse(one_line(error))
        self._tell_unexpected(error)

    def _on_check_error(self, error: Exception) -> None:
        self.check.end()
        self.context.notify_error(error)

    def _tell_unexpected(self, error: Exception) -> None:
        if not isinstance(error, CnnDesktopError):
            self.context.notify_error(error)

    def _offer_methods(self) -> None:
        from cnn_desktop.explain.attribution import METHODS

        self.look.choice.show_methods([(method.name, method.title) for method in METHODS.values()])

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self.look, 1)
        column.addWidget(self.check)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        waiting = Card()
        waiting.body.addWidget(self._empty)
        self._stack.addWidget(waiting)
        self._stack.addWidget(self._area)
