/// The loops Swift should not write. Every kernel exists three times (AVX-512 with VNNI, AVX2, portable C), made from
/// one text (generic.h) and chosen at run time; int8 products are exact and equal in all three.
///
/// Matrices are row-major; `ld…` is the distance of two rows in elements. Sizes are the caller's promise:
/// k a multiple of 16, packed column counts a multiple of 64. Nothing here allocates or fails.
#ifndef VOICELINGUA_KERNELS_H
#define VOICELINGUA_KERNELS_H
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>

enum { kernels_head_size = 64 };   // elements of an attention head, in every Whisper size
enum { kernels_column_step = 64 }; // packed matrices have a multiple of this many columns
enum { kernels_short_keys = 128 }; // most keys of `attend_short`, whose scores lie on the stack
enum { kernels_tile_rows = 6 };    // rows of x that one pass over a packed panel serves

enum kernels_isa { kernels_portable, kernels_avx2, kernels_avx512 };
enum kernels_epilogue { kernels_store, kernels_relu, kernels_gelu, kernels_accumulate };
enum kernels_element { kernels_f32, kernels_f16, kernels_bf16, kernels_s8 };

/// One instruction set's kernels.
struct kernels {
    /// Widens `count` elements of a weight file to f32; s8 ones are multiplied by `scale`. Unaligned sources are fine.
    void (*widen)(const void *source, enum kernels_element element, float scale, float *out, size_t count);

    /// Packs row `row` (one output column, k floats) of a weight matrix for `product_f32`.
    void (*pack_row_f32)(const float *source, int k, int row, float *packed);
    /// Quantises a row to s8 with scale max|row| / 127 and packs it for `product_s8`; offset is 128 · Σ q.
    void (*pack_row_s8)(const float *source, int k, int row, int8_t *packed, float *scales, int32_t *offsets);
    /// Packs a row that is s8 already, with its scale.
    void (*pack_row_quantized)(const int8_t *source, float scale, int k, int row, int8_t *packed, float *scales,
                               int32_t *offsets);

    /// y[rows][n0..<n1] = x[rows][k] · W + bias, then the epilogue (store, ReLU, exact GELU, or add to what y holds).
    /// bias may be null. n0, n1 are multiples of 64; columns from `columns` on are not written.
    void (*product_f32)(const float *x, size_t ldx, int rows, int k, const float *packed, const float *bias, float *y,
                        size_t ldy, int n0, int n1, int columns, enum kernels_epilogue epilogue);
    /// The same of quantised rows and s8 weights, summed exactly in i32. With one plane a row is k bytes u and its
    /// values are (u - 128) · x_scale; with two it is k high bytes, then k low bytes of (256 · high + low - 32768).
    void (*product_s8)(const uint8_t *x, int planes, const float *x_scales, int rows, int k, const int8_t *packed,
                       const float *scales, const int32_t *offsets, const float *bias, float *y, size_t ldy, int n0,
                       int n1, int columns, enum kernels_epilogue epilogue);
    /// Quantises rows symmetrically to their largest magnitude, in one plane (8 bits) or two (16 bits).
    void (*quantize_rows)(const float *x, size_t ldx, int rows, int k, int planes, uint8_t *out, float *scales);

    /// Rows to zero mean, unit variance (plus epsilon), times gamma plus beta.
    void (*layer_norm)(const float *x, size_t ldx, const float *gamma, const float *beta, float *y, size_t ldy,
                       int rows, int columns, float epsilon);
    void (*gelu)(float *x, size_t count);

    /// Packs keys and values [keys][64] of one head into a blob of `kernels_head_bytes_f32(keys)` bytes.
    void (*pack_head_f32)(const float *k, const float *v, size_t ld, int keys, void *blob);
    /// The same in s8: keys per row after their mean is taken off (softmax does not see it), values per column.
    void (*pack_head_s8)(const float *k, const float *v, size_t ld, int keys, void *blob);
    /// out[rows][64] = softmax(q · Kᵀ · scale) · V for one head; never holds more than 6 rows of scores. In s8 the
    /// softmax is 8 bits below the largest of each 128 keys.
    /// weights, where not null, receives the softmax, [rows][ldw]. scratch: `kernels_attention_scratch_bytes(keys)`.
    void (*attend_f32)(const float *q, size_t ldq, int rows, float scale, const void *blob, int keys, float *out,
                       size_t ldo, float *weights, size_t ldw, void *scratch);
    void (*attend_s8)(const float *q, size_t ldq, int rows, float scale, const void *blob, int keys, float *out,
                      size_t ldo, float *weights, size_t ldw, void *scratch);
    /// Rounds to float16.
    void (*narrow)(const float *x, uint16_t *out, int count);
    /// One query of 64 over `keys` cached rows of float32 or, where `is_half`, float16; row t lies `offsets[t]`
    /// elements into k and v. scores: keys floats.
    void (*attend_cached)(const float *q, float scale, const void *k, const void *v, int is_half,
                          const uint32_t *offsets, int keys, float *out, float *scores);

    /// log Σ exp x, and the index of the largest (the first of equals).
    float (*log_sum_exp)(const float *x, int count);
    int (*arg_max)(const float *x, int count);

    /// Indices and values of the k largest, largest first, earlier ones first among equals; index -1 where fewer are
    /// above -infinity.
    void (*top)(const float *x, int count, int k, int *index, float *value);
    /// An index drawn from softmax(x · inverse_temperature): where the running sum passes `threshold`, 0…1.
    int (*sample)(const float *x, int count, float inverse_temperature, float threshold);

    /// One step of an LSTM cell of `size` units: gates[4 · size] (input, forget, candidate, output, before their
    /// nonlinearities) update the cell state and give the hidden state.
    void (*lstm_step)(const float *gates, float *cell, float *hidden, int size);

    /// One step of a simple recurrent unit: c = σ(gate) · c + (1 - σ(gate)) · candidate; out += max(c, 0).
    void (*ssru_step)(const float *gate, const float *candidate, float *cell, float *out, int size);
    /// out[columns][ldo] of x[rows][ldx]; columns is a multiple of 16.
    void (*transpose)(const float *x, size_t ldx, int rows, int columns, float *out, size_t ldo);
    /// out[rows][heads · size] = softmax(q · Kᵀ / √size) · V for each head, size a multiple of 16, over at most
    /// `kernels_short_keys` keys. k is transposed, [heads · size][ldk], and read up to a multiple of 32 keys.
    void (*attend_short)(const float *q, size_t ldq, int rows, const float *k, size_t ldk, const float *v, size_t ldv,
                         int keys, int heads, int size, float *out, size_t ldo);

    /// Power spectra of `frames` Hann-windowed frames of 400 samples, 160 apart: out[frames][ldo], 201 bins each.
    /// Twiddles and window come from `kernels_spectrum_tables`. Computed in f64.
    void (*power_spectra)(const float *samples, int frames, const double *tables, float *out, size_t ldo);

    /// acc[i] += a · x[i].
    void (*add_scaled)(const float *x, float a, float *acc, int count);
    /// Loops that do nothing but multiply-add: what the core can give, for the benchmark. Returns operations done.
    double (*peak_f32)(long iterations);
    double (*peak_s8)(long iterations);
};

/// The kernels of one instruction set, or null where this CPU lacks it.
const struct kernels *kernels_for(enum kernels_isa isa);
/// The widest set this CPU has.
enum kernels_isa kernels_best(void);

/// Tells the core that a loop only waits.
static inline void kernels_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/// Gives the system back what was freed; Swift's Glibc module does not have it.
static inline void kernels_trim_memory(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

size_t kernels_head_bytes_f32(int keys);
size_t kernels_head_bytes_s8(int keys);
size_t kernels_attention_scratch_bytes(int keys);

enum { kernels_spectrum_table_count = 400 + 2 * 400 };
/// Hann window of 400, then cos and sin of 2πi/400.
void kernels_spectrum_tables(double *tables);

#endif
