"""The rewritten graph: fewer steps, the same results, and nothing touched that is of another shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime as ort
import pytest

onnx = pytest.importorskip("onnx", reason="the extra [train] is not installed")

from onnx import helper, numpy_helper  # noqa: E402

from vision.train_graph import faster  # noqa: E402

RNG = np.random.default_rng(2)
ANY = [None] * 4
Nodes = list[Any]


def model(nodes: Nodes, constants: dict[str, np.ndarray], outputs: tuple[str, ...] = ("out",)) -> Any:
    kind = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("in", kind, [1, 4, "h", "w"])],
        [helper.make_tensor_value_info(name, kind, ANY) for name in outputs],
        [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def results(proto: Any, blob: np.ndarray) -> list[np.ndarray]:
    session = ort.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    return list(session.run(None, {"in": blob}))


def weights(name: str, out: int, into: int, size: int) -> dict[str, np.ndarray]:
    shape = (out, into, size, size)
    return {
        f"{name}.w": RNG.normal(size=shape).astype(np.float32),
        f"{name}.b": RNG.normal(size=out).astype(np.float32),
    }


def convolution(name: str, source: str, size: int = 1, **more: Any) -> Any:
    pads = [size // 2] * 4
    return helper.make_node(
        "Conv", [source, f"{name}.w", f"{name}.b"], [name], name, kernel_shape=[size] * 2, pads=pads, **more
    )


def silu(source: str) -> Nodes:
    return [
        helper.make_node("Sigmoid", [source], [f"{source}.s"]),
        helper.make_node("Mul", [source, f"{source}.s"], [f"{source}.a"]),
    ]


def cut(source: str, first: int, end: int, axis: int = 1) -> tuple[Any, dict[str, np.ndarray]]:
    name = f"{source}_{first}"
    numbers = {f"{name}.{k}": np.array([v]) for k, v in (("from", first), ("to", end), ("axis", axis), ("step", 1))}
    return helper.make_node("Slice", [source, *numbers], [name], name), numbers


def kinds(proto: Any) -> list[str]:
    return [n.op_type for n in proto.graph.node]


def check(proto: Any, height: int = 6, width: int = 10) -> tuple[list[str], list[str]]:
    """Kinds of nodes before and after; the results are compared."""
    blob = RNG.normal(size=(1, 4, height, width)).astype(np.float32)
    before, expected = kinds(proto), results(proto, blob)
    for one, other in zip(expected, results(faster(proto), blob), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    return before, kinds(proto)


def sliced(first_end: int = 3, axis: int = 1) -> Any:
    """A convolution of eight channels, its result cut in two and joined again the other way round."""
    one, numbers = cut("c.a", 0, first_end, axis)
    two, more = cut("c.a", first_end, 2**63 - 1, axis)
    join = helper.make_node("Concat", ["c.a_" + str(first_end), "c.a_0"], ["out"], "join", axis=axis)
    return model([convolution("c", "in", 3), *silu("c"), one, two, join], {**weights("c", 8, 4, 3), **numbers, **more})


def test_a_convolution_whose_result_is_cut_becomes_two() -> None:
    before, after = check(sliced())
    assert before.count("Slice") == 2
    assert after.count("Slice") == 0
    assert after.count("Conv") == 2


def test_a_cut_through_rows_stays() -> None:
    before, after = check(sliced(axis=2))
    assert before == after


def test_a_result_that_is_also_used_whole_stays() -> None:
    proto = sliced()
    proto.graph.node.append(helper.make_node("Neg", ["c.a"], ["whole"]))
    proto.graph.output.append(helper.make_tensor_value_info("whole", onnx.TensorProto.FLOAT, ANY))
    before, after = check(proto)
    assert before == after


def test_a_result_that_the_graph_gives_out_stays() -> None:
    proto = sliced()
    proto.graph.output.append(helper.make_tensor_value_info("c.a", onnx.TensorProto.FLOAT, ANY))
    before, after = check(proto)
    assert before == after


def enlarged(size: int = 1, mode: str = "nearest") -> Any:
    """Half the picture enlarged and joined with the whole one, then a convolution of both."""
    resize = helper.make_node(
        "Resize", ["low", "", "scales"], ["big"], "resize", mode=mode, nearest_mode="floor",
        coordinate_transformation_mode="asymmetric",
    )  # fmt: skip
    nodes = [
        convolution("low", "in", 3, strides=[2, 2]),
        convolution("own", "in"),
        resize,
        helper.make_node("Concat", ["big", "own"], ["both"], "join", axis=1),
        convolution("out", "both", size),
    ]
    constants = weights("low", 5, 4, 3) | weights("own", 3, 4, 1) | weights("out", 7, 8, size)
    return model(nodes, {**constants, "scales": np.array([1, 1, 2, 2], dtype=np.float32)})


def test_a_pointwise_convolution_goes_before_the_enlarging() -> None:
    _, after = check(enlarged())
    assert "Concat" not in after
    assert after.count("Conv") == 4
    proto = faster(enlarged())
    resize = next(n for n in proto.graph.node if n.op_type == "Resize")
    made_by = {n.output[0]: n for n in proto.graph.node}
    assert made_by[resize.input[0]].op_type == "Conv"
    assert made_by[resize.input[0]].name.startswith("out")


@pytest.mark.parametrize("odd", [{"size": 3}, {"mode": "linear"}])
def test_what_looks_at_neighbours_stays_behind_the_enlarging(odd: dict[str, Any]) -> None:
    before, after = check(enlarged(**odd))
    assert before == after


def test_an_enlarged_picture_that_is_used_elsewhere_too_is_still_there() -> None:
    proto = enlarged()
    proto.graph.node.append(helper.make_node("Neg", ["big"], ["more"]))
    proto.graph.output.append(helper.make_tensor_value_info("more", onnx.TensorProto.FLOAT, ANY))
    _, after = check(proto)
    assert after.count("Resize") == 2


def test_a_joined_picture_that_the_graph_gives_out_stays() -> None:
    proto = enlarged()
    proto.graph.output.append(helper.make_tensor_value_info("both", onnx.TensorProto.FLOAT, ANY))
    before, after = check(proto)
    assert before == after
