"""“Export model…”: a model in another form, with the proof that it answers the same."""

from cnn_desktop.ui.pages.models.export.action import export_action
from cnn_desktop.ui.pages.models.export.dialog import ExportDialog
from cnn_desktop.ui.pages.models.export.work import ExportSubject

__all__ = ["ExportDialog", "ExportSubject", "export_action"]
