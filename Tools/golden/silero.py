"""The voice activity network whose weights the project pins, `silero_vad_16k.safetensors` of the silero-vad wheel, run by
the wheel's own code on tinygrad.

The wheel's ONNX files and the one faster-whisper carries hold other weights under the same name (probabilities differ by
up to 0.5 in places), so faster-whisper's rules are fed with these probabilities instead."""

import os
import tempfile
import types

import faster_whisper.vad
import numpy

import materials

os.environ.setdefault("DEV", "CPU")
from tinygrad import Tensor, TinyJit  # noqa: E402
from tinygrad.nn.state import load_state_dict, safe_load  # noqa: E402

FRAME, CONTEXT = 512, 64


class SileroNetwork:
    def __init__(self):
        code = types.ModuleType("tinygrad_model")
        exec(materials.member("silero-vad", "silero_vad/tinygrad_model.py"), code.__dict__)
        self.network = code.TinySileroVAD()
        with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
            file.write(materials.member("silero-vad", "silero_vad/data/silero_vad_16k.safetensors"))
            file.flush()
            load_state_dict(self.network, safe_load(file.name), verbose=False)
        # The same calls, compiled once for all frames.
        self.step = TinyJit(lambda x, state: [each.realize() for each in self.network(x, state)])

    def __call__(self, audio):
        """Speech probability of every frame of whole frames of audio, each seen with the samples just before it."""
        state, context = Tensor.zeros(2, 1, 128).contiguous().realize(), numpy.zeros(CONTEXT, numpy.float32)
        found = []
        for frame in audio.reshape(-1, FRAME):
            seen = Tensor(numpy.concatenate([context, frame])[None].astype(numpy.float32)).realize()
            out, state = self.step(seen, state.clone().realize())
            found.append(out.numpy()[0, 0])
            context = frame[-CONTEXT:]
        return numpy.array(found)


def use_in_faster_whisper():
    """Makes faster-whisper's voice activity filter ask this network."""
    network = SileroNetwork()
    faster_whisper.vad.get_vad_model = lambda: network
    return network
