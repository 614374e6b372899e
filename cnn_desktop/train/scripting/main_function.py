"""`main` of a training script: the whole run."""

from cnn_desktop.models.source import Bundle
from cnn_desktop.train.scripting.rate import rate_call
from cnn_desktop.train.scripting.subject import Subject

_SUMMARY = "Train, keep the weights that do best on the validation pictures, and test them once."


def main_function(bundle: Bundle, subject: Subject) -> str:
    """`main`, and nothing that this run doesn't need."""
    bundle.need("import time")
    blocks = [_beginning(bundle, subject), _loop(bundle, subject), _ending(subject)]
    lines = ["def main() -> None:", f'    """{_SUMMARY}"""', *(f"    {line}" for block in blocks for line in block)]
    return "\n".join(lines)


def _beginning(bundle: Bundle, subject: Subject) -> list[str]:
    recipe = subject.recipe
    read = "splits = read_pictures()"
    if subject.is_resized and subject.dataset.folder is None:
        read = "splits = {name: resized(found) for name, found in read_pictures().items()}"
    lines = [
        "torch.set_flush_denormal(True)  # numbers below 1e-38 cost time and teach nothing",
        *_arithmetic(bundle, subject),
        read,
        'training = splits["train"]',
        "count = len(training.labels)",
        "if count > BATCH_SIZE > 1 and count % BATCH_SIZE == 1:",
        "    count -= 1  # batch norm can't learn from a last batch of one picture",
        "steps_per_epoch = -(-count // BATCH_SIZE)",
        f"total_steps = {'STEPS' if recipe.steps else 'EPOCHS * steps_per_epoch'}",
        "network = make_network(training)",
    ]
    if subject.is_weighted:
        lines += [
            "counts = torch.bincount(training.labels.cpu(), minlength=len(CLASSES)).float()",
            "class_weights = (counts.sum() / (len(counts) * counts.clamp(min=1))).to(DEVICE)",
        ]
    if subject.config.freeze:
        lines.append("keep_first(network, FROZEN)")
    lines.append("optimizer = make_optimizer(network)")
    if recipe.ema_decay:
        bundle.need("import copy")
        lines.append("average = copy.deepcopy(network)")
    return lines


def _arithmetic(bundle: Bundle, subject: Subject) -> list[str]:
    deterministic = subject.config.deterministic
    lines = ["torch.use_deterministic_algorithms(True)"] if deterministic else []
    if subject.device == "cuda":
        bundle.need("import os")
        lines += ['os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")'] if deterministic else []
        lines += [
            "torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True",
            *([] if deterministic else ["torch.backends.cudnn.benchmark = True"]),
        ]
    return lines


def _loop(bundle: Bundle, subject: Subject) -> list[str]:
    recipe, measures = subject.recipe, "validation" in subject.dataset.splits
    changes = "RATES" if subject.history.rates else ""
    arguments = ("" if subject.is_rate_constant else ", rate") + (", class_weights" if subject.is_weighted else "")
    rate = f"        rate = {rate_call(subject)}" + (" * height" if changes else "")
    last = "LAST_STEP" if subject.ends_early else "total_steps"
    measured = "average" if recipe.ema_decay else "network"
    lines = ["step = 0"]
    if measures:
        lines.append("best, best_weights = (-1.0, 0.0), network.state_dict()")
    if recipe.early_stopping:
        lines.append('lowest_loss, lowest_epoch = float("inf"), 0')
    if changes:
        lines.append("height = 1.0  # of the schedule, as it was set by hand")
    lines += [
        f"while step < {last}:",
        "    epoch, began = step // steps_per_epoch, time.perf_counter()",
        *_frozen(subject),
        "    network.train()",
        "    order = epoch_order(SEED, epoch, len(training.labels))[:count]",
        "    losses = []",
        "    for chosen in order.split(BATCH_SIZE):",
        *([] if subject.is_rate_constant else [rate]),
        *(["        if step in RATES:",
           "            height *= RATES[step] / max(1e-30, rate)",
           f"            rate = {rate_call(subject)} * height"] if changes else []),
        f"        losses.append(update(network, optimizer, training.at(chosen).to(DEVICE), step{arguments}))",
        "        step += 1",
        *(["        update_average(average, network, step)"] if recipe.ema_decay else []),
        f"        if step == {last}:",
        "            break",
        "    train_loss, seconds = torch.stack(losses).mean().item(), time.perf_counter() - began",
    ]  # fmt: skip
    figures = 'f"epoch {epoch + 1}: training loss {train_loss:.4f} ({seconds:.1f} s)'
    if not measures:
        return [*lines, f'    print({figures}")']
    bundle.need("import copy")
    lines += [
        f'    accuracy, loss = measure({measured}, splits["validation"])',
        f'    figures = {figures}"',
        '    print(f"{figures}, validation loss {loss:.4f}, {accuracy:.2%} right")',
        "    if (accuracy, -loss) > best:",
        f"        best, best_weights = (accuracy, -loss), copy.deepcopy({measured}.state_dict())",
    ]
    if recipe.early_stopping:
        lines += [
            "    if loss < lowest_loss:",
            "        lowest_loss, lowest_epoch = loss, epoch",
            "    if epoch - lowest_epoch >= PATIENCE:",
            "        break",
        ]
    return lines


def _frozen(subject: Subject) -> list[str]:
    if not (subject.config.freeze and subject.recipe.unfreeze_every):
        return []
    return [
        "    release(network)",
        "    keep_first(network, max(0, FROZEN - int(step / steps_per_epoch / UNFREEZE_EVERY)))",
    ]


def _ending(subject: Subject) -> list[str]:
    lines: list[str] = []
    if "validation" in subject.dataset.splits:
        lines.append("network.load_state_dict(best_weights)")
    elif subject.recipe.ema_decay:
        lines.append("network = average")
    if "test" in subject.dataset.splits:
        lines += [
            'accuracy, loss = measure(network, splits["test"])',
            'print(f"test: {accuracy:.4%} right, loss {loss:.6f}")',
        ]
    return [*lines, 'torch.save(network.cpu().state_dict(), Path(__file__).with_name("weights.pt"))']
