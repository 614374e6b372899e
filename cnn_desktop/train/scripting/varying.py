"""The part of a training script that varies the pictures, by the lines of this program that the run's changes need."""

from cnn_desktop.data.augment import mixing, moving, recolouring, warping
from cnn_desktop.data.augment.dice import Dice, alternating
from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import signature
from cnn_desktop.train.scripting.subject import Subject


def add_varying(bundle: Bundle, subject: Subject) -> None:
    """Take in `varied(batch, targets, chance)`, or `…, flip)` where they are mirrored, where pictures are varied."""
    if not subject.is_varied:
        return
    wanted = subject.recipe.augmentation
    lines: list[str] = []
    if warping.warps(wanted):
        bundle.add(warping.warped)
        lines.append("    batch = warped(batch, AUGMENTATION, dice)")
    if recolouring.recolours(wanted):
        bundle.add(recolouring.recoloured)
        lines.append("    batch = recoloured(batch, AUGMENTATION, PREPROCESSING, dice)")
    if lines or moving.moves(wanted):
        bundle.add(Dice)
        lines.insert(0, "    dice = Dice.thrown(len(batch), chance)")
        if wanted.horizontal_flip:
            lines.insert(1, "    dice = dice._replace(horizontal_flip=flip)")
        lines.append("    batch = batch.contiguous(memory_format=torch.channels_last)")
    if moving.moves(wanted):
        bundle.add(moving.moved)
        lines.append("    batch = moved(batch, AUGMENTATION, dice)")
    result = "batch, targets"
    if wanted.mixes:
        bundle.add(mixing.Mixer)
        result = "Mixer(AUGMENTATION, len(CLASSES))(batch, targets, chance)"
    parameters = ["batch: torch.Tensor", "targets: torch.Tensor", "chance: torch.Generator"]
    if wanted.horizontal_flip:
        bundle.add(alternating)
        parameters.append("flip: torch.Tensor")
    head = signature("varied", parameters, "tuple[torch.Tensor, torch.Tensor]")
    text = '    """A changed copy of a batch of pictures, each by its own dice, and what is right for each."""'
    bundle.write("varied", "\n".join([*head, text, *lines, f"    return {result}"]))
