"""What can be done with the selected runs."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.runs.rows import RunRow


class RunActions(QObject):
    """The actions; each is enabled where it makes sense for what is selected."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.repeat = self._action("repeatRun", _("Repeat with changes…"), "repeat")
        self.go_on = self._action("goOnRun", _("Go on"), "play")
        self.evaluate = self._action("evaluateRun", _("Evaluate"), "evaluate")
        self.predict = self._action("predictRun", _("Use in Predict"), "predict")
        self.inspect = self._action("inspectRun", _("Look inside"), "inspect")
        self.report = self._action("reportRun", _("Report…"), "info")
        self.folder = self._action("openRunFolder", _("Open folder"), "folder")
        self.export_model = self._action("exportRunModel", _("Export model…"), "save")
        self.export = self._action("exportRun", _("Export to TensorBoard"), "save")
        self.follow = QAction(_("Write TensorBoard's events while training"), self)
        self.follow.setObjectName("followRuns")
        self.follow.setCheckable(True)
        self.delete = self._action("deleteRun", _("Move to the trash"), "trash")
        self.delete.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        self.delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # in a text, Delete means a letter
        self.find = self._action("findRun", _("Find runs"), "zoom")
        self.find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        self.find.setEnabled(True)

    @property
    def of_runs(self) -> list[QAction | None]:
        """What a menu for runs holds, None between its groups."""
        first = [self.repeat, self.go_on, None, self.evaluate, self.predict, self.inspect, self.report, None]
        return [*first, self.folder, self.export_model, self.export, None, self.delete]

    def show_for(self, rows: Sequence[RunRow]) -> None:
        """Enable what can be done with these runs."""
        one = rows[0] if len(rows) == 1 else None
        has_model = one is not None and one.run.has_model
        self.repeat.setEnabled(one is not None)
        self.go_on.setEnabled(one is not None and one.run.can_go_on)
        self.evaluate.setEnabled(has_model)
        self.predict.setEnabled(has_model)
        self.inspect.setEnabled(has_model)
        self.export_model.setEnabled(has_model)
        self.report.setEnabled(one is not None)
        self.folder.setEnabled(one is not None)
        self.export.setEnabled(bool(rows))
        self.delete.setEnabled(any(not row.run.is_running for row in rows))

    def _action(self, name: str, text: str, icon: str) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.setEnabled(False)
        set_icon(action, icon)
        return action
