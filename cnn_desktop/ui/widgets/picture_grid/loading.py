"""Tiles made by a few threads: always for what is in sight now, never for what was scrolled away."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal

from cnn_desktop.core.errors import one_line
from cnn_desktop.data.parallel import thread_count
from cnn_desktop.ui.jobs.ui_thread import call_in_ui
from cnn_desktop.ui.widgets.picture_grid.tile import Tile, TileOrder, make_tile

if TYPE_CHECKING:
    from cnn_desktop.data.caches.thumbnails import ThumbnailStore

_THREADS = max(1, min(3, thread_count() - 1))
"""One processor is for the window: it must not wait while threads decode."""
_IDLE_SECONDS = 1.0
"""A thread that has had nothing to do for so long ends; beginning one anew would be felt at every step of a scroll."""
_MEMORY_BYTES = 96 * 1024 * 1024
"""For tiles that were drawn: some two thousand of the usual size."""


class TileLoader(QObject):
    """Holds tiles, and makes those that are wanted. Threads live only while there is something to make, and a
    moment longer."""

    arrived = Signal()
    """There are new tiles; comes once for many."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tiles: OrderedDict[str, Tile] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)
        self._orders: deque[TileOrder] = deque()
        self._under_way: list[TileOrder] = []
        self._made: list[tuple[str, Tile]] = []
        self._threads: list[threading.Thread] = []
        self._generation = 0
        self._is_ending = False
        self._store: ThumbnailStore | None = None

    def tile(self, key: str) -> Tile | None:
        """The tile of a picture, perhaps of another size than the wanted one; None while there is none."""
        tile = self._tiles.get(key)
        if tile is not None:
            self._tiles.move_to_end(key)
        return tile

    def forget(self) -> None:
        """Let go of all tiles: other pictures are shown from now on."""
        with self._lock:
            self._generation += 1
            self._orders.clear()
            self._under_way.clear()
            self._made.clear()
        self._tiles.clear()
        self._bytes = 0

    def want(self, orders: Sequence[TileOrder]) -> None:
        """Make these next, the first ones first; what was wanted before and isn't any more is dropped."""
        missing = [order for order in orders if not self._has(order)]
        with self._lock:
            self._orders = deque(order for order in missing if order not in self._under_way)
            started = [self._thread() for _ in range(min(_THREADS, len(self._orders)) - len(self._threads))]
            self._threads += started
            self._news.notify_all()
        for thread in started:
            thread.start()

    def shutdown(self) -> None:
        """Drop what is wanted, wait for what is being made, and close the store."""
        with self._lock:
            self._orders.clear()
            self._is_ending = True
            self._news.notify_all()
        for thread in list(self._threads):
            thread.join()
        if self._store is not None:
            self._store.close()

    def _has(self, order: TileOrder) -> bool:
        tile = self._tiles.get(order.key)
        return tile is not None and (tile.side, tile.ratio) == (order.side, order.ratio)

    def _thread(self) -> threading.Thread:
        return threading.Thread(target=self._work, name="thumbnails")

    def _work(self) -> None:
        store = self._opened_store()
        while True:
            with self._lock:
                self._news.wait_for(lambda: self._orders or self._is_ending, _IDLE_SECONDS)
                if not self._orders:
                    # Under the lock, so that `want` counts no thread that is about to leave.
                    self._threads.remove(threading.current_thread())
                    return
                order, generation = self._orders.popleft(), self._generation
                self._under_way.append(order)
            self._deliver(order, generation, _made(order, store))

    def _opened_store(self) -> ThumbnailStore:
        from cnn_desktop.data.caches.thumbnails import ThumbnailStore

        with self._lock:
            if self._store is None:
                self._store = ThumbnailStore()
            return self._store

    def _deliver(self, order: TileOrder, generation: int, tile: Tile) -> None:
        with self._lock:
            if generation != self._generation:
                return
            self._under_way.remove(order)
            self._made.append((order.key, tile))
            is_first = len(self._made) == 1
        if is_first:
            call_in_ui(self._take)

    def _take(self) -> None:
        if not shiboken6.isValid(self):
            return
        with self._lock:
            made, self._made = self._made, []
        for key, tile in made:
            self._keep(key, tile)
        self.arrived.emit()

    def _keep(self, key: str, tile: Tile) -> None:
        before = self._tiles.pop(key, None)
        self._bytes += tile.bytes - (before.bytes if before else 0)
        self._tiles[key] = tile
        while self._bytes > _MEMORY_BYTES and len(self._tiles) > 1:
            _oldest, gone = self._tiles.popitem(last=False)
            self._bytes -= gone.bytes


def _made(order: TileOrder, store: ThumbnailStore) -> Tile:
    try:
        return make_tile(order, store)
    except Exception as error:  # noqa: BLE001  one picture that surprises must not leave the others unmade
        return Tile(order.side, order.ratio, None, one_line(error))
