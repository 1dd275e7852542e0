"""The same network in a graph that takes less time: the runtimes do what a graph says and see none of this themselves.

1. A convolution whose result is only ever used in slices of channels becomes one convolution for each slice. ONNX
   Runtime keeps channels in blocks, which slicing and joining again undoes and redoes.
2. A 1 x 1 convolution of an enlarged picture joined with others: enlarging repeats pixels, and the convolution looks at
   each pixel alone, so it is done before the enlarging, on a quarter of the pixels, and the parts are added.

The results are the same to rounding. Measured on the shipped network at 640 x 512 in one thread of an AMD Zen 3: a tenth
less processor time in ONNX Runtime 1.32, and in OpenVINO 2026.4 likewise.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_CHANNELS = 1


def faster(model: Any) -> Any:
    """Changes ``model`` (an ``onnx.ModelProto``, constants as initialisers) as above; it also comes back.

    What has another shape than expected stays as it is.
    """
    graph = _Graph(model.graph)
    for name in [n.input[0] for n in graph.nodes if n.op_type == "Slice"]:
        _slice_convolution(graph, name)
    for node in [n for n in graph.nodes if n.op_type == "Concat"]:
        _convolve_before_enlarging(graph, node)
    graph.write()
    importlib.import_module("onnx").checker.check_model(model, full_check=True)
    return model


def _slice_convolution(graph: _Graph, name: str) -> None:
    """Point 1 for the tensor ``name``: convolution, activation x * sigmoid(x), slices."""
    slices = graph.users(name)
    ranges = [graph.channel_range(n) for n in slices]
    product = graph.maker(name)
    if product is None or product.op_type != "Mul" or len(slices) < 2 or name in graph.outputs:
        return
    sigmoid, convolution = graph.maker(product.input[1]), graph.maker(product.input[0])
    if (
        sigmoid is None
        or convolution is None
        or sigmoid.op_type != "Sigmoid"
        or convolution.op_type != "Conv"
        or sigmoid.input[0] != product.input[0]
        or len(graph.users(product.input[0])) != 2
        or not graph.weighted(convolution)
        or graph.attribute(convolution, "group", 1) != 1
    ):
        return
    channels = len(graph.constants[convolution.input[1]])
    cuts = sorted(r for r in ranges if r is not None)
    if len(cuts) != len(slices) or [a for a, _ in cuts] + [channels] != [0] + [b for _, b in cuts]:
        return  # other axes, or not each channel in just one slice
    for part, cut in zip(slices, ranges, strict=True):
        assert cut is not None
        raw = graph.convolution(convolution, part.name, convolution.input[0], channels=slice(*cut))
        share = graph.add("Sigmoid", [raw], part.name + "/sigmoid")
        graph.add("Mul", [raw, share], part.name + "/silu", part.output[0])
    graph.remove([convolution, sigmoid, product, *slices])


def _convolve_before_enlarging(graph: _Graph, join: Any) -> None:
    """Point 2 for one Concat."""
    convolutions = graph.users(join.output[0])
    enlarged = [graph.maker(name) for name in join.input]
    widths = [graph.channels(m.input[0] if _enlarges(m) else n) for m, n in zip(enlarged, join.input, strict=True)]
    if (
        graph.attribute(join, "axis", None) != _CHANNELS
        or not any(_enlarges(m) for m in enlarged)
        or None in widths
        or not convolutions
        or join.output[0] in graph.outputs
        or not all(c.op_type == "Conv" and graph.weighted(c) and _pointwise(graph, c) for c in convolutions)
    ):
        return
    ends = np.cumsum([0, *(w or 0 for w in widths)]).tolist()
    for convolution in convolutions:
        parts = []
        for k, (name, maker) in enumerate(zip(join.input, enlarged, strict=True)):
            sliced = slice(ends[k], ends[k + 1])
            part = f"{convolution.name}/part{k}"
            # The bias once, with one that is not enlarged where there is one.
            bias = k == next((j for j, m in enumerate(enlarged) if not _enlarges(m)), 0)
            if _enlarges(maker):
                low = graph.convolution(convolution, part, maker.input[0], inputs=sliced, bias=bias)
                parts.append(graph.add_like(maker, [low, *maker.input[1:]], part + "/enlarged"))
            else:
                parts.append(graph.convolution(convolution, part, name, inputs=sliced, bias=bias))
        total = parts[0]
        for k, more in enumerate(parts[1:], 1):
            last = convolution.output[0] if k == len(parts) - 1 else None
            total = graph.add("Add", [more, total], f"{convolution.name}/sum{k}", last)
    lonely = [
        m for m in enlarged if _enlarges(m) and m.output[0] not in graph.outputs and graph.users(m.output[0]) == [join]
    ]
    graph.remove([*convolutions, join, *lonely])


def _enlarges(node: Any) -> bool:
    """Whether it repeats pixels."""
    modes = [a.s for a in node.attribute if a.name == "mode"] if node is not None else []
    return node is not None and node.op_type == "Resize" and modes in ([b"nearest"], [])


def _pointwise(graph: _Graph, convolution: Any) -> bool:
    """Whether each pixel of the result comes of one pixel alone."""
    return (
        graph.constants[convolution.input[1]].shape[2:] == (1, 1)
        and graph.attribute(convolution, "group", 1) == 1
        and graph.attribute(convolution, "strides", [1, 1]) == [1, 1]
        and not any(graph.attribute(convolution, "pads", []))
    )


class _Graph:
    """An ``onnx.GraphProto`` while it is changed."""

    def __init__(self, proto: Any) -> None:
        self._helper: Any = importlib.import_module("onnx.helper")
        self._arrays: Any = importlib.import_module("onnx.numpy_helper")
        self._proto = proto
        self.nodes: list[Any] = list(proto.node)
        self.outputs = {o.name for o in proto.output}
        self.constants: dict[str, NDArray[Any]] = {i.name: self._arrays.to_array(i) for i in proto.initializer}
        self._old = set(self.constants)

    def users(self, name: str) -> list[Any]:
        return [n for n in self.nodes if name in n.input]

    def maker(self, name: str) -> Any:
        """The node that makes a tensor; None for inputs and constants."""
        return next((n for n in self.nodes if name in n.output), None)

    def attribute(self, node: Any, name: str, default: Any) -> Any:
        found = (a for a in node.attribute if a.name == name)
        return next((list(a.ints) if a.ints else a.i for a in found), default)

    def weighted(self, convolution: Any) -> bool:
        """Whether weights and bias are constants."""
        return len(convolution.input) == 3 and all(n in self.constants for n in convolution.input[1:])

    def channels(self, name: str) -> int | None:
        """How many channels a tensor has, None where that is not easily seen."""
        node = self.maker(name)
        if node is None:
            return None
        if node.op_type == "Conv" and self.weighted(node):
            return len(self.constants[node.input[1]])
        if node.op_type == "Mul":
            return self.channels(node.input[0])
        return None

    def channel_range(self, node: Any) -> tuple[int, int] | None:
        """First and last channel + 1 of a Slice of channels; None for all else."""
        if node.op_type != "Slice" or not all(n in self.constants for n in node.input[1:]):
            return None
        starts, ends, axes, *steps = (self.constants[n].ravel().tolist() for n in node.input[1:])
        if axes != [_CHANNELS] or steps not in ([], [[1]]) or starts[0] < 0 or ends[0] < 0:
            return None
        source = self.channels(node.input[0])
        return None if source is None else (starts[0], min(ends[0], source))

    def add(self, kind: str, inputs: list[str], name: str, output: str | None = None) -> str:
        """A new node; the name of what it makes."""
        output = output or name + "_output"
        self.nodes.append(self._helper.make_node(kind, inputs, [output], name))
        return output

    def add_like(self, node: Any, inputs: list[str], name: str) -> str:
        """A node of the same kind with the same attributes."""
        copy = type(node)()
        copy.CopyFrom(node)
        copy.name = name
        del copy.input[:], copy.output[:]
        copy.input.extend(inputs)
        copy.output.append(name + "_output")
        self.nodes.append(copy)
        return str(copy.output[0])

    def convolution(
        self,
        node: Any,
        name: str,
        source: str,
        channels: slice = slice(None),
        inputs: slice = slice(None),
        bias: bool = True,
    ) -> str:
        """A part of a convolution: some of what it makes, of some of what it takes."""
        weights = {f"{name}/weight": self.constants[node.input[1]][channels, inputs]}
        if bias:
            weights[f"{name}/bias"] = self.constants[node.input[2]][channels]
        self.constants |= {n: np.ascontiguousarray(v) for n, v in weights.items()}
        return self.add_like(node, [source, *weights], name + "/convolution")

    def remove(self, nodes: Iterable[Any]) -> None:
        gone = {id(n) for n in nodes}
        self.nodes = [n for n in self.nodes if id(n) not in gone]

    def write(self) -> None:
        """The nodes in an order in which each has its inputs, and only the constants that are used."""
        used = {n for node in self.nodes for n in node.input}
        kept = [i for i in self._proto.initializer if i.name in used]
        new = [self._arrays.from_array(v, n) for n, v in self.constants.items() if n in used and n not in self._old]
        ready = {i.name for i in [*self._proto.input, *kept, *new]} | {""}
        ordered: list[Any] = []
        waiting = self.nodes
        while waiting:
            node = next(n for n in waiting if ready.issuperset(n.input))
            waiting = [n for n in waiting if n is not node]
            ordered.append(node)
            ready.update(node.output)
        # Copies: what is cleared below frees what these may still be views of.
        ordered = [type(n).FromString(n.SerializeToString()) for n in ordered]
        kept = [type(i).FromString(i.SerializeToString()) for i in [*kept, *new]]
        del self._proto.node[:], self._proto.initializer[:]
        self._proto.node.extend(ordered)
        self._proto.initializer.extend(kept)
