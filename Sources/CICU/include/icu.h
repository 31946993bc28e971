// What is asked of ICU, in types of C alone: Foundation has an ICU of its own, whose module declares the same names.
#pragma once
#include <stdint.h>

/// Opens sentence rules for a locale; NULL when it cannot.
void *icu_sentences_open(const char *locale);

/// Writes the abbreviations ICU knows of a locale as UTF-8, each with a line break behind it.
///
/// Returns the bytes written; 0 where ICU has none. What does not fit into `room` is left out.
int32_t icu_abbreviations(const char *locale, char *text, int32_t room);

/// Finds where the sentences of a UTF-8 text end, in bytes, ascending, the end of the text last.
///
/// `rules` are only read, so threads may share them. `ends` has room for `bytes` numbers.
/// Returns how many there are, -1 when memory is out.
int32_t icu_sentence_ends(const void *rules, const char *text, int32_t bytes, int32_t *ends);

/// The script of a scalar, as far as this program tells scripts apart.
enum icu_script {
    ICU_SCRIPT_COMMON, ICU_SCRIPT_LATIN, ICU_SCRIPT_CYRILLIC, ICU_SCRIPT_HAN, ICU_SCRIPT_KANA, ICU_SCRIPT_HANGUL,
    ICU_SCRIPT_OTHER
};
int32_t icu_script_of(uint32_t scalar);

/// Encodings of texts, in the order of `icu_encoding_names`.
enum icu_encoding {
    ICU_UTF_16LE, ICU_UTF_16BE, ICU_GB18030, ICU_BIG5, ICU_SHIFT_JIS, ICU_EUC_JP, ICU_EUC_KR, ICU_WINDOWS_1251,
    ICU_KOI8_R, ICU_WINDOWS_1252, ICU_GB2312, ICU_ENCODING_COUNT
};

/// How sure ICU is of each encoding, 0 to 100; 0 for those it does not consider. Returns 0 when the detector fails.
int32_t icu_detect(const uint8_t *bytes, int32_t count, int32_t confidences[ICU_ENCODING_COUNT]);

/// Decodes bytes into UTF-16, U+FFFD where they mean nothing.
///
/// `units` has room for `count` units. `bad` becomes how many places meant nothing, `first_bad` the first one's offset.
/// Returns the number of units, -1 when the converter cannot be had.
int64_t icu_decode(int32_t encoding, const uint8_t *bytes, int64_t count, uint16_t *units, int64_t *bad,
                   int64_t *first_bad);

/// Sets `flags[i]` to whether an encoding can write the scalar `first + i`. Returns 0 when the converter cannot be had.
int32_t icu_encodable(int32_t encoding, uint32_t first, int32_t count, uint8_t *flags);
