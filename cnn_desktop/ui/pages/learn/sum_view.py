"""How one number of a convolution came to be: patch times kernel, and the sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.learn.demo import result_label, sign, titled
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.number_matrix import NumberMatrix, Tint

if TYPE_CHECKING:
    from cnn_desktop.explain.lessons.sliding import Products

_MOST_WRITTEN = 9
"""Products up to which the whole sum is written out."""


class SumView(QWidget):
    """Three matrices and a line of arithmetic, with what torch says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        size = (56, 36)
        self.patch = NumberMatrix(_("Patch"), "blue", cell=size)
        self.kernel = NumberMatrix(_("Kernel"), "orange", cell=size)
        self.products = NumberMatrix(_("Products"), "green", cell=size)
        self.line = result_label("sumLine")
        self.check = QLabel()
        self.check.setObjectName("sumCheck")
        self.check.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.setSpacing(S16)
        row.addStretch()
        row.addLayout(titled(_("patch"), self.patch))
        row.addWidget(sign("×"))
        row.addLayout(titled(_("kernel"), self.kernel))
        row.addWidget(sign("="))
        row.addLayout(titled(_("products"), self.products))
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        column.addLayout(row)
        column.addWidget(self.line)
        column.addWidget(self.check)

    def set_tints(self, patch: Tint, kernel: Tint, products: Tint) -> None:
        """Colour the matrices in another way."""
        self.patch.set_tint(patch)
        self.kernel.set_tint(kernel)
        self.products.set_tint(products)

    def show_products(self, products: Products, said: float, divisor: int = 1) -> None:
        """Show how a number came to be.

        Args:
            products: patch, kernel and products.
            said: the same number as torch's convolution has it.
            divisor: by what the sum is divided.
        """
        self.patch.show_values(products.patch)
        self.kernel.show_values(products.kernel)
        self.products.show_values(products.products)
        total = products.total / divisor
        agrees = abs(total - said) <= 1e-5 * max(1.0, abs(said))
        self.line.setText(f"{_written(products, divisor)} = <b>{number(total)}</b>")
        self.check.setText(_("torch says {value}").format(value=number(said)) + (" ✓" if agrees else " ✗"))
        self.check.setProperty("role", "ok" if agrees else "error")
        self.check.style().unpolish(self.check)
        self.check.style().polish(self.check)


def _written(products: Products, divisor: int) -> str:
    values = products.products.flatten().tolist()
    if len(values) > _MOST_WRITTEN:
        text = _("the sum of {count} products").format(count=len(values))
    else:
        text = " + ".join(number(value) if value >= 0 else f"({number(value)})" for value in values)
    return f"({text}) ÷ {divisor}" if divisor != 1 else text


def number(value: float) -> str:
    """A number with a real minus, and no more than two digits after the point."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".").replace("-", "−")
