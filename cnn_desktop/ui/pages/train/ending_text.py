"""How a run ended, in words."""

from cnn_desktop.core.language import _
from cnn_desktop.core.units import duration_text, percent_text
from cnn_desktop.ui.jobs.train_thread import Ending


def headline(ending: Ending) -> str:
    """One line: done, stopped or failed, and the best figure there is."""
    run = ending.run
    if ending.outcome == "failed":
        return _("Failed: {reason}").format(reason=ending.message)
    if run is None:
        return _("Stopped before the first step.")
    start = _("Done") if ending.outcome == "done" else _("Stopped")
    if run.test_accuracy is not None:
        accuracy = percent_text(run.test_accuracy)
        return _("{start} · {accuracy} right on the test split").format(start=start, accuracy=accuracy)
    if run.best_validation_accuracy is not None:
        accuracy = percent_text(run.best_validation_accuracy)
        return _("{start} · {accuracy} right on the validation part").format(start=start, accuracy=accuracy)
    return start


def account(ending: Ending, why: str, saved_step: int | None) -> str:
    """What happened, in a few sentences.

    Args:
        ending: how the run ended.
        why: why it ended before its last step, a sentence; empty if it didn't.
        saved_step: the step after which all was last saved, if it ever was.
    """
    run = ending.run
    sentences = [why] if why else []
    if ending.outcome == "stopped" and not why and saved_step is not None:
        sentences.append(_("Stopped as you asked; it can go on from here."))
    if ending.outcome == "failed" and saved_step is not None:
        sentences.append(_("What was learnt up to step {step:,} is saved in its folder.").format(step=saved_step))
    if run is not None and run.best_epoch is not None and run.best_validation_accuracy is not None:
        accuracy = percent_text(run.best_validation_accuracy)
        best = _("The model is that of epoch {epoch}, the best on the validation part ({accuracy}).")
        sentences.append(best.format(epoch=run.best_epoch, accuracy=accuracy))
    if run is not None and run.steps:
        effort = _("{steps:,} steps took {time}.")
        sentences.append(effort.format(steps=run.steps, time=duration_text(run.train_seconds)))
    return " ".join(sentences)
