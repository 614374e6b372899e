"""What memory that runs out leaves behind."""

import pytest
import torch

from cnn_desktop.train.shortage import do_without_broken_onednn, is_out_of_memory, onednn_given_back

NOT_COMPILED = RuntimeError("could not create a primitive")
NO_MEMORY = RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 31490048 bytes.")


@pytest.mark.parametrize("error", [NOT_COMPILED, NO_MEMORY, MemoryError()])
def test_shortage_is_told_from_other_errors(error: Exception) -> None:
    assert is_out_of_memory(error)
    assert not is_out_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this torch has no oneDNN")
def test_onednn_that_cannot_compile_is_not_asked_again_in_this_training() -> None:
    with onednn_given_back():
        do_without_broken_onednn(NO_MEMORY)
        assert torch.backends.mkldnn.enabled
        do_without_broken_onednn(NOT_COMPILED)
        assert not torch.backends.mkldnn.enabled
    assert torch.backends.mkldnn.enabled
