// The language detector CLD2, in types of C alone.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What the detector says of a text's main language.
struct detected_language {
    /// ISO 639, "zh" and "zh-Hant" for Chinese; empty when it has no opinion. Lives as long as the program.
    const char *code;
    /// Share of the text in that language, 0 to 100.
    int32_t percent;
    /// Letters it looked at, in bytes.
    int32_t letters_bytes;
    /// Whether its lead over the next language is large enough for the length of the text.
    int32_t is_reliable;
};

/// Looks at UTF-8 text without control characters. Threads may call it at the same time.
struct detected_language detect_language(const char *text, int32_t bytes);

#ifdef __cplusplus
}
#endif
