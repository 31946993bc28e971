/// SentencePiece's own library behind C: nothing it throws gets past these functions.
///
/// A model is immutable once loaded; any number of threads may encode and decode with it.
#ifndef VOICELINGUA_SENTENCE_PIECE_H
#define VOICELINGUA_SENTENCE_PIECE_H
#include <stddef.h>
#include <stdint.h>

struct sentence_piece_model;

/// Loads a serialized model; the bytes are not needed afterwards. Null where they are none; `reason`, of
/// `reason_size` bytes, then says why.
struct sentence_piece_model *sentence_piece_load(const void *bytes, size_t count, char *reason, size_t reason_size);
void sentence_piece_free(struct sentence_piece_model *model);
int sentence_piece_count(const struct sentence_piece_model *model);
/// Whether piece `id` (0..<count) begins a word: its text starts with U+2581.
int sentence_piece_begins_word(const struct sentence_piece_model *model, int id);
/// Ids of a text of `count` bytes of UTF-8, from malloc; null where there was no memory.
int32_t *sentence_piece_encode(const struct sentence_piece_model *model, const char *text, size_t count,
                               size_t *id_count);
/// The text of ids, each 0..<count, from malloc; null where there was no memory.
char *sentence_piece_decode(const struct sentence_piece_model *model, const int32_t *ids, size_t count,
                            size_t *text_count);

#endif
