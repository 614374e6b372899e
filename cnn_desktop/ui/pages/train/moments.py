"""What happens in a run besides its steps, in the words of its marks and notices."""

from cnn_desktop.core.events import (
    EndedEarly,
    Event,
    LayersUnfrozen,
    NotSaved,
    PartsChanged,
    Paused,
    RateChanged,
    Resumed,
    RunMoved,
)
from cnn_desktop.core.language import _


def moment_of(event: Event) -> tuple[int, str] | None:
    """The step after which something worth a mark on the charts happened, and its words; None for other events."""
    match event:
        case RateChanged():
            text = _("learning rate changed to {rate:.4g}").format(rate=event.learning_rate)
        case LayersUnfrozen():
            text = _("{count:,} parameters learn from here on").format(count=event.trainable_parameters)
        case PartsChanged():
            text = _("each batch in {parts} parts from here on").format(parts=event.parts)
        case Paused():
            text = _("paused, device freed") if event.device_freed else _("paused")
        case Resumed():
            text = _("went on")
        case RunMoved():
            text = _("kept in another folder from here on")
        case NotSaved():
            text = _("not saved")
        case EndedEarly():
            text = event.reason
        case _:
            return None
    return event.step, text
