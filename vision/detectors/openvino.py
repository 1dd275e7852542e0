"""A network in OpenVINO (extra ``[openvino]``): Intel's CPUs, integrated graphics and neural units."""

from __future__ import annotations

import importlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError, ModelError
from vision.detectors.base import DetectorOptions
from vision.detectors.model_file import DEFAULT_MODEL, REMEDY, describe, read_model
from vision.detectors.network import NetworkDetector


class OpenVinoSession:
    """A network in OpenVINO."""

    def __init__(self, model: Path, data: bytes, device: str, threads: int) -> None:
        """``data``: content of an ``.onnx`` file. ``device``: OpenVINO's name of one, in any case.

        Raises ConfigError when OpenVINO is not installed or has no such device, ModelError when the model cannot be
        loaded.
        """
        try:
            openvino: Any = importlib.import_module("openvino")
        except ImportError as error:
            raise ConfigError(f"OpenVINO is not installed ({error})", "pip install 'marchwarden[openvino]'") from error
        core = openvino.Core()
        name = device.upper()
        if name != "AUTO" and name.partition(".")[0] not in {d.partition(".")[0] for d in core.available_devices}:
            raise ConfigError(
                f"device {device!r} is not offered by OpenVINO (it has {', '.join(core.available_devices)})", "use cpu"
            )
        settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
        if name == "CPU":
            # Pinned threads of two processes would share one core and leave another idle. Full precision: the boxes
            # are those of the other runtimes.
            settings |= {
                "INFERENCE_NUM_THREADS": threads,
                "NUM_STREAMS": 1,
                "ENABLE_CPU_PINNING": False,
                "INFERENCE_PRECISION_HINT": "f32",
            }
        try:
            network = core.read_model(BytesIO(data))
            shape = network.inputs[0].partial_shape
            compiled = core.compile_model(network, name, settings)
            self._request = compiled.create_infer_request()
        except Exception as error:  # OpenVINO raises RuntimeError and its own kinds
            raise ModelError(f"model {model} cannot be loaded by OpenVINO ({error})", REMEDY) from error
        fixed = shape[2].is_static and shape[3].is_static
        self._fixed = (shape[2].get_length(), shape[3].get_length()) if fixed else None
        version = str(openvino.__version__).partition("-")[0]
        self._runtime = f"openvino {version} {name}" + (f", {threads} threads" if name == "CPU" else "")

    @property
    def runtime(self) -> str:
        """Name, version, device and threads."""
        return self._runtime

    @property
    def fixed_size(self) -> tuple[int, int] | None:
        """Height and width of a network that takes no other."""
        return self._fixed

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """``(1, 3, H, W)`` -> the first picture's output, in memory that the next call overwrites."""
        self._request.infer({0: blob}, share_inputs=True)
        return np.asarray(self._request.get_output_tensor(0).data[0], dtype=np.float32)


class OpenVinoDetector(NetworkDetector):
    """Detects with an ``.onnx`` file and its sidecar in OpenVINO."""

    def __init__(self, model: Path = DEFAULT_MODEL, options: DetectorOptions | None = None) -> None:
        """Raises ModelError as :class:`vision.detectors.onnx.OnnxDetector` does, ConfigError without OpenVINO."""
        options = options or DetectorOptions()
        data = read_model(model)
        description = describe(model, data)
        super().__init__(description, OpenVinoSession(model, data, options.device, options.threads), options)
