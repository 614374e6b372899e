"""How good a model is on a labelled dataset: its answers once, and every figure out of them."""

from cnn_desktop.predict.evaluation.answers import Answers, answer_split
from cnn_desktop.predict.evaluation.figures import ClassFigures, Evaluation, evaluate

__all__ = ["Answers", "ClassFigures", "Evaluation", "answer_split", "evaluate"]
