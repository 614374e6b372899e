"""Watches a network run: which function of torch takes what, in which of its modules."""

import contextlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn
from torch.overrides import TorchFunctionMode
from typing_extensions import override

from cnn_desktop.explain.recording.functions import IDENTITIES, MAKING, REARRANGING, function_name, named_arguments


@dataclass(eq=False)
class Draft:
    """A call of a function that will be an operation."""

    function: str
    arguments: dict[str, Any]
    """A `Draft` in place of each tensor that another call gave."""
    output: torch.Tensor
    version: int
    inside: str
    """The module whose code called it."""
    module_name: str = ""
    """The module that is nothing but this call, or that ends with it."""
    module: nn.Module | None = None
    is_layer: bool = True
    """Whether a person would name it when describing the network."""


@dataclass
class _Frame:
    name: str
    module: nn.Module
    first: int
    """How many drafts there were when the module began."""
    calls_others: bool = False


class OverwrittenError(Exception):
    """The network changes a tensor that another name still holds: its numbers have to be copied as they come."""


class Tracer(TorchFunctionMode):
    """While it is entered, drafts what happens to the tensor given to `begin`, in this thread.

    What torch would do in place is done out of place, and the tensor then given the new numbers, so that the old ones
    stay without being copied. Where that can't be, `OverwrittenError` is raised, unless `copying`.
    """

    def __init__(self, copying: bool) -> None:
        super().__init__()
        self.drafts: list[Draft] = []
        self.ends: dict[str, Draft] = {}
        """What each module gave, by its name, when it ran last."""
        self._copying = copying
        self._known: dict[int, Draft] = {}
        self._alive: list[torch.Tensor] = []
        """So that Python gives no address twice."""
        self._holders: Counter[int] = Counter()
        """How many noted tensors lie in each piece of memory."""
        self._frames: list[_Frame] = []

    def begin(self, batch: torch.Tensor) -> Draft:
        """Take `batch` as the network's input."""
        return self._note("input", {}, batch)

    @contextlib.contextmanager
    def watching(self, module: nn.Module) -> Generator[None]:
        """Within the block, know which part of `module` runs; nobody else may run it meanwhile."""
        with contextlib.ExitStack() as hooks:
            for name, part in module.named_modules():
                enter = part.register_forward_pre_hook(lambda part, _inputs, name=name: self._enter(name, part))
                leave = part.register_forward_hook(lambda _part, _inputs, output: self._leave(output))
                hooks.callback(enter.remove)
                hooks.callback(leave.remove)
            yield

    def known(self, tensor: torch.Tensor) -> Draft | None:
        """The call that gave `tensor`."""
        return self._known.get(id(tensor))

    def append(self, function: str, arguments: dict[str, Any], output: torch.Tensor) -> None:
        """Note a last call, which isn't the network's own."""
        self._note(function, arguments, output)

    def require_intact(self) -> None:
        """Check that every draft still holds the numbers it was noted with.

        Raises:
            OverwrittenError: it doesn't.
        """
        if not self._copying and any(draft.output._version != draft.version for draft in self.drafts):
            raise OverwrittenError

    @override
    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        named = kwargs or {}
        function = function_name(func)
        if function in MAKING or not any(self._drafts_in((args, named))):
            return func(*args, **named)
        arguments = self._sources(named_arguments(function, func, args, named))
        if _is_in_place(func, arguments) and function not in IDENTITIES:
            return self._in_place(function, func, args, named, arguments)
        result = func(*args, **named)
        for tensor in _tensors(result):
            if id(tensor) not in self._known or function in IDENTITIES:
                self._note(function, arguments, tensor)
        return result

    def _in_place(
        self, function: str, func: Callable[..., Any], args: Any, kwargs: dict[str, Any], arguments: dict[str, Any]
    ) -> Any:
        target: torch.Tensor = kwargs["out"] if "out" in kwargs else args[0]
        if self._copying:
            result = func(*args, **kwargs)
            change = self._note(function, arguments, target)
            for tensor in self._others_in_memory_of(target):
                self._note("setitem", {"input": self._known[id(tensor)], "value": change}, tensor)
            return result
        old = self._known.get(id(target))
        elsewhere = None if "out" in kwargs else _out_of_place(func)
        if old is None or elsewhere is None or self._holders[_storage(target)] > 1:
            raise OverwrittenError
        result = elsewhere(*args, **(kwargs | {"inplace": False} if "inplace" in kwargs else kwargs))
        if result.shape != target.shape or result.dtype != target.dtype:
            raise OverwrittenError
        old.output = target.data
        old.version = old.output._version
        target.data = result
        self._note(function, arguments, target)
        return target

    def _others_in_memory_of(self, target: torch.Tensor) -> list[torch.Tensor]:
        """Views of it, and what it is a view of."""
        alive = {id(tensor): tensor for tensor in self._alive if tensor is not target}
        return [tensor for tensor in alive.values() if _storage(tensor) == _storage(target)]

    def _note(self, function: str, arguments: dict[str, Any], tensor: torch.Tensor) -> Draft:
        kept = tensor.clone() if self._copying else tensor
        inside = self._frames[-1].name if self._frames else ""
        is_layer = function not in REARRANGING and function not in IDENTITIES
        draft = Draft(function, arguments, kept, kept._version, inside, is_layer=is_layer)
        self.drafts.append(draft)
        self._known[id(tensor)] = draft
        self._alive.append(tensor)
        self._holders[_storage(tensor)] += 1
        return draft

    def _sources(self, value: Any) -> Any:
        """`value` with drafts in the places of the tensors that they gave."""
        match value:
            case torch.Tensor():
                return self._known.get(id(value), value)
            case dict():
                return {name: self._sources(part) for name, part in value.items()}
            case list() | tuple():
                return tuple(self._sources(part) for part in value)
            case _:
                return value

    def _drafts_in(self, value: Any) -> Iterator[Draft]:
        for tensor in _tensors(value):
            if draft := self._known.get(id(tensor)):
                yield draft

    def _enter(self, name: str, module: nn.Module) -> None:
        if self._frames:
            self._frames[-1].calls_others = True
        self._frames.append(_Frame(name, module, len(self.drafts)))

    def _leave(self, output: Any) -> None:
        frame = self._frames.pop()
        draft = next(self._drafts_in(output), None)  # attention gives its weights too, or None
        if draft is None:
            return
        self.ends[frame.name] = draft
        own = self.drafts[frame.first :]
        if frame.calls_others or draft not in own or not frame.name:
            return
        draft.module_name, draft.module = frame.name, frame.module
        computing = [call for call in own if call.is_layer]
        is_torchs = type(frame.module).__module__.startswith("torch.nn.")
        if len(computing) <= 1 or is_torchs:  # a person sees it as one
            for call in own:
                call.is_layer = call is draft and (is_torchs or bool(computing))


def drafts_in(value: Any) -> Iterator[Draft]:
    """The drafts that stand in a call's arguments."""
    match value:
        case Draft():
            yield value
        case Mapping():
            for part in value.values():
                yield from drafts_in(part)
        case list() | tuple():
            for part in value:
                yield from drafts_in(part)
        case _:
            return


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    match value:
        case torch.Tensor():
            yield value
        case dict():
            for part in value.values():
                yield from _tensors(part)
        case list() | tuple():
            for part in value:
                yield from _tensors(part)
        case _:
            return


def _storage(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage()._cdata


def _is_in_place(func: Callable[..., Any], arguments: Mapping[str, Any]) -> bool:
    name: str = getattr(func, "__name__", "")
    if name.startswith("__"):
        return name == "__setitem__" or (name[2] == "i" and hasattr(torch.Tensor, f"__{name[3:]}"))
    return name.endswith("_") or bool(arguments.get("inplace")) or arguments.get("out") is not None


def _out_of_place(func: Callable[..., Any]) -> Callable[..., Any] | None:
    name: str = getattr(func, "__name__", "")
    if name.startswith("__"):
        return None
    if not name.endswith("_"):
        return func
    return getattr(torch.Tensor, name[:-1], None) or getattr(F, name[:-1], None)
