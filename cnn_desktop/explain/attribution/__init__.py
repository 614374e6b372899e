"""Which parts of a picture speak for a class: several methods, each by captum, asked in one way."""

from cnn_desktop.explain.attribution.grad_cam import GradCam, grad_cam
from cnn_desktop.explain.attribution.gradients import IntegratedGradients, Saliency, SmoothGrad
from cnn_desktop.explain.attribution.method import Attribution, Method
from cnn_desktop.explain.attribution.occlusion import Occlusion
from cnn_desktop.explain.attribution.question import Question

__all__ = ["METHODS", "Attribution", "Method", "Question", "grad_cam"]

METHODS = {method.name: method for method in (GradCam(), IntegratedGradients(), Occlusion(), Saliency(), SmoothGrad())}
"""Every method by its name, the one to begin with first."""
