#include "detector.h"
#include <cstdio> // which the next one needs and does not include
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

extern "C" struct detected_language detect_language(const char *text, int32_t bytes) {
    struct detected_language result = {"", 0, 0, 0};
    try {
        const CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
        CLD2::Language languages[3];
        int percents[3];
        double scores[3];
        int letters_bytes = 0, valid_bytes = 0;
        bool is_reliable = false;
        CLD2::ExtDetectLanguageSummaryCheckUTF8(text, bytes, true, &hints, CLD2::kCLDFlagBestEffort, languages,
                                                percents, scores, nullptr, &letters_bytes, &is_reliable, &valid_bytes);
        if (valid_bytes < bytes || languages[0] == CLD2::UNKNOWN_LANGUAGE) return result;
        result.code = CLD2::LanguageCode(languages[0]);
        result.percent = percents[0];
        result.letters_bytes = letters_bytes;
        result.is_reliable = is_reliable;
    } catch (...) {
        // Out of memory: no opinion.
    }
    return result;
}
