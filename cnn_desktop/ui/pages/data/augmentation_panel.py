"""How a picture of the dataset may look to the network while it trains: sixteen variants beside the original, live."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QToolButton, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.pages.data.augmentation.controls import AugmentationControls
from cnn_desktop.ui.pages.data.augmentation.orders import Order, Preview
from cnn_desktop.ui.pages.data.augmentation.preview_view import PreviewView
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, PictureRef
    from cnn_desktop.ui.pages.data.augmentation.preview_work import Previewer
    from cnn_desktop.ui.pages.data.session import DatasetSession

_NARROWEST, _WIDEST = 248, 304
"""Of the controls."""


class AugmentationPanel(QWidget):
    """Pictures at the left, controls at the right; arrows, chance or `show_picture` choose the picture."""

    def __init__(self, context: AppContext, session: DatasetSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._session = session
        self._ref: PictureRef | None = None
        self._previewer: Previewer | None = None
        self._work = NewestRunner(self._preview, self._show, self._refuse, self)
        self.view = PreviewView()
        self.controls = AugmentationControls()
        self._lay_out()
        self.view.resized.connect(self._ask)
        self.controls.edited.connect(self._ask)
        self.controls.use_asked.connect(self._use)
        session.opened.connect(self._restart)
        session.changed.connect(self._follow)
        session.picture_chosen.connect(self._show_chosen)
        self._restart()

    def show_picture(self, ref: PictureRef) -> None:
        """Vary another picture."""
        self._ref = ref
        self._show_place()
        self._ask()

    def shutdown(self) -> None:
        """Drop and await what runs."""
        self._work.cancel()
        self._work.wait()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _lay_out(self) -> None:
        self._place = caption()
        self._back = self._arrow("previousVariantPicture", _("Previous picture"), "chevron-left", -1)
        self._on = self._arrow("nextVariantPicture", _("Next picture"), "chevron-right", 1)
        self._any = QPushButton(_("Any picture"))
        self._any.setObjectName("anyVariantPicture")
        self._any.setAccessibleName(_("Any picture"))
        self._any.setProperty("role", "link")
        self._any.clicked.connect(self._choose_any)
        self._card = Card()
        self._card.header.setSpacing(S4)
        for place, widget in enumerate((self._back, self._place, self._on)):
            self._card.header.insertWidget(place, widget)
        self._card.header.addWidget(self._any)
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        self._card.body.addWidget(self._stack, 1)
        self.controls.setMinimumWidth(_NARROWEST)
        self.controls.setMaximumWidth(_WIDEST)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        row.addWidget(self._card, 3)
        row.addWidget(self.controls, 2)

    def _arrow(self, name: str, text: str, icon_name: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(text)
        set_icon(button, icon_name)
        button.clicked.connect(lambda: self._step(step))
        return button

    # ---- which picture

    def _restart(self) -> None:
        """Begin with the first picture of another dataset."""
        self._ref = None
        self._work.cancel()
        self.view.show_preview(None)
        self._follow()

    def _show_chosen(self) -> None:
        """Follow another panel."""
        if self._session.chosen is not None:
            self.show_picture(self._session.chosen)

    def _follow(self) -> None:
        """Go on with the dataset as it is now; the picture may have left it."""
        dataset = self._session.dataset
        if dataset is None:
            self._ref = None
        else:
            from cnn_desktop.data.dataset import PictureRef

            self._ref = self._session.chosen or self._ref
            if self._ref is None or self._ref.index >= len(dataset.splits.get(self._ref.split, ())):
                self._ref = PictureRef("train", 0)
            self.controls.form.show_whether_coloured(dataset.channels == 3)
        self.controls.setEnabled(dataset is not None)
        self._show_place()
        self._ask()

    def _step(self, step: int) -> None:
        if self._ref is not None:
            self._choose(self._ref.index + step)

    def _choose_any(self) -> None:
        if self._ref is not None:
            self._choose(random.randrange(self._count()))

    def _choose(self, index: int) -> None:
        from cnn_desktop.data.dataset import PictureRef

        assert self._ref is not None
        self.show_picture(PictureRef(self._ref.split, index % self._count()))

    def _count(self) -> int:
        dataset = self._session.dataset
        return 0 if dataset is None or self._ref is None else len(dataset.splits[self._ref.split])

    def _show_place(self) -> None:
        count = self._count()
        at = 0 if self._ref is None else self._ref.index
        self._place.setText(_("{at:,} of {count:,}").format(at=at + 1, count=count) if count else "")
        for widget in (self._any, self._back, self._on):
            widget.setVisible(count > 1)

    # ---- the variants

    def _ask(self) -> None:
        """Have what is chosen now drawn, when somebody looks."""
        order = self._order()
        if order is None:
            self._empty.tell(_("Open a dataset to see how its pictures are varied."))
            self._stack.setCurrentWidget(self._empty)
        elif self.isVisible():
            self._work.ask(order)

    def _order(self) -> Order | None:
        dataset: Dataset | None = self._session.dataset
        if dataset is None or self._ref is None or not self._count():
            return None
        augmentation = self.controls.read()
        return Order(
            dataset=dataset,
            ref=self._ref,
            architecture=self._context.settings.settings.architecture,
            augmentation=augmentation,
            seed=self.controls.seed.value(),
            space=(self.view.width(), self.view.height()),
            line=self.view.caption_height if augmentation.mixes else 0,
            ratio=self.view.devicePixelRatioF(),
        )

    def _preview(self, order: Order, progress: Progress) -> Preview:
        """On the job's thread, where torch may be imported."""
        if self._previewer is None:
            from cnn_desktop.ui.pages.data.augmentation.preview_work import Previewer

            self._previewer = Previewer()
        return self._previewer.preview(order, progress)

    def _show(self, preview: Preview) -> None:
        self.view.show_preview(preview)
        self._stack.setCurrentWidget(self.view)

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, CnnDesktopError):
            self._context.notify_error(error)
        self._empty.tell_error(one_line(error))
        self._stack.setCurrentWidget(self._empty)

    def _use(self) -> None:
        self._context.augmentation_asked.emit(self.controls.read())
        self._context.open_page("Train")
