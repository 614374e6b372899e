"""Methods that follow the class's score back to the pixels by its gradient."""

import numpy as np
import torch
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.explain.attribution.method import Attribution, Method, shares
from cnn_desktop.explain.attribution.question import Question, counted

_AT_ONCE = 8
"""Pictures, so that a large network's activations fit into memory."""
_CUT = 0.01
"""Of all pixels: so many may count more than the strongest that is told apart."""


class IntegratedGradients(Method):
    """What each pixel adds to the score on the way from a black picture to this one."""

    name = "integrated_gradients"
    title = _("Integrated gradients")
    summary = _(
        "What each pixel adds to the class's score while the picture brightens from black; it adds up to the whole."
    )
    paper = "Sundararajan, Taly, Yan, 2017"
    asks_often = True
    STEPS = (32, 128)
    ENOUGH = 0.05
    """Of the difference that the parts should add up to: where they miss it by more, smaller steps are taken."""

    @override
    def explain(self, question: Question, progress: Progress = no_progress) -> Attribution:
        from captum.attr import IntegratedGradients as ByCaptum  # noqa: PLC0415  slow

        values, total, difference = np.zeros((1, 1), np.float32), 0.0, 1.0
        for steps in self.STEPS:
            found, delta = ByCaptum(counted(question.score, steps, progress)).attribute(
                question.batch.clone().requires_grad_(),
                question.black(),
                target=question.class_index,
                n_steps=steps,
                internal_batch_size=_AT_ONCE,
                return_convergence_delta=True,
            )
            values = found[0].sum(0).detach().float().cpu().numpy()
            total = float(values.sum(dtype=np.float64))
            difference = total - float(delta)
            if abs(total - difference) <= self.ENOUGH * abs(difference):
                break
        text = _("adds up to {total:.3f} of {difference:.3f}")
        return Attribution(shares(values, _CUT), values, text.format(total=total, difference=difference))


class Saliency(Method):
    """How fast the score changes with each pixel."""

    name = "saliency"
    title = _("Saliency")
    summary = _("How much the class's score would change if a pixel changed a little: one gradient. Noisy.")
    paper = "Simonyan, Vedaldi, Zisserman, 2014"

    @override
    def explain(self, question: Question, progress: Progress = no_progress) -> Attribution:
        from captum.attr import Saliency as ByCaptum  # noqa: PLC0415  slow

        score = counted(question.score, 1, progress)
        found = ByCaptum(score).attribute(question.batch.clone().requires_grad_(), target=question.class_index)
        values = found[0].amax(0).detach().float().cpu().numpy()
        return Attribution(shares(values, _CUT), values, _("the largest of the colours' gradients"))


class SmoothGrad(Method):
    """The gradient, averaged over noisy copies of the picture."""

    name = "smoothgrad"
    title = _("SmoothGrad")
    summary = _(
        "The gradient averaged over many slightly noisy copies of the picture, so that what is accidental goes."
    )
    paper = "Smilkov et al., 2017"
    asks_often = True
    COPIES = 32
    NOISE = 0.15
    """The noise's standard deviation as a part of the range of the picture's values."""

    @override
    def explain(self, question: Question, progress: Progress = no_progress) -> Attribution:
        from captum.attr import Saliency as ByCaptum  # noqa: PLC0415  slow

        # captum's own NoiseTunnel draws from torch's shared generator, on which a training may depend.
        draws = torch.Generator().manual_seed(0)
        spread = self.NOISE * float(question.batch.max() - question.batch.min())
        score = counted(question.score, self.COPIES, progress)
        gradient = torch.zeros_like(question.batch)
        for _start in range(0, self.COPIES, _AT_ONCE):
            shape = (_AT_ONCE, *question.batch.shape[1:])
            noise = spread * torch.randn(shape, generator=draws).to(question.batch.device)
            noisy = (question.batch + noise).requires_grad_()
            found = ByCaptum(score).attribute(noisy, target=question.class_index, abs=False)
            gradient += found.detach().sum(0, keepdim=True) / self.COPIES
        values = gradient[0].abs().amax(0).float().cpu().numpy()
        note = _("{count} copies, noise {noise:.0%} of the range").format(count=self.COPIES, noise=self.NOISE)
        return Attribution(shares(values, _CUT), values, note)
