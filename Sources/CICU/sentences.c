#include "icu.h"
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/udata.h>
#include <unicode/ures.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>

void *icu_sentences_open(const char *locale) {
    UErrorCode status = U_ZERO_ERROR;
    UBreakIterator *rules = ubrk_open(UBRK_SENTENCE, locale, NULL, 0, &status);
    return U_SUCCESS(status) ? rules : NULL;
}

int32_t icu_abbreviations(const char *locale, char *text, int32_t room) {
    UErrorCode status = U_ZERO_ERROR;
    UResourceBundle *bundle = ures_open(U_ICUDATA_NAME "-brkitr", locale, &status);
    UResourceBundle *exceptions = ures_getByKey(bundle, "exceptions", NULL, &status);
    UResourceBundle *list = ures_getByKey(exceptions, "SentenceBreak", NULL, &status);
    int32_t written = 0;
    for (int32_t i = 0; U_SUCCESS(status) && i < ures_getSize(list); i++) {
        int32_t length = room - written;
        ures_getUTF8StringByIndex(list, i, text + written, &length, 1, &status);
        if (U_FAILURE(status) || written + length >= room) break;
        written += length;
        text[written++] = '\n';
    }
    ures_close(list);
    ures_close(exceptions);
    ures_close(bundle);
    return written;
}

int32_t icu_sentence_ends(const void *rules, const char *text, int32_t bytes, int32_t *ends) {
    UErrorCode status = U_ZERO_ERROR;
    UText opened = UTEXT_INITIALIZER;
    utext_openUTF8(&opened, text, bytes, &status);
    UBreakIterator *breaks = ubrk_clone(rules, &status);
    int32_t count = 0;
    if (U_SUCCESS(status)) ubrk_setUText(breaks, &opened, &status);
    if (U_SUCCESS(status)) {
        ubrk_first(breaks);
        for (int32_t end = ubrk_next(breaks); end != UBRK_DONE && count < bytes; end = ubrk_next(breaks))
            ends[count++] = end;
    }
    ubrk_close(breaks);
    utext_close(&opened);
    return U_SUCCESS(status) ? count : -1;
}

int32_t icu_script_of(uint32_t scalar) {
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript((UChar32)scalar, &status)) {
    case USCRIPT_COMMON: case USCRIPT_INHERITED: return ICU_SCRIPT_COMMON;
    case USCRIPT_LATIN: return ICU_SCRIPT_LATIN;
    case USCRIPT_CYRILLIC: return ICU_SCRIPT_CYRILLIC;
    case USCRIPT_HAN: return ICU_SCRIPT_HAN;
    case USCRIPT_HIRAGANA: case USCRIPT_KATAKANA: return ICU_SCRIPT_KANA;
    case USCRIPT_HANGUL: return ICU_SCRIPT_HANGUL;
    default: return ICU_SCRIPT_OTHER;
    }
}
