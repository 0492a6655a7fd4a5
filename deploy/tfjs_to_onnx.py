#!/usr/bin/python3
"""Turns a TensorFlow.js graph model into an ONNX file, for ONNX Runtime.

Usage: tfjs_to_onnx.py MODEL.json OUT.onnx OUTPUT...

OUTPUT names the nodes that become the outputs; what they do not need is left
out. Each node becomes the ONNX operator that does the same. ONNX has channels
before rows (NCHW) and TensorFlow after columns (NHWC), so an operator on
pictures stands between two Transposes; ONNX Runtime takes out those that
cancel each other. Weights may be float32, float16 (widened) or int32. An
operator, or a form of one, that is not below ends the conversion with an error.
"""
import base64
import json
import os
import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save, shape_inference

OPSET = 13
TO_NCHW, TO_NHWC = [0, 3, 1, 2], [0, 2, 3, 1]
SAME = {"Add": "Add", "AddV2": "Add", "Mul": "Mul", "Relu": "Relu",
        "Sigmoid": "Sigmoid", "Identity": "Identity"}
CONVOLUTIONS = ("Conv2D", "_FusedConv2D", "DepthwiseConv2dNative",
                "FusedDepthwiseConv2dNative")


def fail(why):
    sys.exit("tfjs_to_onnx: " + why)


def read_weights(model, folder):
    """All tensors of the shards, by name."""
    out = {}
    for group in model["weightsManifest"]:
        raw = b""
        for path in group["paths"]:
            with open(os.path.join(folder, os.path.basename(path)), "rb") as file:
                raw += file.read()
        at = 0
        for entry in group["weights"]:
            stored = entry.get("quantization", {}).get("dtype", entry["dtype"])
            if stored not in ("float32", "float16", "int32"):
                fail(f"'{entry['name']}' is stored as {stored}")
            kind = np.dtype(stored).newbyteorder("<")
            count = int(np.prod(entry["shape"], dtype=np.int64))
            if at + count * kind.itemsize > len(raw):
                fail(f"'{entry['name']}' lies beyond the end of its file")
            values = np.frombuffer(raw, kind, count, at).reshape(entry["shape"])
            out[entry["name"]] = values.astype(entry["dtype"])
            at += count * kind.itemsize
    return out


def attribute(node, name):
    """A text, a truth, or a list of numbers or texts; None if it is not there."""
    value = node.get("attr", {}).get(name, {})
    if "list" in value:
        items = value["list"]
        texts = [base64.b64decode(x).decode() for x in items.get("s", [])]
        return [int(x) for x in items.get("i", [])] or texts
    return base64.b64decode(value["s"]).decode() if "s" in value else value.get("b")


def window(node):
    """How a convolution or a pooling pads and steps."""
    padding = attribute(node, "padding")
    if padding not in ("SAME", "VALID"):
        fail(f"'{node['name']}' pads by '{padding}'")
    return {"auto_pad": "SAME_UPPER" if padding == "SAME" else "VALID",
            "strides": attribute(node, "strides")[1:3]}


class Converter:
    """One graph on its way to ONNX; `made` is in an order in which it can run."""

    def __init__(self, model, weights):
        self.nodes = {x["name"]: x for x in model["modelTopology"]["node"]}
        self.weights = weights
        self.made, self.constants, self.inputs = [], [], []
        self.done = {}

    def emit(self, kind, inputs, output, **attributes):
        self.made.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, name, values):
        self.constants.append(numpy_helper.from_array(np.array(values), name))
        return name

    def on_planes(self, name, value, kind, more=(), **attributes):
        """An operator that wants NCHW, between its Transposes."""
        planes = self.emit("Transpose", [value], name + "/nchw", perm=TO_NCHW)
        done = self.emit(kind, [planes, *more], name + "/planes", **attributes)
        return self.emit("Transpose", [done], name + "/nhwc", perm=TO_NHWC)

    def activate(self, kind, value, name):
        if kind == "Relu":
            return self.emit("Relu", [value], name)
        if kind != "Relu6":
            fail(f"'{name}' is an unknown activation")
        ends = [self.constant(name + end, np.float32(x))
                for end, x in (("/low", 0), ("/high", 6))]
        return self.emit("Clip", [value, *ends], name)

    def convolve(self, node, name, value, weights):
        kernel = weights[0]  # height, width, in, out
        form = window(node)
        form["dilations"] = (attribute(node, "dilations") or [1] * 4)[1:3]
        if "Depthwise" in node["op"]:  # height, width, in, multiplier
            form["group"] = kernel.shape[2]
            kernel = kernel.reshape(*kernel.shape[:2], 1, -1)
        more = [self.constant(name + "/kernel", kernel.transpose(3, 2, 0, 1))]
        fused = attribute(node, "fused_ops") or []
        if fused[:1] == ["BiasAdd"]:
            more.append(self.constant(name + "/bias", weights[1]))
            fused = fused[1:]
        last = self.on_planes(name, value, "Conv", more, **form)
        for kind in fused:
            last = self.activate(kind, last, f"{name}/{kind}")
        return last

    def resize(self, node, name, value, size):
        mode = ("align_corners" if attribute(node, "align_corners") else
                "half_pixel" if attribute(node, "half_pixel_centers") else
                "asymmetric")
        # Resize wants four sizes. The first two, batch and channels, stay.
        planes = self.emit("Transpose", [value], name + "/nchw", perm=TO_NCHW)
        shape = self.emit("Shape", [planes], name + "/shape")
        ends = [self.constant(name + end, np.array([x])) for end, x in (("/0", 0), ("/2", 2))]
        stays = self.emit("Slice", [shape, *ends], name + "/stays")
        to = self.constant(name + "/to", size.astype(np.int64))
        sizes = self.emit("Concat", [stays, to], name + "/sizes", axis=0)
        done = self.emit("Resize", [planes, "", "", sizes], name + "/planes",
                         mode="linear", coordinate_transformation_mode=mode)
        return self.emit("Transpose", [done], name + "/nhwc", perm=TO_NHWC)

    def translate(self, node):
        name, kind = node["name"], node["op"]
        if kind == "Placeholder":
            sizes = [int(x["size"]) for x in node["attr"]["shape"]["shape"]["dim"]]
            self.inputs.append(helper.make_tensor_value_info(
                name, TensorProto.FLOAT, [1] + sizes[1:]))
            return name
        if kind == "Const":
            return self.constant(name, self.weights[name])
        inputs = node["input"]
        if kind in SAME:
            return self.emit(SAME[kind], [self.value(x) for x in inputs], name)
        if kind == "ConcatV2":
            values = [self.value(x) for x in inputs[:-1]]
            return self.emit("Concat", values, name, axis=int(self.weights[inputs[-1]]))
        # What follows the first input is constant: weights, sizes or axes.
        value = self.value(inputs[0])
        fixed = [self.weights[x] for x in inputs[1:]]
        if kind in CONVOLUTIONS:
            return self.convolve(node, name, value, fixed)
        if kind == "Relu6":
            return self.activate(kind, value, name)
        if kind == "ResizeBilinear":
            return self.resize(node, name, value, fixed[0])
        if kind == "MaxPool":
            return self.on_planes(name, value, "MaxPool", **window(node),
                                  kernel_shape=attribute(node, "ksize")[1:3])
        if kind == "Mean":
            return self.emit("ReduceMean", [value], name, axes=fixed[0].tolist(),
                             keepdims=int(bool(attribute(node, "keep_dims"))))
        if kind == "Reshape":
            to = self.constant(name + "/to", fixed[0].astype(np.int64))
            return self.emit("Reshape", [value, to], name)
        if kind == "Pad":
            # TensorFlow has a row per axis; ONNX all fronts, then all ends.
            ends = self.constant(name + "/ends", fixed[0].T.reshape(-1).astype(np.int64))
            return self.emit("Pad", [value, ends], name)
        return fail(f"'{name}' is of an unknown kind, {kind}")

    def value(self, name):
        """The ONNX name of a node's result; translates the node if needed."""
        if name not in self.done:
            self.done[name] = self.translate(self.nodes[name])
        return self.done[name]


def main(source, target, *outputs):
    with open(source, encoding="utf-8") as file:
        model = json.load(file)
    work = Converter(model, read_weights(model, os.path.dirname(source)))
    sys.setrecursionlimit(10000)  # a step per layer
    ends = [helper.make_tensor_value_info(work.value(x), TensorProto.FLOAT, None)
            for x in outputs]
    graph = helper.make_graph(work.made, "tfjs", work.inputs, ends, work.constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)],
                             producer_name="darkroom")
    made.ir_version = 7  # what goes with that OPSET
    made = shape_inference.infer_shapes(made)  # else its outputs have none
    checker.check_model(made)
    save(made, target)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        fail("usage: tfjs_to_onnx.py MODEL.json OUT.onnx OUTPUT...")
    try:
        main(*sys.argv[1:])
    except (OSError, KeyError, ValueError) as why:
        fail(f"'{sys.argv[1]}' cannot be converted: {why!r}")
