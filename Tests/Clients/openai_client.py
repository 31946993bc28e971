"""Asks a server what OpenAI's own client can ask of it: ADDRESS RECORDING."""
import sys

import openai

address, recording = sys.argv[1:3]
client = openai.OpenAI(base_url=address + "/v1", api_key="none", max_retries=0)
WORDS = "Hello there. How are you?"


def heard(**options):
    with open(recording, "rb") as file:
        return client.audio.transcriptions.create(file=file, model="whisper-1", **options)


assert heard().text == WORDS
assert heard(response_format="text") == WORDS + "\n"
assert heard(response_format="srt").startswith("1\n00:00:00,000 --> ")
assert heard(response_format="vtt").startswith("WEBVTT\n")
verbose = heard(response_format="verbose_json", timestamp_granularities=["word", "segment"], language="en", temperature=0.2)
assert verbose.language == "english" and verbose.duration == 4.25, verbose
assert [word.word for word in verbose.words] == ["Hello", "there.", "How", "are", "you?"], verbose.words
assert [segment.text for segment in verbose.segments] == [" Hello there.", " How are you?"]
assert verbose.segments[0].avg_logprob == -0.25

events = list(heard(stream=True))
assert "".join(event.delta for event in events if event.type == "transcript.text.delta") == WORDS
assert events[-1].type == "transcript.text.done" and events[-1].text == WORDS

with open(recording, "rb") as file:
    assert client.audio.translations.create(file=file, model="whisper-1").text == WORDS

assert "base" in [model.id for model in client.models.list()]
assert client.models.retrieve("whisper-1").object == "model"

try:
    client.audio.transcriptions.create(file=("a.txt", b"no sound at all"), model="whisper-1")
    sys.exit("a text was taken for a recording")
except openai.APIStatusError as error:
    assert error.status_code == 415 and error.code == "not_audio", error
try:
    heard(timestamp_granularities=["word"])
    sys.exit("words without verbose_json")
except openai.BadRequestError as error:
    assert error.param == "timestamp_granularities", error
try:
    client.models.retrieve("huge")
    sys.exit("a model that is not there")
except openai.NotFoundError as error:
    assert error.code == "model_not_found", error
print("all well")
