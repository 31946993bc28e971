import Foundation
import TestSupport
import Testing

struct DoctorCommandTests {
    @Test func `with models and ffmpeg the doctor is content`() throws {
        _ = try (TestModels.folder("base"), TestModels.folder("silero-vad"), TestModels.folder("en-pt"))
        let run = try ProgramRun.voicelingua("doctor")
        #expect(run.status == 0, "\(run.output)")
        #expect(!run.output.contains("missing"))
        for subject in [
            "processor", "memory", "ffmpeg", "ffprobe", "pip", "libarchive", "models folder", "speech models: ", "base",
            "translation models: ", "en-pt",
        ] {
            #expect(run.output.contains(subject), "\(subject)")
        }
    }

    @Test func `what is missing comes with the command that gets it and exit code 1`() throws {
        let home = try TemporaryFolder()
        let run = try ProgramRun.voicelingua(
            "doctor", environment: ["VOICELINGUA_MODELS": home.path("none"), "PATH": home.path])
        #expect(run.status == 1)
        for remedy in [
            "`apt-get install ffmpeg`", "`apt-get install python3-pip`", "`voicelingua models pull base`",
            "`voicelingua models pull silero-vad`", "`voicelingua models pull --languages all`",
        ] { #expect(run.output.contains(remedy), "\(remedy)") }
    }

    @Test func `a models folder that cannot be written is reported`() throws {
        let run = try ProgramRun.voicelingua("doctor", environment: ["VOICELINGUA_MODELS": "/proc/none"])
        #expect(run.status == 1)
        #expect(run.output.contains("missing  models folder: /proc/none cannot be written"), "\(run.output)")
    }
}
