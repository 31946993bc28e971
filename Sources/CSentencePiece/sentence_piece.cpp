#include <sentencepiece_processor.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

extern "C" {
#include "sentence_piece.h"
}

struct sentence_piece_model {
    sentencepiece::SentencePieceProcessor processor;
};

namespace {
// A copy from malloc, so that C frees what C++ made; never of zero bytes, whose address may be null.
template <class Element>
Element *copied(const Element *from, size_t count) {
    auto *copy = static_cast<Element *>(std::malloc(count * sizeof(Element) + 1));
    if (copy && count) std::memcpy(copy, from, count * sizeof(Element));
    return copy;
}
} // namespace

sentence_piece_model *sentence_piece_load(const void *bytes, size_t count, char *reason, size_t reason_size) {
    sentence_piece_model *model = nullptr;
    try {
        model = new sentence_piece_model;
        auto status = model->processor.LoadFromSerializedProto({static_cast<const char *>(bytes), count});
        if (status.ok()) return model;
        std::snprintf(reason, reason_size, "%s", status.error_message());
    } catch (const std::exception &error) {
        std::snprintf(reason, reason_size, "%s", error.what());
    } catch (...) {
        std::snprintf(reason, reason_size, "an unknown exception");
    }
    delete model;
    return nullptr;
}

void sentence_piece_free(sentence_piece_model *model) { delete model; }

int sentence_piece_count(const sentence_piece_model *model) { return model->processor.GetPieceSize(); }

int sentence_piece_begins_word(const sentence_piece_model *model, int id) {
    try {
        return model->processor.IdToPiece(id).compare(0, 3, "\xe2\x96\x81") == 0;
    } catch (...) {
        return 0;
    }
}

int32_t *sentence_piece_encode(const sentence_piece_model *model, const char *text, size_t count, size_t *id_count) {
    try {
        std::vector<int> ids;
        if (!model->processor.Encode({text, count}, &ids).ok()) return nullptr;
        *id_count = ids.size();
        return copied(ids.data(), ids.size());
    } catch (...) {
        return nullptr;
    }
}

char *sentence_piece_decode(const sentence_piece_model *model, const int32_t *ids, size_t count, size_t *text_count) {
    try {
        std::string text;
        if (!model->processor.Decode(std::vector<int>(ids, ids + count), &text).ok()) return nullptr;
        *text_count = text.size();
        return copied(text.data(), text.size());
    } catch (...) {
        return nullptr;
    }
}
