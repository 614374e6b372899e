"""What a person decided about a dataset: kept beside the program's own data, carried out on what is read.

The files of the dataset are never touched.
"""

from cnn_desktop.data.decisions.book import DecisionBook, decided_at
from cnn_desktop.data.decisions.deciding import decided, split_plan
from cnn_desktop.data.decisions.facts import Decisions, SplitPlan

__all__ = ["DecisionBook", "Decisions", "SplitPlan", "decided", "decided_at", "split_plan"]
