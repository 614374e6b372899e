"""Grad-CAM: the maps of a late layer, weighed by how much each speaks for a class."""

from typing import Any

import torch
from typing_extensions import override

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.explain.activations import find_layer
from cnn_desktop.explain.attribution.layer import attribution_layer
from cnn_desktop.explain.attribution.method import Attribution, Method, shares
from cnn_desktop.explain.attribution.question import Question, counted
from cnn_desktop.models.model import Model


def grad_cam(question: Question, progress: Progress = no_progress) -> Attribution:
    """A layer's maps, weighed by how much the class's score rises with each on average, added up.

    What speaks against the class is left out, and the rest is divided by its largest value. Selvaraju et al., 2017,
    “Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization”.

    Args:
        question: what is asked; where it names no layer, `attribution_layer` is looked at.
        progress: told before the one forward pass.

    Raises:
        ModelError: the network keeps no maps, or has no such layer, or one without maps.
    """
    from captum.attr import LayerGradCam  # noqa: PLC0415  slow

    name = question.layer or attribution_layer(question.model)
    score = counted(question.score, 1, progress)
    method = LayerGradCam(score, find_layer(question.module, name))
    weighed: Any = method.attribute(question.batch, question.class_index)
    if not isinstance(weighed, torch.Tensor) or weighed.ndim != 4:
        raise ModelError(_("The layer “{layer}” gives no maps that could be laid over a picture.").format(layer=name))
    values = weighed.detach()[0, 0].cpu().numpy()
    note = _("at {layer}, {height} × {width}").format(layer=name, height=values.shape[0], width=values.shape[1])
    return Attribution(shares(values), values, note, name)


class GradCam(Method):
    """Where the last maps that keep places apart speak for the class."""

    name = "grad_cam"
    title = _("Grad-CAM")
    summary = _("Weighs the maps of a late layer by how much the class's score rises with each. Coarse, quick, robust.")
    paper = "Selvaraju et al., 2017"

    @override
    def misfit(self, model: Model) -> str | None:
        try:
            attribution_layer(model)
        except ModelError as error:
            return str(error)
        return None

    @override
    def explain(self, question: Question, progress: Progress = no_progress) -> Attribution:
        return grad_cam(question, progress)
