#!/usr/bin/env python3
"""make_reference.py BATCH STEPS OUT.json: loss curve of the network "original" trained by an independent implementation (JAX).

Needs jax and numpy (tests only; nothing of it is in the product). Written from the specification (a 5x5/3x3 convolutional
autoencoder with one encoder and two decoders, masked mean absolute difference of both sides in one step of Adam), not from the
trainer's code. Weights and pictures come from a counter that both sides know, so that the curves can be compared number by number."""
import json
import sys

import jax
import jax.numpy as jnp
import numpy as np

RATE, BETA1, BETA2, EPSILON = 5e-5, .5, .999, 1e-7
LEAK, SIZE = .1, 64


def uniform(first, count):
    """[0, 1) from the numbers first..first+count (splitmix64, its upper 24 bits)."""
    with np.errstate(over="ignore"):
        z = (np.arange(count, dtype=np.uint64) + np.uint64(first)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(40)).astype(np.float64) * 2.0 ** -24).astype(np.float32)


def layers():
    """(name, shape, gain of the fan) in the order that numbers the weights: encoder, target's decoder, subject's."""
    out = []
    channels = [3, 128, 256, 512, 1024]
    for i in range(4):
        out.append((f"encoder.conv{i}", (channels[i + 1], channels[i], 5, 5)))
    out += [("encoder.dense0", (1024, 16384)), ("encoder.dense1", (16384, 1024)), ("encoder.up0", (4 * 512, 1024, 3, 3))]
    for who in ("target", "subject"):
        inputs = 512
        for i, outputs in enumerate((256, 128, 64)):
            out.append((f"decoder_{who}.up{i}", (4 * outputs, inputs, 3, 3)))
            inputs = outputs
        out.append((f"decoder_{who}.out", (3, 64, 5, 5)))
    return out


def initial():
    weights = {}
    for number, (name, shape) in enumerate(layers()):
        taps = int(np.prod(shape[2:]))
        fan_in, fan_out = shape[1] * taps, shape[0] * taps
        glorot = len(shape) == 2 or name.endswith("out")
        limit = np.float32(np.sqrt(6 / (fan_in + fan_out if glorot else fan_in)))
        count = int(np.prod(shape))
        weights[name] = ((2 * uniform(number << 32, count) - 1) * limit).reshape(shape), np.zeros(shape[0], np.float32)
    return weights


def pictures(step, side, batch):
    """input, target N x 3 x S x S and weight N x 1 x S x S: waves whose input is fainter than the target."""
    u = uniform((1 << 50) + (step * 2 + side) * 100000, batch * 8).reshape(batch, 8).astype(np.float64)
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    phase = 2 * np.pi * ((1 + 3 * u[:, 0, None, None]) * x + (1 + 3 * u[:, 1, None, None]) * y)
    waves = np.stack([np.sin(phase + 2 * np.pi * u[:, 2 + c, None, None]) for c in range(3)], 1)
    middle = .3 + .2 * side
    weight = 1 + 2. * ((x - .5) ** 2 + (y - .5) ** 2 < .0625)
    weight = np.broadcast_to(weight, (batch, 1, SIZE, SIZE))
    return tuple(np.asarray(a, np.float32) for a in (middle + .15 * waves, middle + .25 * waves, weight))


def convolve(x, weight, bias, stride):
    """As one product of matrices, whose gradient is one, too: XLA's own convolutions take five times as long here."""
    taps, outputs = weight.shape[2], weight.shape[0]
    x = jnp.pad(x.transpose(0, 2, 3, 1), ((0, 0), (taps // 2, taps // 2), (taps // 2, taps // 2), (0, 0)))
    n, side = x.shape[0], (x.shape[1] - taps) // stride + 1
    reach = stride * (side - 1) + 1
    columns = jnp.concatenate([x[:, i:i + reach:stride, j:j + reach:stride] for i in range(taps) for j in range(taps)], 3)
    y = columns.reshape(n * side * side, -1) @ weight.transpose(2, 3, 1, 0).reshape(-1, outputs)
    return (y + bias).reshape(n, side, side, outputs).transpose(0, 3, 1, 2)


def leaky(x):
    return jnp.where(x >= 0, x, LEAK * x)


def upscale(x, weight, bias):
    """Channel f * 4 + dy * 2 + dx becomes pixel (dx, dy) of channel f; the activation comes first."""
    y = leaky(convolve(x, weight, bias, 1))
    n, c, h, w = y.shape
    return y.reshape(n, c // 4, 2, 2, h, w).transpose(0, 1, 4, 2, 5, 3).reshape(n, c // 4, 2 * h, 2 * w)


def answer(weights, x, who):
    for i in range(4):
        x = leaky(convolve(x, *weights[f"encoder.conv{i}"], 2))
    x = x.reshape(x.shape[0], -1)
    for i in range(2):
        weight, bias = weights[f"encoder.dense{i}"]
        x = x @ weight.T + bias
    x = upscale(x.reshape(-1, 1024, 4, 4), *weights["encoder.up0"])
    for i in range(3):
        x = upscale(x, *weights[f"decoder_{who}.up{i}"])
    return jax.nn.sigmoid(convolve(x, *weights[f"decoder_{who}.out"], 1))


def losses(weights, subject, target):
    def one(who, batch):
        given, wanted, weight = batch
        away = jnp.abs(answer(weights, given, who) - wanted) * weight
        return away.sum() / (3 * weight.sum())
    a, b = one("subject", subject), one("target", target)
    return a + b, (a, b)


@jax.jit
def step(weights, mean, square, number, subject, target):
    slopes, (a, b) = jax.grad(losses, has_aux=True)(weights, subject, target)
    mean = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, mean, slopes)
    square = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, square, slopes)
    weights = jax.tree.map(lambda w, m, v: w - RATE * (m / (1 - BETA1 ** number))
                           / (jnp.sqrt(v / (1 - BETA2 ** number)) + EPSILON), weights, mean, square)
    return weights, mean, square, a, b


def main():
    batch, steps, out = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    weights = initial()
    count = sum(w.size + b.size for w, b in weights.values())
    zeros = lambda: jax.tree.map(jnp.zeros_like, weights)
    mean, square, curve = zeros(), zeros(), []
    for i in range(steps):
        weights, mean, square, a, b = step(weights, mean, square, float(i + 1), pictures(i, 0, batch), pictures(i, 1, batch))
        curve.append([round(float(a), 7), round(float(b), 7)])
        print(i, curve[-1], flush=True)
        with open(out, "w") as file:
            json.dump({"made_by": "make_reference.py, JAX " + jax.__version__, "network": "original", "parameters": count, "batch": batch,
                       "losses": curve}, file)
            file.write("\n")


if __name__ == "__main__":
    main()
