"""What the panels of the Inspect page look at in tests: the trained digits, and a picture of them."""

from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.inspect.looking import look
from cnn_desktop.ui.pages.inspect.model_dataset import given_picture, open_model_dataset
from cnn_desktop.ui.pages.inspect.subject import Subject
from tests.ui.trained_digits import trained_digits


def plain_context() -> AppContext:
    """Without a window."""
    return AppContext(SettingsStore(Settings(), None))


def digits_subject(layer: str = "conv1") -> Subject:
    """The network that knows the digits, and what it makes of the first test picture."""
    subject = Subject()
    model = trained_digits()
    subject.set_model("digits", model)
    seen = look(model, given_picture(open_model_dataset(model), "test", 0))
    subject.set_picture(seen.given, seen.picture, seen.recording)
    subject.set_layer(layer)
    return subject
