#include "icu.h"
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/ucsdet.h>
#include <unicode/uset.h>

static const char *const icu_encoding_names[ICU_ENCODING_COUNT] = {
    "UTF-16LE", "UTF-16BE", "GB18030", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "windows-1251", "KOI8-R",
    "windows-1252", "GB2312",
};
// What the browsers and Windows mean by a name is a superset of the standard; ICU converts by these.
static const char *const icu_converter_names[ICU_ENCODING_COUNT] = {
    "UTF-16LE", "UTF-16BE", "GB18030", "windows-950", "windows-932", "EUC-JP", "windows-949", "windows-1251", "KOI8-R",
    "windows-1252", "GB2312",
};

static int32_t number_of(const char *name) {
    if (name == NULL) return -1;
    // The detector calls what has no bytes of Windows's own by the standard's name.
    if (strcmp(name, "ISO-8859-1") == 0) return ICU_WINDOWS_1252;
    for (int32_t number = 0; number < ICU_ENCODING_COUNT; number++)
        if (strcmp(name, icu_encoding_names[number]) == 0) return number;
    return -1;
}

int32_t icu_detect(const uint8_t *bytes, int32_t count, int32_t confidences[ICU_ENCODING_COUNT]) {
    memset(confidences, 0, sizeof(int32_t) * ICU_ENCODING_COUNT);
    UErrorCode status = U_ZERO_ERROR;
    UCharsetDetector *detector = ucsdet_open(&status);
    ucsdet_setText(detector, (const char *)bytes, count, &status);
    int32_t found = 0;
    const UCharsetMatch **matches = ucsdet_detectAll(detector, &found, &status);
    for (int32_t i = 0; U_SUCCESS(status) && i < found; i++) {
        int32_t number = number_of(ucsdet_getName(matches[i], &status));
        int32_t confidence = ucsdet_getConfidence(matches[i], &status);
        if (U_SUCCESS(status) && number >= 0 && confidence > confidences[number]) confidences[number] = confidence;
    }
    ucsdet_close(detector);
    return U_SUCCESS(status);
}

int64_t icu_decode(int32_t encoding, const uint8_t *bytes, int64_t count, uint16_t *units, int64_t *bad,
                   int64_t *first_bad) {
    *bad = 0;
    *first_bad = -1;
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(icu_converter_names[encoding], &status);
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    if (U_FAILURE(status)) return -1;
    const char *source = (const char *)bytes, *end = source + count;
    UChar *target = (UChar *)units, *room = target + count;
    for (;;) {
        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &target, room, &source, end, NULL, 1, &status);
        if (U_SUCCESS(status) || status == U_BUFFER_OVERFLOW_ERROR) break;
        if (status != U_INVALID_CHAR_FOUND && status != U_ILLEGAL_CHAR_FOUND && status != U_TRUNCATED_CHAR_FOUND) {
            ucnv_close(converter);
            return -1;
        }
        // The converter stands behind the bytes it refused and keeps them; a start cut off at the end counts too.
        char refused[32];
        int8_t length = sizeof refused;
        UErrorCode asked = U_ZERO_ERROR;
        ucnv_getInvalidChars(converter, refused, &length, &asked);
        if (*bad == 0) *first_bad = source - (const char *)bytes - (U_SUCCESS(asked) ? length : 0);
        *bad += 1;
        if (target < room) *target++ = 0xfffd;
        if (source >= end) break;
    }
    ucnv_close(converter);
    return target - (UChar *)units;
}

int32_t icu_encodable(int32_t encoding, uint32_t first, int32_t count, uint8_t *flags) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(icu_converter_names[encoding], &status);
    USet *set = uset_openEmpty();
    ucnv_getUnicodeSet(converter, set, UCNV_ROUNDTRIP_SET, &status);
    for (int32_t i = 0; U_SUCCESS(status) && i < count; i++) flags[i] = uset_contains(set, (UChar32)first + i);
    uset_close(set);
    ucnv_close(converter);
    return U_SUCCESS(status);
}
