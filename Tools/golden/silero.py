"""The voice activity network of the silero-vad wheel, the weights the project pins, run by onnxruntime.

faster-whisper carries an older network of the same name (its probabilities differ by up to 0.8 in places), so its own
rules are fed with these probabilities instead."""

import faster_whisper.vad
import numpy
import onnxruntime

import materials

FRAME, CONTEXT = 512, 64


class SileroNetwork:
    def __init__(self):
        onnx = materials.member("silero-vad", "silero_vad/data/silero_vad_16k_op15.onnx")
        self.session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])

    def __call__(self, audio):
        """Speech probability of every frame of whole frames of audio, each seen with the samples just before it."""
        state, context = numpy.zeros((2, 1, 128), numpy.float32), numpy.zeros(CONTEXT, numpy.float32)
        found = []
        for frame in audio.reshape(-1, FRAME):
            input = numpy.concatenate([context, frame])[None].astype(numpy.float32)
            rate = numpy.array(materials.SAMPLE_RATE_HZ, numpy.int64)
            out, state = self.session.run(None, {"input": input, "state": state, "sr": rate})
            found.append(out[0, 0])
            context = frame[-CONTEXT:]
        return numpy.array(found)


def use_in_faster_whisper():
    """Makes faster-whisper's voice activity filter ask this network."""
    network = SileroNetwork()
    faster_whisper.vad.get_vad_model = lambda: network
    return network
