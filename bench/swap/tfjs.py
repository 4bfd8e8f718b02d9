"""TensorFlow.js graph models for OpenVINO: the operations of the recognisers of bench/swap/others.py."""
import base64
import json
import pathlib

import numpy as np
from openvino import Core, Model
from openvino import opset8 as op

TO_CHANNELS_FIRST, TO_CHANNELS_LAST = np.array([0, 3, 1, 2]), np.array([0, 2, 3, 1])
TYPES = {"float32": np.float32, "int32": np.int32}


def compiled(file, output, side):
    """A function from a batch (n x side x side x 3, f32) to the values of the node `output`, one row a picture, in f32."""
    graph = Graph(file, side)
    model = Model([graph.node(output)], [graph.input], pathlib.Path(file).stem)
    network = Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return lambda batch: np.stack([network([picture[None]])[0].ravel() for picture in batch])


class Graph:
    """The nodes of a file, made when they are asked for. Pictures stay channels last, as in TensorFlow."""

    def __init__(self, file, side):
        content = json.loads(pathlib.Path(file).read_text())
        self._nodes = {node["name"]: node for node in content["modelTopology"]["node"]}
        self._constants = _constants(pathlib.Path(file), content["weightsManifest"])
        self.input = op.parameter([1, side, side, 3], np.float32)
        self._made = {}

    def node(self, name):
        if name not in self._made:
            self._made[name] = self._make(self._nodes[name])
        return self._made[name]

    def _make(self, node):
        what, inputs = node["op"], [name for name in node.get("input", []) if not name.startswith("^")]
        if what == "Placeholder":
            return self.input
        if what == "Const":
            return op.constant(self._constants[node["name"]])
        if "Conv" in what:
            return self._finish(node, self._convolution(node, depthwise="Depthwise" in what), inputs)
        values = [self.node(name) for name in inputs[:2]]
        if what == "_FusedMatMul":
            return self._finish(node, op.matmul(*values, False, False), inputs)
        simple = {"Add": op.add, "AddV2": op.add, "Mul": op.multiply, "Sub": op.subtract, "Maximum": op.maximum, "Minimum": op.minimum,
                  "Relu": op.relu, "Abs": op.abs, "Sigmoid": op.sigmoid}
        if what in simple:
            return simple[what](*values)
        if what == "Mean":
            return op.reduce_mean(*values, False)
        if what == "MatMul":
            return op.matmul(*values, False, False)
        if what == "Reshape":
            return op.reshape(*values, False)
        if what == "Pad":
            pads = self._constants[inputs[1]]
            return op.pad(values[0], op.constant(pads[:, 0]), op.constant(pads[:, 1]), "constant", op.constant(np.float32(0)))
        raise ValueError(f"the operation {what} of {node['name']} is not understood")

    def _convolution(self, node, depthwise):
        picture, kernel = self.node(node["input"][0]), self._constants[node["input"][1]]
        strides = [int(value) for value in node["attr"]["strides"]["list"]["i"]][1:3]
        padding = "same_upper" if _text(node["attr"]["padding"]) == "SAME" else "valid"
        picture = op.transpose(picture, op.constant(TO_CHANNELS_FIRST))
        if depthwise:
            filters = op.constant(np.ascontiguousarray(kernel.transpose(2, 3, 0, 1)[:, :, None]))
            made = op.group_convolution(picture, filters, strides, [0, 0], [0, 0], [1, 1], padding)
        else:
            made = op.convolution(picture, op.constant(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))), strides, [0, 0], [0, 0], [1, 1], padding)
        return op.transpose(made, op.constant(TO_CHANNELS_LAST))

    def _finish(self, node, value, inputs):
        """Adds the parts that TensorFlow.js fused into a node."""
        fused = [base64.b64decode(word).decode() for word in node["attr"].get("fused_ops", {}).get("list", {}).get("s", [])]
        for part in fused:
            if part not in ("BiasAdd", "Relu", "Relu6"):
                raise ValueError(f"the part {part} of {node['name']} is not understood")
            value = op.add(value, self.node(inputs[2])) if part == "BiasAdd" else op.relu(value) if part == "Relu" else op.clamp(value, 0, 6)
        return value


def _text(attribute):
    return base64.b64decode(attribute["s"]).decode()


def _constants(file, manifest):
    values = {}
    for group in manifest:
        data, at = b"".join((file.parent / path).read_bytes() for path in group["paths"]), 0
        for entry in group["weights"]:
            kind = TYPES[entry["dtype"]] if "quantization" not in entry else np.float16
            count = int(np.prod(entry["shape"]))
            block = np.frombuffer(data, kind, count, at).reshape(entry["shape"])
            values[entry["name"]] = block.astype(np.float32) if kind is np.float16 else block.copy()
            at += block.nbytes
    return values
