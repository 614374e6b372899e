"""The pictures of a video file, as they come when it is played; without its sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QImage
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.video.frame_source import FrameSource, multimedia

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame

SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".mpg", ".mpeg", ".ogv", ".3gp", ".ts"})
"""Endings of the names of video files, in small letters."""


def is_video_name(path: Path) -> bool:
    """Whether the name ends as those of videos do."""
    return path.suffix.lower() in SUFFIXES


class VideoFile(FrameSource):
    """A video that is played, paused, and played again.

    Raises:
        VideoError: Qt's multimedia module isn't installed, or can't be loaded.
    """

    moved = Signal(int, int)
    """Milliseconds played, and of the whole video."""
    ended = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        qt = multimedia()
        self._path = path
        # Pictures of 4K take long to convert: a thread does it, and leaves out what comes meanwhile.
        self._converting = NewestRunner(_converted, self._show, self._on_error, self)
        self._sink = qt.QVideoSink(self)
        self._sink.videoFrameChanged.connect(self._take)
        self._player = qt.QMediaPlayer(self)
        self._player.setVideoSink(self._sink)
        self._player.errorOccurred.connect(lambda _kind, reason: self._fail(reason))
        self._player.positionChanged.connect(lambda at: self.moved.emit(at, self._player.duration()))
        self._player.mediaStatusChanged.connect(self._on_status)
        self._statuses = qt.QMediaPlayer.MediaStatus

    def play(self) -> None:
        """Begin, go on, or from the end anew."""
        if self._player.source().isEmpty():
            self._player.setSource(QUrl.fromLocalFile(str(self._path)))  # not before: it may fail at once
        self._player.play()

    def pause(self) -> None:
        """Stand still."""
        self._player.pause()

    def seek(self, milliseconds: int) -> None:
        """Go on from there."""
        self._player.setPosition(milliseconds)

    @override
    def stop(self) -> None:
        self._player.stop()
        self._player.setSource(QUrl())
        self._converting.cancel()
        self._converting.wait()

    def _take(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self._converting.ask(frame)

    def _show(self, picture: QImage) -> None:
        if not picture.isNull():
            self.seen.emit(picture)

    def _on_status(self, status: object) -> None:
        if status == self._statuses.EndOfMedia:
            self.ended.emit()
        elif status == self._statuses.LoadedMedia and not self._player.hasVideo():
            self._fail(_("it holds no pictures"))

    def _on_error(self, error: Exception) -> None:
        self._fail(str(error))

    def _fail(self, reason: str) -> None:
        text = _("{file} can't be played ({reason}): try another video, such as an MP4.")
        self.failed.emit(text.format(file=self._path.name, reason=reason or _("no reason given")))


def _converted(frame: QVideoFrame, progress: Progress = no_progress) -> QImage:
    return frame.toImage()
