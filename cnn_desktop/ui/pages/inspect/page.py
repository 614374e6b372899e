"""The Inspect page: choose a model and a picture; look into what happens between the two."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.inspect.album import Album
from cnn_desktop.ui.pages.inspect.camera import CameraBar
from cnn_desktop.ui.pages.inspect.looking import Seen, dataset_of, dataset_pictures, find_layers, look
from cnn_desktop.ui.pages.inspect.side_card import SideCard
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.pages.inspect.tabs import Tabs
from cnn_desktop.ui.pages.inspect.time_machine import TimeMachinePanel
from cnn_desktop.ui.pages.model_page import ModelPage
from cnn_desktop.ui.pages.picture_actions import picture_actions
from cnn_desktop.ui.pages.pictures import GivenPicture
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.empty_state import EmptyState
from cnn_desktop.ui.widgets.layer_tree import Layer


class InspectPage(ModelPage):
    """Keeps the subject true: whoever changes the model, the picture is run through it once, and panels follow."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "inspectModelPicker", parent)
        self.subject = Subject(self)
        self._finding = self._new_job()
        self._looking = self._new_job()
        self._listed_for = ""
        """The architecture whose layers are listed."""
        self._lay_out()
        self._album = Album(self._side.panel, self._gathering)
        self._actions = picture_actions(self, self._chooser, self._side.panel)
        self._connect()
        self._empty.tell(_("Getting ready…"))

    @override
    def shutdown(self) -> None:
        self._camera.shutdown()
        self.tabs.shutdown()
        self.time_machine.shutdown()
        super().shutdown()

    def _lay_out(self) -> None:
        self._side = SideCard(self._chooser.picker, self.subject)
        self._from_dataset = self._side.panel.add_link("datasetPicture", _("From the dataset"), self._ask_dataset)
        self.tabs = Tabs(self.context, self.subject)
        self._camera = CameraBar(self.context, self.subject, lambda: self.tabs.is_busy)
        self._side.about_picture.addWidget(self._camera)
        self._empty = EmptyState()
        inside = QWidget()
        self._inside = QVBoxLayout(inside)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setSpacing(S16)
        self._inside.addWidget(self.tabs, 1)
        self.time_machine = TimeMachinePanel(self.context, self.subject)
        self._inside.addWidget(self.time_machine)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(inside)
        right = QVBoxLayout()
        right.setSpacing(S16)
        right.addWidget(self._chooser.panel)
        right.addLayout(self._stack, 1)
        page = QHBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(S16)
        page.addWidget(self._side)
        page.addLayout(right, 1)

    def _connect(self) -> None:
        self._chooser.opened.connect(lambda model: self.subject.set_model(self._chooser.ref, model))
        self._chooser.closed.connect(lambda: self.subject.set_model("", None))
        self._chooser.weights_needed.connect(self._ask_for_weights)
        self._chooser.failed.connect(self._on_error)
        self._chooser.listed.connect(self._on_listed)
        self.context.runs_changed.connect(self._chooser.refresh)
        self.context.inspection_asked.connect(self._look_with)
        self.subject.model_changed.connect(self._on_model)
        self.subject.picture_wanted.connect(lambda given: self._album.take([given], is_own=True))
        self._album.turned.connect(self._look)
        self._album.refused.connect(self._on_bad_picture)

    def _on_model(self) -> None:
        """Another model is looked into, or another state of the same."""
        model = self.subject.model
        if model is None:
            self._close()
        elif self._listed_for == self.subject.ref:
            if self.subject.recording is None:
                self._look()
        else:
            self._from_dataset.setVisible(bool(dataset_of(model)))
            self._finding.start(find_layers, model, on_done=self._on_layers, on_error=self._on_error)

    def _on_layers(self, layers: list[Layer]) -> None:
        self._listed_for = self.subject.ref
        self._stack.setCurrentIndex(1)
        self._side.layers.show_layers(layers)
        model = self.subject.model
        if self._album.is_own:
            self._look()
        elif model is not None and dataset_of(model):
            # Nobody asked for this picture, so that a dataset that has gone is no error here.
            self._album.fill(dataset_pictures, model, on_error=lambda _error: self._album.empty())
        else:
            self._album.empty()

    def _close(self) -> None:
        for runner in (self._gathering, self._finding, self._looking):
            runner.cancel()
        self._listed_for = ""
        self._side.layers.show_layers([])
        self._from_dataset.hide()
        self._stack.setCurrentIndex(0)
        self._empty.tell(_("Opening the model…") if self._chooser.ref else _("Choose a model at the left."))

    def _ask_for_weights(self) -> None:
        self._empty.tell(_("The model needs its weights first: download them, or load them from a file."))

    def _on_listed(self, has_models: bool) -> None:
        if self._chooser.ref:
            return
        self._from_dataset.hide()
        if has_models:
            self._empty.tell(_("Choose a model at the left."))
        else:
            text = _(
                "There is no trained model yet.\nTrain one in about a minute, or choose a pretrained one at the left."
            )
            self._empty.tell(text, _("Train one"), lambda: self.context.open_page("Train"))

    def _look_with(self, ref: str, picture: GivenPicture) -> None:
        """Look at a picture of another page with the model that it is about there."""
        if self._chooser.ref != ref:
            self._chooser.choose(ref)
        self._album.take([picture], is_own=True)

    def _ask_dataset(self) -> None:
        if self.subject.model is not None:
            self._album.fill(dataset_pictures, self.subject.model)

    def _look(self) -> None:
        """Run the open picture through the model; without one, its filters can be seen already."""
        given, model = self._album.open_picture, self.subject.model
        if given is None:
            self.subject.set_picture(None, None, None)
        elif model is not None and self._listed_for == self.subject.ref:
            self._looking.start(look, model, given, on_done=self._on_seen, on_error=self._on_bad_picture)

    def _on_seen(self, seen: Seen) -> None:
        self.subject.set_picture(seen.given, seen.picture, seen.recording)

    def _on_bad_picture(self, problem: Exception | str) -> None:
        """What can't be read leaves nothing behind that could be taken for its own."""
        self._looking.cancel()
        self.subject.refuse_picture(problem if isinstance(problem, str) else one_line(problem))
        self._tell_unexpected(problem)

    def _on_error(self, error: Exception) -> None:
        self._stack.setCurrentIndex(0)
        self._empty.tell_error(one_line(error))
        self._tell_unexpected(error)

    def _tell_unexpected(self, problem: Exception | str) -> None:
        if isinstance(problem, Exception) and not isinstance(problem, CnnDesktopError):
            self.context.notify_error(problem)
