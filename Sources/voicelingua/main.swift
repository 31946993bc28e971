print("voicelingua")
