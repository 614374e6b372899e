"""`main` of a training script: the whole run."""

from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import wanted_lines
from cnn_desktop.train.scripting.rate import rate_call
from cnn_desktop.train.scripting.subject import Subject

_MAIN = '''\
def main() -> None:
    """Train, keep the weights that do best on the validation pictures, and test them once."""  #? measured
    """Train, and test once."""  #? -measured
    torch.set_flush_denormal(True)  # numbers below 1e-38 cost time and teach nothing
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # without it, cuBLAS refuses  #? deterministic
    torch.use_deterministic_algorithms(True)  #? deterministic
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True  #? cuda
    torch.backends.cudnn.benchmark = True  #? cuda -deterministic
    splits = read_pictures()  #? -resized
    splits = {name: resized(found) for name, found in read_pictures().items()}  #? resized
    training = splits["train"]
    count = len(training.labels)
    if count > BATCH_SIZE > 1 and count % BATCH_SIZE == 1:
        count -= 1  # batch norm can't learn from a last batch of one picture
    steps_per_epoch = -(-count // BATCH_SIZE)
    total_steps = STEPS  #? steps
    total_steps = EPOCHS * steps_per_epoch  #? -steps
    network = make_network(training)
    counts = torch.bincount(training.labels, minlength=len(CLASSES)).float()  #? weighted
    class_weights = (counts.sum() / (len(counts) * counts.clamp(min=1))).to(DEVICE)  #? weighted
    keep_first(network, FROZEN)  #? frozen
    optimizer = make_optimizer(network)
    average = copy.deepcopy(network)  #? average
    step = 0
    best, best_weights = (-1.0, 0.0), network.state_dict()  #? measured
    lowest_loss, lowest_epoch = float("inf"), 0  #? patient
    height = 1.0  # of the schedule, as it was set by hand  #? changed
    while step < {last}:
        epoch, began = step // steps_per_epoch, time.perf_counter()
        release(network)  #? unfrozen
        keep_first(network, max(0, FROZEN - int(step / steps_per_epoch / UNFREEZE_EVERY)))  #? unfrozen
        network.train()
        order = epoch_order(SEED, epoch, len(training.labels))[:count]
        losses = []
        for chosen in order.split(BATCH_SIZE):
            rate = {rate}  #? rated -changed
            rate = {rate} * height  #? changed
            if step in RATES:  #? changed
                height *= RATES[step] / max(1e-30, rate)  #? changed
                rate = {rate} * height  #? changed
            losses.append(update(network, optimizer, training.at(chosen).to(DEVICE), step{arguments}))
            step += 1
            update_average(average, network, step)  #? average
            if step == {last}:
                break
        train_loss, seconds = torch.stack(losses).mean().item(), time.perf_counter() - began
        figures = f"epoch {epoch + 1}: training loss {train_loss:.4f} ({seconds:.1f} s)"
        print(figures)  #? -measured
        accuracy, loss = measure({judged}, splits["validation"])  #? measured
        print(f"{figures}, validation loss {loss:.4f}, {accuracy:.2%} right")  #? measured
        if (accuracy, -loss) > best:  #? measured
            best, best_weights = (accuracy, -loss), copy.deepcopy({judged}.state_dict())  #? measured
        if loss < lowest_loss:  #? patient
            lowest_loss, lowest_epoch = loss, epoch  #? patient
        if epoch - lowest_epoch >= PATIENCE:  #? patient
            break  #? patient
    network.load_state_dict(best_weights)  #? measured
    network = average  #? average -measured
    accuracy, loss = measure(network, splits["test"])  #? tested
    print(f"test: {accuracy:.4%} right, loss {loss:.6f}")  #? tested
    torch.save(network.cpu().state_dict(), Path(__file__).with_name("weights.pt"))
'''


def main_function(bundle: Bundle, subject: Subject) -> str:
    """`main`, and nothing that this run doesn't need."""
    config, recipe, splits = subject.config, subject.recipe, subject.dataset.splits
    conditions = {
        "average": recipe.ema_decay,
        "changed": subject.history.rates,
        "cuda": subject.device == "cuda",
        "deterministic": config.deterministic,
        "frozen": config.freeze,
        "measured": "validation" in splits,
        "patient": recipe.early_stopping and "validation" in splits,
        "rated": not subject.is_rate_constant,
        "resized": subject.is_resized and subject.dataset.folder is None,
        "steps": recipe.steps,
        "tested": "test" in splits,
        "unfrozen": config.freeze and recipe.unfreeze_every,
        "weighted": subject.is_weighted,
    }
    bundle.need("import time")
    if recipe.ema_decay or "validation" in splits:
        bundle.need("import copy")
    if config.deterministic:
        bundle.need("import os")
    words = {
        "{last}": "LAST_STEP" if subject.ends_early else "total_steps",
        "{rate}": rate_call(subject),
        "{arguments}": ", epoch" * recipe.augmentation.horizontal_flip
        + ("" if subject.is_rate_constant else ", rate")
        + ", class_weights" * subject.is_weighted,
        "{judged}": "average" if recipe.ema_decay else "network",
    }
    text = wanted_lines(_MAIN, conditions)
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text
