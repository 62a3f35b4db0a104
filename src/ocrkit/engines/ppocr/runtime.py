"""Runs a network on the processor: ONNX Runtime everywhere, OpenVINO where it computes in bfloat16.

Knows nothing of text. OpenVINO is no faster than ONNX Runtime at 32 bits, and 1.8 to 1.9 times as fast where
the processor multiplies bfloat16 (AVX512-BF16, AMX), so it is taken there alone.
"""

from __future__ import annotations

import platform
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from ocrkit.errors import EngineUnavailableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Tensor: TypeAlias = NDArray[np.float32]

Backend = Literal["onnxruntime", "openvino"]

_BF16_FLAGS = {"avx512_bf16", "amx_bf16"}
_SMALLEST, _LARGEST = 32, 32_000
"""Pixels between which every input lies."""
_REGISTERS = 64
"""A layer's outputs are rounded up to this; the last layer takes a third less time so."""
_NEVER = -1e4
"""The score of a class that is none."""
_CPU_INFO = Path("/proc/cpuinfo")


class Network(Protocol):
    """A network with one input and one output."""

    @property
    def one_shape(self) -> bool:
        """Whether an input of another shape than the one before costs about as much again as computing it."""
        ...

    def __call__(self, tensor: Tensor, /) -> Any:
        """The output for an input, as an array; it may be overwritten by the next call."""
        ...


@cache
def best_backend() -> Backend:
    """`openvino` where it is installed and the processor multiplies bfloat16, else `onnxruntime`."""
    return "openvino" if has_bf16() and find_spec("openvino") else "onnxruntime"


def has_bf16() -> bool:
    """Whether the processor says that it multiplies bfloat16; only Linux on x86 is asked."""
    if platform.machine() not in {"x86_64", "AMD64"} or not _CPU_INFO.is_file():
        return False
    flags = next((line for line in _CPU_INFO.read_text().splitlines() if line.startswith("flags")), "")
    return not _BF16_FLAGS.isdisjoint(flags.split())


def load_network(path: Path, *, threads: int, backend: Backend, scores: bool = False) -> Network:
    """The network in an ONNX file, ready to run; its output is an array of 32-bit numbers.

    Args:
        path: the file.
        threads: that it may use.
        backend: what runs it.
        scores: whether its output, if the network ends in a softmax over classes, may be what the softmax is given,
            padded by classes that are never likely: as the bits of bfloat16 numbers, an array of uint16.

    Raises:
        EngineUnavailableError: the backend is not installed.
    """
    return _OpenVino(path, threads, scores=scores) if backend == "openvino" else _OnnxRuntime(path, threads)


class _OnnxRuntime:
    one_shape = False

    def __init__(self, path: Path, threads: int) -> None:
        # Not imported at the top: beside OpenVINO nobody needs it, and it takes 40 MB.
        onnxruntime = _imported("onnxruntime", named="ONNX Runtime", install="onnxruntime")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # The arena keeps the largest page it has seen for ever; without it the allocator gives memory back.
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def __call__(self, tensor: Tensor, /) -> Tensor:
        output: Tensor = self._session.run(None, {self._input: tensor})[0]
        return output


class _OpenVino:
    one_shape = True

    def __init__(self, path: Path, threads: int, *, scores: bool) -> None:
        openvino = _openvino()
        config = {
            "INFERENCE_NUM_THREADS": threads,
            "INFERENCE_PRECISION_HINT": "bf16",
            "NUM_STREAMS": 1,
            # It keeps code for every shape it has met; kept to this, memory stays level and no speed is lost.
            "CPU_RUNTIME_CACHE_CAPACITY": 64,
            # It pins its threads to the first cores, all processes to the same ones.
            "ENABLE_CPU_PINNING": False,
        }
        core = _core()
        model = core.read_model(str(path))
        # Told that sizes have bounds, whatever they are, it fuses more: detection takes two thirds of the time.
        bounds = openvino.Dimension(_SMALLEST, _LARGEST)
        batch, *sizes = model.input(0).partial_shape
        model.reshape(
            openvino.PartialShape([1 if batch.is_dynamic else batch, *(bounds if s.is_dynamic else s for s in sizes)])
        )
        # Without bfloat16 the scores have more bits than that, and are worth them.
        model = (scores and has_bf16() and _with_scores(openvino, model)) or model
        self._request = core.compile_model(model, "CPU", config).create_infer_request()

    def __call__(self, tensor: Tensor, /) -> Any:
        self._request.infer([tensor], share_inputs=True)
        output = self._request.get_output_tensor().data
        # It gives bfloat16, which numpy lacks, as float16: the bits are right, the numbers are not.
        return output.view("uint16") if output.dtype == "float16" else output


def _with_scores(openvino: Any, model: Any) -> Any:
    """The model without the softmax at its end, its last layer widened to whole registers, in bfloat16.

    `None` where it does not end in a layer of weights and biases with a softmax.
    """
    ops = import_module("openvino.opset13")
    layers = _last_layers(model)
    if layers.keys() != {"Softmax", "Add", "MatMul"}:
        return None
    product, added = layers["MatMul"], layers["Add"]
    weights, biases = (_constant(node.input_value(1)) for node in (product, added))
    if weights is None or biases is None:
        return None
    more = -weights.shape[1] % _REGISTERS
    numpy = import_module("numpy")
    weights = numpy.pad(weights, ((0, 0), (0, more)))
    biases = numpy.pad(biases.reshape(1, 1, -1), ((0, 0), (0, 0), (0, more)), constant_values=_NEVER)
    turned = product.get_attributes()["transpose_a"]
    scores = ops.add(ops.matmul(product.input_value(0), ops.constant(weights), turned, False), ops.constant(biases))
    return openvino.Model([ops.result(ops.convert(scores, "bf16"))], model.get_parameters(), "scores")


def _last_layers(model: Any) -> dict[str, Any]:
    """The nodes from the product of the last layer on, by the name of their type."""
    found: dict[str, Any] = {}
    node = model.get_results()[0].input_value(0).get_node()
    while node.get_type_name() in {"Softmax", "Identity", "Add", "MatMul"} and "MatMul" not in found:
        if node.get_type_name() != "Identity":
            found[node.get_type_name()] = node
        node = node.input_value(0).get_node()
    return found


def _constant(value: Any) -> Any:
    node = value.get_node()
    return node.data if node.get_type_name() == "Constant" else None


@cache
def _core() -> Any:
    return _openvino().Core()


def _openvino() -> Any:
    # Not imported at the top: it takes half a second and is an extra.
    return _imported("openvino", named="OpenVINO", install="'ocrkit[accelerate]'")


def _imported(module: str, *, named: str, install: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise EngineUnavailableError(f"{named} is not installed.", hint=f"Install it: pip install {install}") from error
