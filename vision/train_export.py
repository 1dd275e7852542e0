"""Export of a trained network to ONNX with a sidecar that says what the file is."""

from __future__ import annotations

import copy
import hashlib
import importlib
import io
import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from vision.detectors.decode import MODEL_CLASSES
from vision.train_graph import faster
from vision.train_model import Network
from vision.train_run import write_whole

OPSET = 17


def export_onnx(network: Network, file: Path, thresholds: Mapping[str, float], input_px: Sequence[int] = ()) -> Path:
    """Writes ``file`` and ``file`` with suffix ``.json`` beside it, which describes it.

    Height and width of the input are dynamic, multiples of the network's coarsest stride; the output is
    ``(1, 4 + classes, n)``: centre x, y, width, height in input pixels, class scores. ``thresholds``: the least
    confidence recommended per class; ``input_px``: long sides at which still pictures are best looked at (0: as they
    are), none for as they are.
    """
    # By name, so that the type checker needs neither of them where the extra [train] is not installed.
    onnx, onnxslim = (importlib.import_module(name) for name in ("onnx", "onnxslim"))
    model = copy.deepcopy(network).float().eval()
    model.fuse(verbose=False)
    head = model.model[-1]
    head.export, head.format, head.dynamic = True, "onnx", True
    buffer = io.BytesIO()
    example = torch.zeros(1, 3, 256, 320)
    with torch.no_grad(), warnings.catch_warnings():
        # The tracing exporter is called old but takes any height and width; the new one needs another package for it.
        warnings.simplefilter("ignore", DeprecationWarning)
        model(example)
        torch.onnx.export(
            model,
            (example,),
            buffer,
            opset_version=OPSET,
            input_names=["images"],
            output_names=["output0"],
            dynamic_axes={"images": {2: "height", 3: "width"}, "output0": {2: "anchors"}},
            dynamo=False,
        )
    slim = faster(onnxslim.slim(onnx.load_from_string(buffer.getvalue())))
    stride_px = int(network.stride.max())
    for key, value in (("names", json.dumps(dict(enumerate(MODEL_CLASSES)))), ("stride", str(stride_px))):
        entry = slim.metadata_props.add()
        entry.key, entry.value = key, value
    for node in slim.graph.node:  # where in the source each node was traced: different on every machine, of no use
        node.ClearField("doc_string")
        node.ClearField("metadata_props")
    del slim.graph.value_info[:]  # shapes in between, with names made up anew at each export; runtimes infer them
    write_whole(file, slim.SerializeToString())
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    sidecar = {
        "name": file.stem,
        "sha256": digest,
        "classes": list(MODEL_CLASSES),
        "stride": stride_px,
        "bytes": file.stat().st_size,
        "opset": OPSET,
        "thresholds": dict(thresholds),
        **({"input_px": list(input_px)} if input_px else {}),
    }
    write_whole(file.with_suffix(".json"), (json.dumps(sidecar, indent=1) + "\n").encode())
    return file
