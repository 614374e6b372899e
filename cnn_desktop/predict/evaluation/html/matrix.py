"""A confusion matrix for a page: numbers in a table where they can be read, a picture where there are too many."""

from html import escape

import numpy as np
from PIL import Image

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.data.picture_html import png_source
from cnn_desktop.predict.evaluation.confusion import Confusion

_MOST_IN_TABLE = 20
_PAIRS = 12
_LARGEST_PICTURE = 360
"""Pixels a side, so that the page shows each twice as large or more."""
_RIGHT, _WRONG = (0, 114, 178), (213, 94, 0)
_FAINTEST = 0.25
"""How opaque a cell with a single picture is, so that none is overlooked."""


def matrix_section(confusion: Confusion) -> str:
    """The matrix with the pairs of classes that are confused most."""
    is_small = len(confusion.classes) <= _MOST_IN_TABLE
    drawn = _table(confusion) if is_small else _picture(confusion)
    note = _("A row for each label, a column for each answer; the darker, the larger its share of the row.")
    return (
        f'<section class="card"><h2>{escape(_("Confusion"))}</h2><p class="source">{escape(note)}</p>'
        f'<div class="side"><div class="scroll">{drawn}</div>{_pairs(confusion)}</div></section>'
    )


def _table(confusion: Confusion) -> str:
    heads = "".join(f'<th title="{escape(name)}"><span>{escape(name)}</span></th>' for name in confusion.classes)
    rows = "".join(
        f'<tr><th title="{escape(name)}">{escape(name)}</th>'
        + "".join(_cell(confusion, row, column) for column in range(len(confusion.classes)))
        + "</tr>"
        for row, name in enumerate(confusion.classes)
    )
    return f'<table class="matrix"><tr class="across"><th></th>{heads}</tr>{rows}</table>'


def _cell(confusion: Confusion, row: int, column: int) -> str:
    count, share = int(confusion.counts[row, column]), float(confusion.by_row[row, column])
    if count == 0:
        return '<td class="zero">0</td>'
    kind = "right" if row == column else "wrong"
    remark = _("{label}, answered {answer}: {share} of its pictures").format(
        label=confusion.classes[row], answer=confusion.classes[column], share=percent_text(share)
    )
    opacity = 0.08 + 0.6 * share**0.5
    return f'<td style="background: rgba(var(--{kind}), {opacity:.2f})" title="{escape(remark)}">{count:,}</td>'


def _picture(confusion: Confusion) -> str:
    """A pixel or more a cell; of classes too many for that, the strongest cell of those that share one."""
    opacity = np.where(confusion.counts > 0, _FAINTEST + (1 - _FAINTEST) * confusion.by_row**0.5, 0)
    wrong = opacity * (1 - np.eye(len(opacity)))
    together = np.arange(0, len(opacity), -(-len(opacity) // _LARGEST_PICTURE))
    opacity, wrong = (
        np.maximum.reduceat(np.maximum.reduceat(values, together, axis=0), together, axis=1)
        for values in (opacity, wrong)
    )
    pixels = np.empty((*opacity.shape, 4), dtype=np.uint8)
    pixels[..., :3] = np.where((wrong == opacity)[..., None], np.array(_WRONG), np.array(_RIGHT))
    pixels[..., 3] = np.round(255 * opacity)
    text = _("Confusion matrix of {count:,} classes").format(count=len(confusion.classes))
    return f'<img class="picture" src="{png_source(Image.fromarray(pixels))}" alt="{escape(text)}">'


def _pairs(confusion: Confusion) -> str:
    pairs = confusion.most_confused(_PAIRS)
    if not pairs:
        return f"<p>{escape(_('No class was taken for another.'))}</p>"
    heads = "".join(f"<th>{escape(head)}</th>" for head in (_("label"), _("answer"), _("pictures"), _("of the label")))
    rows = "".join(
        f"<tr><td>{escape(confusion.classes[pair.label])}</td><td>{escape(confusion.classes[pair.answer])}</td>"
        f"<td>{pair.count:,}</td><td>{percent_text(pair.share)}</td></tr>"
        for pair in pairs
    )
    return f'<div><h2>{escape(_("Most confused"))}</h2><table class="pairs"><tr>{heads}</tr>{rows}</table></div>'
