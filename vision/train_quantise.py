"""Static int8 of an exported network: ``python -m vision.train_quantise --model FILE --hit-uav DIR --out FILE.onnx``.

Ranges of the activations are taken from pictures of the training part only; the detection head stays in floating point,
because box coordinates and small scores do not survive 8 bits. Needs the extra ``[train]`` (onnx).

Whether it pays depends on the processor. The shipped network, measured on an AMD Zen 3 (AVX2, no VNNI) in ONNX Runtime 1.32 at
640x512: 44 ms of processor time instead of 58 (37 against 54 at best), a file of 1.07 MB instead of 2.57, and on 131
validation pictures of HIT-UAV mAP50 .573 instead of .579 (person .668 for .683, vehicle .752 for .763, two-wheeler .298
for .290). With only the convolutions quantised nothing is gained: the conversions between them eat it up. People are what the
station is for, so the shipped model stays in floating point. *Dynamic* quantisation is slower than none.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geofences.errors import ConfigError, MarchwardenError
from vision.dataset import LabelledPicture, read_hit_uav
from vision.detectors.blob import BlobMaker
from vision.detectors.model_file import DEFAULT_MODEL, describe, read_model, read_sidecar


class _Pictures:
    """What the quantiser asks for its ranges, picture after picture."""

    def __init__(self, pictures: Sequence[LabelledPicture], stride_px: int) -> None:
        self._pictures = iter(pictures)
        self._blobs = BlobMaker(stride_px)

    def get_next(self) -> dict[str, Any] | None:
        picture = next(self._pictures, None)
        return None if picture is None else {"images": self._blobs.make(picture.read_bgr()).copy()}


def quantise(model: Path, pictures: Sequence[LabelledPicture], out: Path) -> None:
    """Writes ``out`` and its ``.json``. Raises ModelError for the model, ConfigError without the extra ``[train]``."""
    description = describe(model, read_model(model))
    try:
        onnx: Any = importlib.import_module("onnx")
        quantization: Any = importlib.import_module("onnxruntime.quantization")
    except ImportError as error:
        raise ConfigError(f"quantising needs onnx ({error})", "pip install 'marchwarden[train]'") from error
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        quantization.quant_pre_process(str(model), str(plain), skip_symbolic_shape=True)
        graph = onnx.load(str(plain)).graph
        last = next(n for n in graph.node if graph.output[0].name in n.output)
        head = "/" + last.name.strip("/").split("/")[0] + "/"  # exported nodes are named after their module
        quantization.quantize_static(
            str(plain),
            str(out),
            _Pictures(pictures, description.stride_px),
            quant_format=quantization.QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,  # without VNNI sums of full 8 x 8 bits overflow
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
            nodes_to_exclude=[n.name for n in graph.node if n.name.startswith(head)],
        )
    data = out.read_bytes()
    sidecar = {
        **read_sidecar(model),
        "name": out.stem,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "quantised_from": description.sha256,
    }
    out.with_suffix(".json").write_text(json.dumps(sidecar, indent=1) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    p = argparse.ArgumentParser(prog="python -m vision.train_quantise", description="Quantise a network to int8.")
    p.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    p.add_argument("--hit-uav", type=Path, required=True, help="HIT-UAV folder")
    p.add_argument("--out", type=Path, required=True, metavar="FILE.onnx")
    p.add_argument("--pictures", type=int, default=24, help="how many training pictures the ranges are taken from")
    options = p.parse_args(argv)
    try:
        if options.out.suffix != ".onnx" or options.pictures < 1:
            raise ConfigError("--out must be an .onnx file, --pictures at least 1", "see --help")
        training = [q for q in read_hit_uav(options.hit_uav) if q.split == "train"]
        quantise(options.model, training[:: max(1, len(training) // options.pictures)][: options.pictures], options.out)
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(f"wrote {options.out}, {options.out.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
