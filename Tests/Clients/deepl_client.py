"""Asks a server what DeepL's own client can ask of it: ADDRESS RECORDING."""
import sys

import deepl

client = deepl.Translator("none", server_url=sys.argv[1])
one = client.translate_text("Good morning.", target_lang="FR")
assert one.text == "fr: Good morning." and one.detected_source_lang == "EN", one
many = client.translate_text(["One.", "Two."], source_lang="EN", target_lang="DE")
assert [result.text for result in many] == ["de: One.", "de: Two."], many
try:
    client.translate_text("Good morning.", target_lang="FI")
    sys.exit("a language that is not there")
except deepl.DeepLException as error:
    assert "FI" in str(error), error
print("all well")
