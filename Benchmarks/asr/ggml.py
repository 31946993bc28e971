"""Writes a CTranslate2 Whisper folder as a ggml file in float16, so that whisper.cpp runs the very same weights.

File: magic, eleven sizes, mel filters, vocabulary, then tensors until the end: rank, length of the name, type (0 float32,
1 float16), sizes with the innermost first, name, data. Names are those of the original Whisper weights.
"""

import struct

import numpy

DTYPES = {0: "<f4", 1: "i1", 2: "<i2", 3: "<i4", 4: "<f2"}
BASE_TEXT_TOKENS = 50_257


def read_model(path):
    """Name → array of a CTranslate2 `model.bin`, version 6; quantised files are refused."""
    data, at = path.read_bytes(), 0

    def take(format):
        nonlocal at
        values = struct.unpack_from("<" + format, data, at)
        at += struct.calcsize("<" + format)
        return values if len(values) > 1 else values[0]

    def text():
        nonlocal at
        length = take("H")
        at += length
        return data[at - length : at - 1].decode()

    version, specification = take("I"), text()
    assert (version, specification) == (6, "WhisperSpec"), f"{path}: {specification}, version {version}"
    take("I")
    arrays = {}
    for _ in range(take("I")):
        name, rank = text(), take("B")
        shape = [take("I") for _ in range(rank)]
        dtype, size = take("B"), take("I")
        arrays[name] = numpy.frombuffer(data, DTYPES[dtype], size // numpy.dtype(DTYPES[dtype]).itemsize, at).reshape(shape)
        at += size
    for _ in range(take("I")):
        alias, target = text(), text()
        arrays[alias] = arrays[target]
    assert not any(name.endswith("weight_scale") for name in arrays), f"{path} is quantised"
    return arrays


def _attention(arrays, theirs, names):
    """Splits stacked projections: `names` are the original ones in the order they are stacked."""
    weights = numpy.split(arrays[theirs + "/weight"], len(names))
    biases = numpy.split(arrays[theirs + "/bias"], len(names))
    for name, weight, bias in zip(names, weights, biases):
        yield name + ".weight", weight
        if not name.endswith(".key"):  # keys have no bias: it would cancel in the softmax
            yield name + ".bias", bias


def _norm(arrays, theirs, ours):
    yield ours + ".weight", arrays[theirs + "/gamma"]
    yield ours + ".bias", arrays[theirs + "/beta"]


def tensors(arrays):
    """Pairs of an original name and its array."""
    for n in (1, 2):
        yield f"encoder.conv{n}.weight", arrays[f"encoder/conv{n}/weight"]
        yield f"encoder.conv{n}.bias", arrays[f"encoder/conv{n}/bias"][:, None]
    yield "encoder.positional_embedding", arrays["encoder/position_encodings/encodings"]
    yield "decoder.positional_embedding", arrays["decoder/position_encodings/encodings"]
    yield "decoder.token_embedding.weight", arrays["decoder/embeddings/weight"]
    yield from _norm(arrays, "encoder/layer_norm", "encoder.ln_post")
    yield from _norm(arrays, "decoder/layer_norm", "decoder.ln")
    for side in ("encoder", "decoder"):
        for layer in range(layers(arrays, side)):
            theirs, ours = f"{side}/layer_{layer}", f"{side}.blocks.{layer}"
            stacked = [f"{ours}.attn.{part}" for part in ("query", "key", "value")]
            yield from _attention(arrays, theirs + "/self_attention/linear_0", stacked)
            yield from _attention(arrays, theirs + "/self_attention/linear_1", [ours + ".attn.out"])
            yield from _norm(arrays, theirs + "/self_attention/layer_norm", ours + ".attn_ln")
            if side == "decoder":
                cross = [f"{ours}.cross_attn.{part}" for part in ("query", "key", "value", "out")]
                yield from _attention(arrays, theirs + "/attention/linear_0", cross[:1])
                yield from _attention(arrays, theirs + "/attention/linear_1", cross[1:3])
                yield from _attention(arrays, theirs + "/attention/linear_2", cross[3:])
                yield from _norm(arrays, theirs + "/attention/layer_norm", ours + ".cross_attn_ln")
            yield from _attention(arrays, theirs + "/ffn/linear_0", [ours + ".mlp.0"])
            yield from _attention(arrays, theirs + "/ffn/linear_1", [ours + ".mlp.2"])
            yield from _norm(arrays, theirs + "/ffn/layer_norm", ours + ".mlp_ln")


def layers(arrays, side):
    return sum(name.startswith(side + "/layer_") and name.endswith("/ffn/linear_0/weight") for name in arrays)


def token_bytes():
    """The characters that stand for bytes in a byte-pair vocabulary → those bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + index): byte for index, byte in enumerate(others)}


def write(folder, out, mel_filters):
    """Converts the model in `folder`; `mel_filters` is `[mels, 201]`."""
    arrays = read_model(folder / "model.bin")
    embeddings, positions = arrays["decoder/embeddings/weight"], arrays["decoder/position_encodings/encodings"]
    audio, width = arrays["encoder/position_encodings/encodings"].shape
    heads = int(arrays["encoder/num_heads"].reshape(-1)[0])
    sizes = [
        len(embeddings), audio, width, heads, layers(arrays, "encoder"), len(positions), width, heads,
        layers(arrays, "decoder"), mel_filters.shape[0], 1,
    ]
    bytes_of = token_bytes()
    vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:BASE_TEXT_TOKENS]
    with out.open("wb") as file:
        file.write(struct.pack("<I11i", 0x67676D6C, *sizes))
        file.write(struct.pack("<2i", *mel_filters.shape) + mel_filters.astype("<f4").tobytes())
        file.write(struct.pack("<i", len(vocabulary)))
        for token in vocabulary:
            raw = bytes(bytes_of[character] for character in token) if set(token) <= set(bytes_of) else token.encode()
            file.write(struct.pack("<i", len(raw)) + raw)
        for name, array in tensors(arrays):
            small = array.ndim < 2 or name.endswith(("conv1.bias", "conv2.bias", "positional_embedding"))
            label = name.encode()
            file.write(struct.pack("<3i", array.ndim, len(label), 0 if small else 1))
            file.write(struct.pack(f"<{array.ndim}i", *reversed(array.shape)) + label)
            file.write(numpy.ascontiguousarray(array, "<f4" if small else "<f2").tobytes())
