"""Make the pictures of the README again, from the running program.

    python packaging/make_screenshots.py docs/pictures --size 1440x900

Opens the real window without a display, trains on the built-in digits, drops a digit of our own drawing on the Predict
page, judges the network, looks inside it and at the digits; each page is saved in light and dark.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication, QWidget

from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.context import SettingsStore
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.theme import apply_theme

_PATIENCE = 180.0


def main() -> None:
    """Read the arguments, and work in a home that is thrown away."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--size", default="1440x900", help="of the window, in pixels")
    parser.add_argument("--arch", default="cifar_vgg6", help="the architecture that is trained")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    width, height = (int(side) for side in arguments.size.split("x"))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "CNN_DESKTOP_DATA"):
            os.environ.pop(name, None)
        os.environ.update(HOME=home, USERPROFILE=home, LOCALAPPDATA=home, APPDATA=home)
        _Photographer(arguments.folder, (width, height), Path(home)).work(arguments.arch)


class _Photographer:
    def __init__(self, folder: Path, size: tuple[int, int], home: Path) -> None:
        self._app = QApplication([])
        apply_theme(self._app, "light")
        self._folder = folder
        self._home = home
        self._window = MainWindow(SettingsStore(Settings(), None))
        self._window.resize(*size)
        self._window.show()

    def work(self, architecture: str) -> None:
        """Train, predict, inspect, look at the data; a picture of each."""
        picker = self._find("architecturePicker")
        self._wait(lambda: self._find("startButton").isEnabled())
        picker.setCurrentIndex(picker.findData(architecture))
        self._find("epochsSpin").setValue(12)
        self._wait(lambda: "parameters" in picker.currentText())
        self._find("startButton").click()
        curve = self._find("accuracyChart")
        self._wait(lambda: len(curve.series("validation")) >= 8 or self._find("startButton").isVisible())
        self._photograph("train")
        self._wait(lambda: self._find("tryButton").isVisible())
        self._find("tryButton").click()
        self._drop(self._draw_digit())
        table = self._find("predictionTable")
        self._wait(lambda: table.model() is not None and table.model().rowCount() == 10)
        self._photograph("predict")
        self._find("navEvaluate").click()
        self._wait(lambda: self._find("evaluateButton").isEnabled())
        self._find("evaluateButton").click()
        tabs, figures = self._find("evaluateTabs"), self._find("evaluationFigures")
        self._wait(lambda: figures.isVisible() and tabs.isVisible())
        tabs.setCurrentIndex(1)
        self._wait(lambda: self._find("confusionMatrix").isVisible())
        self._pass(3.0)
        self._photograph("evaluate")
        self._find("navTrain").click()
        self._find("lookInsideButton").click()
        layers, grid = self._find("layerPicker"), self._find("featureMapGrid")
        self._wait(lambda: layers.count() > 1 and grid.isVisible())
        self._find("layerFaces").setCurrentIndex(1)
        self._pass(4.0)
        self._photograph("inspect")
        self._find("navLearn").click()
        self._wait(lambda: self._find("lesson3").isVisible())
        self._find("lesson3").click()
        self._pass(3.0)
        self._photograph("learn")
        self._find("navData").click()
        self._wait(lambda: self._find("dataTabs").isVisible())
        self._pass(3.0)
        self._photograph("data")
        self._window.close()

    def _find(self, name: str) -> Any:
        """The widget of that name; of any kind, as outside tools find it."""

        found = self._window.findChild(QWidget, name)
        if found is None:
            raise SystemExit(f"the window has no {name}")
        return found

    def _wait(self, is_there: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not is_there():
            if time.monotonic() > end:
                raise SystemExit("gave up waiting; is something wrong with the program?")
            self._pass(0.02)

    def _pass(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.005)

    def _photograph(self, page: str) -> None:

        for look in ("light", "dark"):
            apply_theme(self._app, look)
            file = self._folder / f"{page}-{look}.png"
            self._window.grab().save(str(file))
            print(file)
        apply_theme(self._app, "light")

    def _draw_digit(self) -> Path:
        """A three as a person would draw it: white on black, as the digits of the dataset are."""

        image = QImage(256, 256, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.black)
        path = QPainterPath(QPointF(76, 58))
        path.cubicTo(120, 14, 196, 44, 172, 92)
        path.cubicTo(160, 116, 140, 122, 112, 124)
        path.cubicTo(170, 122, 196, 156, 178, 196)
        path.cubicTo(160, 236, 104, 240, 72, 208)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.strokePath(path, QPen(Qt.GlobalColor.white, 34, Qt.PenStyle.SolidLine, round_cap, round_join))
        painter.end()
        file = self._home / "three.png"
        image.save(str(file))
        return file

    def _drop(self, file: Path) -> None:
        """What Qt sends when a file is dropped: it enters, then it falls."""

        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        zone = self._find("dropZone")
        self._app.sendEvent(zone, QDragEnterEvent(QPoint(9, 9), copy, data, left, none))
        self._app.sendEvent(zone, QDropEvent(QPointF(9, 9), copy, data, left, none))


if __name__ == "__main__":
    main()
