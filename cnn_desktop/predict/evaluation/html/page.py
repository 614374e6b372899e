"""The page of an evaluation, section by section."""

from collections.abc import Sequence
from html import escape

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.units import percent_text
from cnn_desktop.data.dataset import Dataset, split_title
from cnn_desktop.data.html_page import html_page
from cnn_desktop.data.picture_html import picture_figure, picture_source
from cnn_desktop.predict.evaluation.answers import Answers
from cnn_desktop.predict.evaluation.calibration import reliability
from cnn_desktop.predict.evaluation.comparing import Comparison, Standing
from cnn_desktop.predict.evaluation.confusion import Confusion
from cnn_desktop.predict.evaluation.curves import Curves, all_class_curves, macro_curves, micro_curves
from cnn_desktop.predict.evaluation.figures import Evaluation, evaluate
from cnn_desktop.predict.evaluation.html.charts import curve_chart, reliability_chart
from cnn_desktop.predict.evaluation.html.matrix import matrix_section
from cnn_desktop.predict.evaluation.html.style import STYLE
from cnn_desktop.predict.evaluation.intervals import Interval
from cnn_desktop.predict.evaluation.mistakes import Answered, confident_mistakes, top_losses

_PICTURES = 24
_ALONE = 12
"""So many pictures that only one of two models is right on."""
_CLASS_CURVES = 5
_CLASSES_OPEN = 30
_SKIPPED = 50


def page(
    answers: Answers, dataset: Dataset, comparison: Comparison | None = None, progress: Progress = no_progress
) -> str:
    """The whole page; pictures are read from `dataset`, which the answers are about; `progress` counts classes.

    Raises:
        CancelledError: `progress` raised it.
    """
    evaluation = evaluate(answers)
    title = _("{model} on {dataset}").format(model=answers.model, dataset=dataset.title)
    mistakes = confident_mistakes(answers, _PICTURES)
    shown = {mistake.ref for mistake in mistakes}
    losses = [found for found in top_losses(answers, 2 * _PICTURES) if found.ref not in shown and not found.is_right]
    body = (
        _head(title, answers, evaluation)
        + (_comparison(comparison, answers, dataset) if comparison else "")
        + matrix_section(Confusion(answers))
        + _gallery(_("Most confident mistakes"), mistakes, dataset)
        + _gallery(_("Largest losses beside those"), losses[:_PICTURES], dataset)
        + _charts(answers, progress)
        + _classes(evaluation)
        + _skipped(answers.skipped)
    )
    return html_page(title, STYLE, body)


def _head(title: str, answers: Answers, evaluation: Evaluation) -> str:
    source = _("{count:,} pictures, {split} split").format(count=len(answers), split=split_title(answers.split))
    tiles = [
        (_("Accuracy"), percent_text(evaluation.accuracy, 2), _spread(evaluation.accuracy_interval)),
        (_("Top five"), percent_text(evaluation.top5_accuracy, 2), _spread(evaluation.top5_interval)),
        (_("Loss"), f"{evaluation.loss:.4f}", ""),
        (_("Calibration error"), percent_text(evaluation.calibration_error), ""),
    ]
    if answers.temperature != 1:
        tiles.append((_("Temperature"), f"{answers.temperature:.3f}", ""))
    return f'<header><h1>{escape(title)}</h1><p class="source">{escape(source)}</p>{_tiles(tiles)}</header>'


def _spread(interval: Interval) -> str:
    return _("95 % interval {interval}").format(interval=interval)


def _tiles(tiles: Sequence[tuple[str, str, str]]) -> str:
    cells = "".join(
        f'<div class="tile"><span>{escape(name)}</span><b>{escape(value)}</b><small>{escape(remark)}</small></div>'
        for name, value, remark in tiles
    )
    return f'<div class="tiles">{cells}</div>'


def _comparison(comparison: Comparison, answers: Answers, dataset: Dataset) -> str:
    standings = (comparison.first, comparison.second)
    tiles = [(one.model, percent_text(one.accuracy, 2), _spread(one.interval)) for one in standings]
    groups = "".join(_alone(one, answers, dataset) for one in standings if one.alone_right)
    return (
        f'<section class="card note"><h2>{escape(_("Compared with another model"))}</h2>'
        f"<p>{escape(str(comparison))}</p>{_tiles(tiles)}{groups}</section>"
    )


def _alone(standing: Standing, answers: Answers, dataset: Dataset) -> str:
    places = {ref: place for place, ref in enumerate(answers.refs)}
    pictures = "".join(
        picture_figure(
            picture_source(dataset.splits[ref.split], ref.index),
            answers.keys[places[ref]],
            answers.classes[answers.labels[places[ref]]],
        )
        for ref in standing.alone_right[:_ALONE]
    )
    title = _("Only “{model}” is right").format(model=standing.model)
    return f'<h2 class="alone">{escape(title)}</h2><div class="groups">{pictures}</div>'


def _gallery(title: str, pictures: Sequence[Answered], dataset: Dataset) -> str:
    if not pictures:
        return ""
    figures = "".join(
        picture_figure(picture_source(dataset.splits[one.ref.split], one.ref.index), one.key, _remark(one))
        for one in pictures
    )
    return f'<section class="card"><h2>{escape(title)}</h2><div class="groups">{figures}</div></section>'


def _remark(picture: Answered) -> str:
    return _("{answer} · {share}; labelled {label}").format(
        answer=picture.answer,
        share=percent_text(picture.probability).replace(" ", "\N{NO-BREAK SPACE}"),
        label=picture.label,
    )


def _charts(answers: Answers, progress: Progress) -> str:
    of_classes = all_class_curves(answers, progress)
    micro, macro = micro_curves(answers), macro_curves(of_classes)
    known = [curves for curves in of_classes if curves is not None]
    roc = _named(micro, macro, sorted(known, key=lambda curves: curves.roc.area))
    found = _named(micro, macro, sorted(known, key=lambda curves: curves.precision_recall.area))
    parts = (
        curve_chart(
            _("ROC (area)"),
            (_("false positive rate"), _("true positive rate")),
            [(name, curves.roc) for name, curves in roc],
            chance=True,
        ),
        curve_chart(
            _("Precision and recall (average)"),
            (_("recall"), _("precision")),
            [(name, curves.precision_recall) for name, curves in found],
            chance=False,
        ),
        reliability_chart(_("Calibration"), reliability(answers)),
    )
    return f'<section class="card side">{"".join(parts)}</section>'


def _named(micro: Curves, macro: Curves | None, worst_first: list[Curves]) -> list[tuple[str, Curves]]:
    averages = [(_("all pictures"), micro), *([(_("mean of the classes"), macro)] if macro else [])]
    return averages + [(curves.title, curves) for curves in worst_first[:_CLASS_CURVES]]


def _classes(evaluation: Evaluation) -> str:
    columns = (_("class"), _("precision"), _("recall"), _("95 % interval"), "F1", _("pictures"))
    heads = "".join(f"<th>{escape(column)}</th>" for column in columns)
    rows = "".join(
        f"<tr><th>{escape(one.label)}</th><td>{percent_text(one.precision)}</td><td>{percent_text(one.recall)}</td>"
        f"<td>{one.recall_interval}</td><td>{percent_text(one.f1)}</td><td>{one.support:,}</td></tr>"
        for one in evaluation.classes
    )
    is_open = " open" if len(evaluation.classes) <= _CLASSES_OPEN else ""
    summary = _("{count:,} classes").format(count=len(evaluation.classes))
    return (
        f'<section class="card"><h2>{escape(_("Each class"))}</h2><details{is_open}>'
        f'<summary>{escape(summary)}</summary><table class="figures"><tr>{heads}</tr>{rows}</table></details></section>'
    )


def _skipped(sentences: Sequence[str]) -> str:
    if not sentences:
        return ""
    lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences[:_SKIPPED])
    title = _("{count:,} pictures could not be read").format(count=len(sentences))
    return f'<section class="card warning"><h2>{escape(title)}</h2><ul>{lines}</ul></section>'
