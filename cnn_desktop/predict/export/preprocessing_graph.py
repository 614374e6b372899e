"""What happens to a picture before a network sees it, as operators of ONNX.

The same steps as `data.pictures`, for pictures that are decoded already. Resize with `antialias` and `exclude_outside`
is what Pillow and torch do; onnxruntime rounds its sums differently, by 2 of 255 at most in few values. (Pillow alone
differs by more where it stretches bicubically, one side longer and one shorter.)
"""

from cnn_desktop.core.preprocessing import Preprocessing

_GREY = """
    wide = Cast <to = 6> (pictures)
    red_green_blue = Constant <value = int32[3] {19595, 38470, 7471}> ()
    last = Constant <value = int64[1] {-1}> ()
    half = Constant <value = int32[1] {32768}> ()
    whole = Constant <value = int32[1] {65536}> ()
    parts = Mul (wide, red_green_blue)
    sums = ReduceSum <keepdims = 1> (parts, last)
    rounded = Add (sums, half)
    grey = Div (rounded, whole)
    seen = Cast <to = 2> (grey)"""
"""Pillow's, in whole numbers: 0.299 red, 0.587 green, 0.114 blue."""

_COLOUR = """
    seen = Identity (pictures)"""

_STRETCHED = """
    size = Constant <value = int64[2] {{{height}, {width}}}> ()"""

# The longer side in proportion, cut to a whole number; rows and columns above the crop rounded to even, as Python does.
_IN_PROPORTION = """
    shape = Shape (pictures)
    first = Constant <value = int64[1] {{1}}> ()
    third = Constant <value = int64[1] {{3}}> ()
    sides = Slice (shape, first, third)
    smallest = ReduceMin <keepdims = 1> (sides)
    target = Constant <value = int64[1] {{{shorter_side}}}> ()
    scaled = Mul (sides, target)
    size = Div (scaled, smallest)"""

_CROPPED = """
    wanted = Constant <value = int64[2] {{{height}, {width}}}> ()
    two = Constant <value = int64[1] {{2}}> ()
    surplus = Sub (size, wanted)
    below = Div (surplus, two)
    is_odd = Mod (surplus, two)
    below_is_odd = Mod (below, two)
    up = Mul (is_odd, below_is_odd)
    start = Add (below, up)
    end = Add (start, wanted)
    axes = Constant <value = int64[2] {{1, 2}}> ()
    fitted = Slice (resized, start, end, axes)"""

_WHOLE = """
    fitted = Identity (resized)"""

_GRAPH = """<ir_version: 8, opset_import: ["": {opset}]>
preprocessing (uint8[N, height, width, 3] pictures) => (float[N, {channels}, {height}, {width}] input) {{{seen}{size}
    one_size = Constant <value = int64[1] {{{channels}}}> ()
    zero = Constant <value = int64[1] {{0}}> ()
    unit = Constant <value = int64[1] {{1}}> ()
    batch_shape = Shape (pictures)
    batch = Slice (batch_shape, zero, unit)
    sizes = Concat <axis = 0> (batch, size, one_size)
    resized = Resize <mode = "{mode}", antialias = 1, exclude_outside = 1, cubic_coeff_a = -0.5,
        coordinate_transformation_mode = "half_pixel"> (seen, , , sizes){fitted}
    planes = Transpose <perm = [0, 3, 1, 2]> (fitted)
    numbers = Cast <to = 1> (planes)
    greatest = Constant <value = float[1] {{255.0}}> ()
    shares = Div (numbers, greatest)
    mean = Constant <value = float[{channels}, 1, 1] {{{mean}}}> ()
    std = Constant <value = float[{channels}, 1, 1] {{{std}}}> ()
    centred = Sub (shares, mean)
    input = Div (centred, std)
}}"""


def preprocessing_graph(preprocessing: Preprocessing, opset: int) -> str:
    """The text of an ONNX model: uint8 N×height×width×3 of any size, in RGB, to float32 N×channels×height×width.

    `opset` is 18 or more. The syntax is that of onnx.parser.
    """
    sides = {"height": preprocessing.height, "width": preprocessing.width}
    if preprocessing.resize == "crop":
        size, fitted = _IN_PROPORTION.format(shorter_side=preprocessing.shorter_side), _CROPPED.format(**sides)
    else:
        size, fitted = _STRETCHED.format(**sides), _WHOLE
    return _GRAPH.format(
        opset=opset,
        channels=preprocessing.channels,
        **sides,
        seen=_GREY if preprocessing.channels == 1 else _COLOUR,
        size=size,
        fitted=fitted,
        mode={"bilinear": "linear", "bicubic": "cubic"}[preprocessing.interpolation],
        mean=_numbers(preprocessing.mean),
        std=_numbers(preprocessing.std),
    )


def _numbers(values: tuple[float, ...]) -> str:
    # The grammar wants a point in a fraction, which repr leaves out of 1e-05.
    return ", ".join(f"{value:.17f}" for value in values)
