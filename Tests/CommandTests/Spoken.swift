import TestSupport

/// What the clip of Beckett ends with, as `spoken` gives it.
let beckett = "no matter try again fail again fail better"

/// The output of a program as words in lower case: punctuation is a model's to choose.
func spoken(_ run: ProgramRun) -> String {
    run.output.lowercased().split { !$0.isLetter }.joined(separator: " ")
}
