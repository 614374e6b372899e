"""`train`: a run in the terminal."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cnn_desktop.cli.options import DataRoot, Json
from cnn_desktop.cli.planning import print_estimate, print_rates
from cnn_desktop.cli.training_output import print_training
from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, AUGMENTATION_WORDS, Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe


def train_command(
    dataset: Annotated[str | None, typer.Option(help=_("A registered name, or a folder of class folders."))] = None,
    arch: Annotated[str | None, typer.Option(help=_("A registered architecture."))] = None,
    epochs: Annotated[int | None, typer.Option()] = None,
    steps: Annotated[int | None, typer.Option(help=_("Stop after this many updates."))] = None,
    batch_size: Annotated[int | None, typer.Option()] = None,
    lr: Annotated[float | None, typer.Option(help=_("Learning rate."))] = None,
    optimizer: Annotated[str | None, typer.Option(help="sgd, adam, adamw, rmsprop")] = None,
    schedule: Annotated[str | None, typer.Option(help="constant, step, cosine, one_cycle")] = None,
    warmup_epochs: Annotated[
        float | None, typer.Option(help=_("The rate rises for so long before the schedule."))
    ] = None,
    momentum: Annotated[float | None, typer.Option(help=_("For sgd."))] = None,
    nesterov: Annotated[bool | None, typer.Option("--nesterov/--no-nesterov", help=_("For sgd."))] = None,
    weight_decay: Annotated[float | None, typer.Option()] = None,
    label_smoothing: Annotated[float | None, typer.Option()] = None,
    class_weights: Annotated[str | None, typer.Option(help="none, balanced")] = None,
    clip_norm: Annotated[float | None, typer.Option(help=_("Largest norm of the gradients; 0: any."))] = None,
    accumulation: Annotated[int | None, typer.Option(help=_("Compute each batch in so many parts."))] = None,
    ema_decay: Annotated[float | None, typer.Option(help=_("Keep an average of the weights; 0: none."))] = None,
    early_stopping: Annotated[
        int | None, typer.Option(help=_("Stop after so many epochs without a better validation loss; 0: never."))
    ] = None,
    seed: Annotated[int | None, typer.Option()] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda[:N], mps")] = None,
    precision: Annotated[str | None, typer.Option(help="auto, fp32, bf16, fp16")] = None,
    freeze: Annotated[int | None, typer.Option(help=_("Keep the weights of the first N layers."))] = None,
    unfreeze_every: Annotated[
        float | None, typer.Option(help=_("Let one more frozen layer learn after every so many epochs."))
    ] = None,
    layer_decay: Annotated[
        float | None, typer.Option(help=_("Each layer's rate is this times that of the layer after it."))
    ] = None,
    norm_bias_rate: Annotated[
        float | None, typer.Option(help=_("Biases of norms learn at this many times the rate."))
    ] = None,
    pretrained: Annotated[bool, typer.Option("--pretrained", help=_("Start from pretrained weights."))] = False,
    start_from: Annotated[
        Path | None, typer.Option("--from", help=_("A run's folder or a model file whose weights to start from."))
    ] = None,
    deterministic: Annotated[
        bool, typer.Option("--deterministic", help=_("The same bits every time, on GPUs too; slower there."))
    ] = False,
    augment: Annotated[
        str | None,
        typer.Option(
            help=_(
                "{presets}, or a list of {words}; a preset may come first. Such as flip,rotate=10,erase=.25,mixup=.2."
            ).format(presets=", ".join(AUGMENTATION_PRESETS), words=", ".join(AUGMENTATION_WORDS))
        ),
    ] = None,
    image_size: Annotated[int | None, typer.Option(help=_("Side of the square pictures are brought to."))] = None,
    val_fraction: Annotated[float | None, typer.Option(help=_("0 trains on the whole training split."))] = None,
    snapshots: Annotated[
        int | None, typer.Option(help=_("Megabytes that weights kept along the way may take; 0 keeps none."))
    ] = None,
    data_root: DataRoot = None,
    run_dir: Annotated[Path | None, typer.Option(help=_("The folder of this run; must be empty or new."))] = None,
    config: Annotated[Path | None, typer.Option(help=_("A run's config.json; other options change it."))] = None,
    resume: Annotated[str | None, typer.Option(help=_("A run to go on with, or auto for the latest."))] = None,
    estimate: Annotated[bool, typer.Option("--estimate", help=_("Only say what the run would take."))] = False,
    find_rate: Annotated[bool, typer.Option("--find-rate", help=_("Only look for a learning rate."))] = False,
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help=_("Write the figures for TensorBoard as well."))
    ] = False,
    as_json: Json = False,
) -> int:
    """Train a network and leave a run folder."""
    if resume is not None:
        run = _run_to_resume(resume)
        return print_training(run[0], as_json, run[1], tensorboard)
    chosen = {
        "dataset": None if dataset is None else _lasting_name(dataset),
        "architecture": arch,
        "image_size": image_size,
        "val_fraction": val_fraction,
        "snapshot_megabytes": snapshots,
        "seed": seed,
        "device": device,
        "precision": precision,
        "freeze": freeze,
        "pretrained": pretrained or None,
        "start_from": None if start_from is None else start_from.absolute(),
        "deterministic": deterministic or None,
        "data_root": None if data_root is None else data_root.absolute(),
        "run_dir": None if run_dir is None else run_dir.absolute(),
    }
    recipe_changes = {
        "epochs": epochs,
        "steps": steps,
        "batch_size": batch_size,
        "optimizer": optimizer,
        "learning_rate": lr,
        "schedule": schedule,
        "warmup_epochs": warmup_epochs,
        "momentum": momentum,
        "nesterov": nesterov,
        "weight_decay": weight_decay,
        "label_smoothing": label_smoothing,
        "class_weights": class_weights,
        "clip_norm": clip_norm,
        "accumulation": accumulation,
        "ema_decay": ema_decay,
        "early_stopping": early_stopping,
        "unfreeze_every": unfreeze_every,
        "layer_decay": layer_decay,
        "norm_bias_rate": norm_bias_rate,
        "augmentation": None if augment is None else Augmentation.parse(augment),
    }
    run_config = _config(config, chosen, recipe_changes)
    if estimate:
        return print_estimate(run_config, as_json)
    return print_rates(run_config, as_json) if find_rate else print_training(run_config, as_json, None, tensorboard)


def _lasting_name(dataset: str) -> str:
    """A registered name as it is; a folder by its whole path, which is still right when the run goes on elsewhere."""
    from cnn_desktop.data.sets import datasets

    folder = Path(dataset).expanduser()
    return str(folder.absolute()) if dataset not in datasets and folder.is_dir() else dataset


def _config(file: Path | None, chosen: dict[str, Any], recipe_changes: dict[str, Any]) -> RunConfig:
    """The run that the options describe: a file's, or the architecture's own recipe, with what was chosen changed."""
    from cnn_desktop.train.setup import default_config

    if file is not None:
        try:
            config = RunConfig.from_json(file.read_bytes())
        except OSError as error:
            raise BadInputError(
                _("{file} can't be read: {reason}.").format(file=file, reason=error.strerror or error)
            ) from error
        config = config.changed(**chosen)
    elif chosen["dataset"] is None or chosen["architecture"] is None:
        raise BadInputError(
            _("Name what to train: --dataset and --arch (`cnn-desktop datasets` and `architectures` list them).")
        )
    else:
        config = default_config(**chosen)
    return config.changed(recipe=_changed(config.recipe, recipe_changes))


def _changed(recipe: Recipe, changes: dict[str, Any]) -> Recipe:
    """The recipe with what was chosen changed; a number of epochs replaces the recipe's own number of steps."""
    if changes["epochs"] is not None and changes["steps"] is None:
        recipe = recipe.model_copy(update={"steps": None})
    return recipe.changed(**changes)


def _run_to_resume(name: str) -> tuple[RunConfig, Path]:
    from cnn_desktop.train.runs.listing import find_run, latest_unfinished

    run = latest_unfinished() if name == "auto" else find_run(name)
    return run.config, run.path
