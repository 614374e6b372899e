"""What a person should know about a dataset before an hour of training goes into it."""

from cnn_desktop.data.health.checking import check_dataset
from cnn_desktop.data.health.report import Facts, Finding, FindingKind, HealthReport

__all__ = ["Facts", "Finding", "FindingKind", "HealthReport", "check_dataset"]
