"""The functions of torch that networks are made of: their names, their arguments, what they only rearrange."""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cnn_desktop.core.language import _
from cnn_desktop.explain.recording.operation import Pair, Window

_PARAMETERS = {
    # Those that Python can't ask for their parameters.
    "adaptive_avg_pool2d": "input output_size",
    "adaptive_max_pool2d": "input output_size return_indices",
    "avg_pool2d": "input kernel_size stride padding ceil_mode count_include_pad divisor_override",
    "batch_norm": "input running_mean running_var weight bias training momentum eps",
    "cat": "tensors dim",
    "chunk": "input chunks dim",
    "clamp": "input min max",
    "clamp_min": "input min",
    "conv2d": "input weight bias stride padding dilation groups",
    "flatten": "input start_dim end_dim",
    "getitem": "input index",
    "layer_norm": "input normalized_shape weight bias eps",
    "linear": "input weight bias",
    "max_pool2d": "input kernel_size stride padding dilation ceil_mode return_indices",
    "mean": "input dim keepdim",
    "prelu": "input weight",
    "softplus": "input beta threshold",
    "setitem": "input index value",
    "split": "input split_size dim",
    "transpose": "input dim0 dim1",
}
_BINARY = ("add", "sub", "mul", "div", "maximum", "minimum", "pow")
_PARAMETERS |= dict.fromkeys(_BINARY, "input other") | dict.fromkeys(("softmax", "log_softmax"), "input dim")

_SAME = {
    "concat": "cat",
    "concatenate": "cat",
    "max_pool2d_with_indices": "max_pool2d",
    "multiply": "mul",
    "radd": "add",
    "iadd": "add",
    "imul": "mul",
    "rmul": "mul",
    "subtract": "sub",
    "swapaxes": "transpose",
    "truediv": "div",
    "true_divide": "div",
}

IDENTITIES = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout")
"""What gives its input back, once a network is trained."""

REARRANGING = frozenset(
    {
        *("chunk", "clone", "contiguous", "detach", "expand", "expand_as", "flip", "float", "getitem"),
        *("movedim", "narrow", "permute", "repeat", "reshape", "roll", "select", "split", "squeeze", "t"),
        *("to", "transpose", "type", "type_as", "unbind", "unflatten", "unsqueeze", "view", "view_as", "mT"),
        *("T", "channel_shuffle", "pixel_shuffle", "pixel_unshuffle", "masked_fill", "pad", "setitem", "data"),
    }
)
"""What computes nothing new: it moves numbers, or leaves some out."""

MAKING = frozenset(
    {
        *("zeros_like", "ones_like", "full_like", "empty_like", "rand_like", "randn_like", "new_zeros"),
        *("new_ones", "new_full", "new_empty", "new_tensor", "size", "dim", "numel", "is_nested"),
    }
)
"""What takes a tensor only to know its size."""

ACTIVATIONS = frozenset(
    {
        *("relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "sigmoid", "tanh"),
        *("hardswish", "hardsigmoid", "hardtanh", "softplus", "prelu", "threshold", "clamp", "clamp_min"),
        *("exp", "sqrt", "abs", "neg", "logsigmoid", "softsign"),
    }
)

_WORDS: Mapping[str, str] = {
    "adaptive_avg_pool2d": _("pool"),
    "adaptive_max_pool2d": _("pool"),
    "add": _("sum"),
    "avg_pool2d": _("pool"),
    "batch_norm": _("batch norm"),
    "cat": _("concatenation"),
    "conv2d": _("conv"),
    "div": _("quotient"),
    "flatten": _("flatten"),
    "layer_norm": _("norm"),
    "linear": _("dense"),
    "max_pool2d": _("pool"),
    "mean": _("mean"),
    "mul": _("product"),
    "multi_head_attention_forward": _("attention"),
    "scaled_dot_product_attention": _("attention"),
    "sub": _("difference"),
}
_SHORT_NAMES = {
    "adaptive_avg_pool2d": "pool",
    "adaptive_max_pool2d": "pool",
    "add": "sum",
    "avg_pool2d": "pool",
    "conv2d": "conv",
    "linear": "dense",
    "max_pool2d": "pool",
    "multi_head_attention_forward": "attention",
    "scaled_dot_product_attention": "attention",
}


def function_name(function: Callable[..., Any]) -> str:
    """One name for all forms of a function: “add” of `a + b`, `a += b`, `torch.add` and `a.add_`."""
    name: str = getattr(function, "__name__", "")
    if name == "__get__":  # a property: T, mT, shape
        name = getattr(getattr(function, "__self__", None), "__name__", name)
    bare = name.strip("_")
    return _SAME.get(bare, bare)


def short_name(function: str) -> str:
    """What stands for the function in an operation's name: “sum”."""
    return _SHORT_NAMES.get(function, function)


def word(function: str) -> str:
    """What a person calls it: “concatenation”."""
    return _WORDS.get(function) or function.replace("_", " ")


def named_arguments(
    function: str, called: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """`args` and `kwargs` by the names of the function's parameters, as far as those are known."""
    names = _parameter_names(function, called)
    if function in ("permute", "view", "reshape") and len(args) > 2:
        args = (args[0], args[1:])
    placed = {names[at] if at < len(names) else f"argument {at + 1}": value for at, value in enumerate(args)}
    if "self" in placed:
        placed["input"] = placed.pop("self")
    return placed | dict(kwargs)


@cache
def _parameter_names(function: str, called: Callable[..., Any]) -> tuple[str, ...]:
    if function in _PARAMETERS:
        return tuple(_PARAMETERS[function].split())
    if function in ("permute", "view", "reshape"):
        return ("input", "dims")
    try:
        return tuple(inspect.signature(called).parameters)
    except (TypeError, ValueError):  # written in C, and says nothing of itself
        return ("input",)


def window_of(function: str, arguments: Mapping[str, Any]) -> Window | None:
    """How the function slides over its input; None for what has no fixed window."""
    match function:
        case "conv2d":
            kernel = _pair(tuple(arguments["weight"].shape[2:]))
            stride = _pair(arguments.get("stride", 1))
        case "max_pool2d" | "avg_pool2d":
            kernel = _pair(arguments["kernel_size"])
            stride = _pair(arguments.get("stride") or kernel)
        case _:
            return None
    dilation = _pair(arguments.get("dilation", 1))
    return Window(kernel, stride, dilation, _before(arguments.get("padding", 0), kernel, dilation))


def _before(padding: Any, kernel: Pair, dilation: Pair) -> Pair:
    if padding == "valid":
        return 0, 0
    if padding == "same":
        # What can't be shared evenly goes below and to the right.
        return dilation[0] * (kernel[0] - 1) // 2, dilation[1] * (kernel[1] - 1) // 2
    return _pair(padding)


def _pair(value: Any) -> Pair:
    if isinstance(value, int):
        return value, value
    down, across = value if len(value) == 2 else (value[0], value[0])
    return int(down), int(across)
