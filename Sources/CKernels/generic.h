// Every kernel, written once over vectors of VL floats. The including file defines VL, PV (vectors a panel), the target
// and DOT4, VMAX; see avx512.c. Sums of products contract to fused multiply-add where the target has it.
#include <math.h>
#include <string.h>

#include "kernels.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define PANEL (PV * VL)
#define ROWS kernels_tile_rows
#define HEAD kernels_head_size

typedef float vf __attribute__((vector_size(4 * VL)));
typedef int32_t vi __attribute__((vector_size(4 * VL)));
typedef uint8_t vb __attribute__((vector_size(VL)));
typedef double vd __attribute__((vector_size(4 * VL))); // VL / 2 doubles
typedef vf vf_u __attribute__((aligned(4), may_alias));
typedef vi vi_u __attribute__((aligned(1), may_alias));
typedef vb vb_u __attribute__((aligned(1), may_alias));
typedef _Float16 vh __attribute__((vector_size(2 * VL)));
typedef vh vh_u __attribute__((aligned(2), may_alias));

INLINE vf load(const float *p) { return *(const vf_u *)p; }
INLINE void store(float *p, vf v) { *(vf_u *)p = v; }
INLINE vi load_i(const void *p) { return *(const vi_u *)p; }
INLINE void store_i(void *p, vi v) { *(vi_u *)p = v; }
INLINE void store_b(void *p, vi v) { *(vb_u *)p = __builtin_convertvector(v, vb); }
INLINE vf splat(float x) { return x - (vf){0}; }
INLINE vi splat_i(int32_t x) { return x - (vi){0}; }
INLINE float sum_of(vf v) {
    float s = 0;
    UNROLL for (int i = 0; i < VL; i++) s += v[i];
    return s;
}
INLINE float max_of(vf v) {
    // As integers of the same order, whose largest the compiler finds by halving.
    vi bits = (vi)v, ordered = bits ^ ((bits >> 31) & 0x7fffffff);
    int32_t most = __builtin_reduce_max(ordered);
    most ^= (most >> 31) & 0x7fffffff;
    float m;
    memcpy(&m, &most, 4);
    return m;
}
INLINE vf absolute(vf v) { return (vf)((vi)v & 0x7fffffff); }
INLINE int padded(int n) { return (n + 63) / 64 * 64; }

// Adding 1.5 · 2^23 rounds to nearest even and leaves the integer in the low bits; good for |x| < 2^22.
#define ROUNDING 12582912.f
INLINE vi round_i(vf x) { return (vi)(x + ROUNDING) - (vi)splat(ROUNDING); }

// 2^x for x ≤ 0, to 2e-7 relative below the clamp at 2^-126: n + r split, a polynomial for 2^r on ±0.5.
INLINE vf exp2_v(vf x) {
    x = VMAX(x, splat(-126.f));
    vf shifted = x + ROUNDING;
    vf r = x - (shifted - ROUNDING);
    vf p = splat(1.5403530e-4f);
    p = p * r + 1.33335581e-3f;
    p = p * r + 9.61812910e-3f;
    p = p * r + 5.55041087e-2f;
    p = p * r + 2.40226507e-1f;
    p = p * r + 6.93147181e-1f;
    p = p * r + 1.f;
    return (vf)((vi)p + (((vi)shifted - (vi)splat(ROUNDING)) << 23));
}
// The same to 1e-4, which eight bits do not see.
INLINE vf exp2_coarse_v(vf x) {
    x = VMAX(x, splat(-126.f));
    vf shifted = x + ROUNDING;
    vf r = x - (shifted - ROUNDING);
    vf p = splat(5.5171669e-2f);
    p = p * r + 2.4261080e-1f;
    p = p * r + 6.9326023e-1f;
    p = p * r + 9.9992832e-1f;
    return (vf)((vi)p + (((vi)shifted - (vi)splat(ROUNDING)) << 23));
}
INLINE vf exp_v(vf x) { return exp2_v(x * 1.44269504f); }
// x · Φ(x) with erf by Abramowitz & Stegun 7.1.26 (absolute error 1.5e-7).
INLINE vf gelu_v(vf x) {
    vf z = absolute(x) * 0.70710678f;
    vf t = 1.f / (z * 0.3275911f + 1.f);
    vf p = splat(1.061405429f);
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    vf erf = 1.f - p * t * exp_v(-(z * z));
    vf half = x * 0.5f;
    return absolute(half) * erf + half;
}

// ---- weights

static void widen(const void *source, enum kernels_element element, float scale, float *out, size_t count) {
    switch (element) {
    case kernels_f32: memcpy(out, source, count * 4); return;
    case kernels_f16:
        for (size_t i = 0; i < count; i++) {
            _Float16 h;
            memcpy(&h, (const char *)source + 2 * i, 2);
            out[i] = (float)h;
        }
        return;
    case kernels_bf16:
        for (size_t i = 0; i < count; i++) {
            uint16_t h;
            memcpy(&h, (const char *)source + 2 * i, 2);
            uint32_t bits = (uint32_t)h << 16;
            memcpy(out + i, &bits, 4);
        }
        return;
    case kernels_s8:
        for (size_t i = 0; i < count; i++) out[i] = (float)((const int8_t *)source)[i] * scale;
        return;
    }
}
// A packed matrix is a sequence of panels of PANEL columns; inside one, groups of four bytes of k lie column by column.
INLINE void scatter(const void *row_bytes, int groups, int row, void *packed) {
    uint32_t *out = (uint32_t *)packed + (size_t)(row / PANEL) * groups * PANEL + row % PANEL;
    const char *in = row_bytes;
    for (int g = 0; g < groups; g++) memcpy(out + (size_t)g * PANEL, in + 4 * g, 4);
}
static void pack_row_f32(const float *source, int k, int row, float *packed) { scatter(source, k, row, packed); }

static void pack_row_quantized(const int8_t *source, float scale, int k, int row, int8_t *packed, float *scales,
                               int32_t *offsets) {
    int32_t sum = 0;
    for (int i = 0; i < k; i++) sum += source[i];
    scales[row] = scale;
    offsets[row] = 128 * sum;
    scatter(source, k / 4, row, packed);
}
INLINE float row_max(const float *x, int k) {
    vf m = {0};
    for (int i = 0; i < k; i += VL) m = VMAX(m, absolute(load(x + i)));
    return max_of(m);
}
static void pack_row_s8(const float *source, int k, int row, int8_t *packed, float *scales, int32_t *offsets) {
    float m = row_max(source, k), inverse = m > 0 ? 127.f / m : 0;
    int8_t q[k];
    for (int i = 0; i < k; i += VL) store_b(q + i, round_i(load(source + i) * inverse));
    pack_row_quantized(q, m / 127.f, k, row, packed, scales, offsets);
}
static void quantize_rows(const float *x, size_t ldx, int rows, int k, int planes, uint8_t *out, float *scales) {
    float most = planes == 2 ? 32767.f : 127.f;
    for (int r = 0; r < rows; r++, x += ldx, out += planes * k) {
        float m = row_max(x, k), inverse = m > 0 ? most / m : 0;
        scales[r] = m / most;
        for (int i = 0; i < k; i += VL) {
            vi q = round_i(load(x + i) * inverse);
            if (planes == 1) {
                store_b(out + i, q + 128);
            } else {
                store_b(out + i, (q + 32768) >> 8);
                store_b(out + k + i, q & 255);
            }
        }
    }
}

// ---- products: R rows against one panel; few rows split k into S sums so that the multipliers never wait

INLINE void tile_f32(const int R, const int S, const float *x, size_t ldx, const float *w, int k, vf (*acc)[PV]) {
    vf sums[ROWS][PV];
    UNROLL for (int r = 0; r < R * S; r++) UNROLL for (int j = 0; j < PV; j++) sums[r][j] = (vf){0};
    for (int p = 0; p < k; p += S) UNROLL for (int s = 0; s < S; s++) {
            vf b[PV];
            UNROLL for (int j = 0; j < PV; j++) b[j] = load(w + (size_t)(p + s) * PANEL + j * VL);
            UNROLL for (int r = 0; r < R; r++) {
                vf a = splat(x[r * ldx + p + s]);
                UNROLL for (int j = 0; j < PV; j++) sums[r * S + s][j] += a * b[j];
            }
        }
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int j = 0; j < PV; j++) {
            acc[r][j] = sums[r * S][j];
            UNROLL for (int s = 1; s < S; s++) acc[r][j] += sums[r * S + s][j];
        }
}
INLINE void tile_s8(const int R, const int S, const uint8_t *x, size_t ldx, const int8_t *w, int k, vi (*acc)[PV]) {
    vi sums[ROWS][PV];
    UNROLL for (int r = 0; r < R * S; r++) UNROLL for (int j = 0; j < PV; j++) sums[r][j] = (vi){0};
    for (int p = 0; p < k / 4; p += S) UNROLL for (int s = 0; s < S; s++) {
            vi b[PV];
            UNROLL for (int j = 0; j < PV; j++) b[j] = load_i(w + ((size_t)(p + s) * PANEL + j * VL) * 4);
            UNROLL for (int r = 0; r < R; r++) {
                int32_t four;
                memcpy(&four, x + r * ldx + (p + s) * 4, 4);
                vi a = splat_i(four);
                UNROLL for (int j = 0; j < PV; j++) sums[r * S + s][j] = DOT4(sums[r * S + s][j], a, b[j]);
            }
        }
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int j = 0; j < PV; j++) {
            acc[r][j] = sums[r * S][j];
            UNROLL for (int s = 1; s < S; s++) acc[r][j] += sums[r * S + s][j];
        }
}
// Calls CASE(rows, split) with both known to the compiler.
#define FOR_ROWS(rows, CASE)      \
    switch (rows) {               \
    case 6: CASE(6, 1); break;    \
    case 5: CASE(5, 1); break;    \
    case 4: CASE(4, 1); break;    \
    case 3: CASE(3, 2); break;    \
    case 2: CASE(2, 2); break;    \
    default: CASE(1, 4); break;   \
    }

INLINE void finish(vf v, const float *bias, float *y, int column, int columns, enum kernels_epilogue epilogue) {
    if (bias) v += load(bias + column);
    if (epilogue == kernels_gelu) v = gelu_v(v);
    if (epilogue == kernels_relu) v = VMAX(v, (vf){0});
    if (column + VL <= columns) {
        store(y + column, epilogue == kernels_accumulate ? v + load(y + column) : v);
        return;
    }
    for (int i = 0; column + i < columns; i++) y[column + i] = epilogue == kernels_accumulate ? y[column + i] + v[i] : v[i];
}
static void product_f32(const float *x, size_t ldx, int rows, int k, const float *packed, const float *bias, float *y,
                        size_t ldy, int n0, int n1, int columns, enum kernels_epilogue epilogue) {
    for (int n = n0; n < n1; n += PANEL) {
        const float *w = packed + (size_t)n * k;
        for (int i = 0; i < rows; i += ROWS) {
            int count = rows - i < ROWS ? rows - i : ROWS;
            vf acc[ROWS][PV];
#define CASE(R, S) tile_f32(R, S, x + i * ldx, ldx, w, k, acc)
            FOR_ROWS(count, CASE)
#undef CASE
            for (int r = 0; r < count; r++) UNROLL for (int j = 0; j < PV; j++)
                finish(acc[r][j], bias, y + (i + r) * ldy, n + j * VL, columns, epilogue);
        }
    }
}
static void product_s8(const uint8_t *x, int planes, const float *x_scales, int rows, int k, const int8_t *packed,
                       const float *scales, const int32_t *offsets, const float *bias, float *y, size_t ldy, int n0,
                       int n1, int columns, enum kernels_epilogue epilogue) {
    int step = ROWS / planes;
    for (int n = n0; n < n1; n += PANEL) {
        const int8_t *w = packed + (size_t)n * k;
        for (int i = 0; i < rows; i += step) {
            int count = rows - i < step ? rows - i : step;
            vi acc[ROWS][PV];
#define CASE(R, S) tile_s8(R, S, x + (size_t)i * planes * k, k, w, k, acc)
            FOR_ROWS(count * planes, CASE)
#undef CASE
            for (int r = 0; r < count; r++) UNROLL for (int j = 0; j < PV; j++) {
                    int c = n + j * VL;
                    // The offset takes off the high plane's 128; the low plane counts 256ths of it.
                    vf v = __builtin_convertvector(acc[r * planes][j] - load_i(offsets + c), vf);
                    if (planes == 2) v = v * 256.f + __builtin_convertvector(acc[r * 2 + 1][j], vf);
                    finish(v * (load(scales + c) * x_scales[i + r]), bias, y + (i + r) * ldy, c, columns, epilogue);
                }
        }
    }
}

// ---- elementwise

static void layer_norm(const float *x, size_t ldx, const float *gamma, const float *beta, float *y, size_t ldy,
                       int rows, int columns, float epsilon) {
    for (int r = 0; r < rows; r++, x += ldx, y += ldy) {
        vf s = {0}, q = {0};
        for (int i = 0; i < columns; i += VL) s += load(x + i);
        float mean = sum_of(s) / columns;
        for (int i = 0; i < columns; i += VL) {
            vf d = load(x + i) - mean;
            q += d * d;
        }
        float inverse = 1.f / sqrtf(sum_of(q) / columns + epsilon);
        for (int i = 0; i < columns; i += VL)
            store(y + i, (load(x + i) - mean) * inverse * load(gamma + i) + load(beta + i));
    }
}
static void gelu(float *x, size_t count) {
    size_t i = 0;
    for (; i + VL <= count; i += VL) store(x + i, gelu_v(load(x + i)));
    for (; i < count; i++) x[i] = gelu_v(splat(x[i]))[0];
}
INLINE vf sigmoid_v(vf x) {
    return 1.f / (1.f + exp_v(VMAX(-x, splat(-60.f)) - VMAX(-x - 60.f, (vf){0})));
}
static void lstm_step(const float *gates, float *cell, float *hidden, int size) {
    for (int i = 0; i < size; i += VL) {
        vf input = sigmoid_v(load(gates + i)), forget = sigmoid_v(load(gates + size + i));
        vf candidate = 2.f * sigmoid_v(2.f * load(gates + 2 * size + i)) - 1.f;
        vf c = forget * load(cell + i) + input * candidate;
        store(cell + i, c);
        store(hidden + i, sigmoid_v(load(gates + 3 * size + i)) * (2.f * sigmoid_v(2.f * c) - 1.f));
    }
}
static void ssru_step(const float *gate, const float *candidate, float *cell, float *out, int size) {
    for (int i = 0; i < size; i += VL) {
        vf forget = sigmoid_v(load(gate + i)), c = load(candidate + i);
        c = forget * (load(cell + i) - c) + c;
        store(cell + i, c);
        store(out + i, load(out + i) + VMAX(c, (vf){0}));
    }
}
static void add_scaled(const float *x, float a, float *acc, int count) {
    int i = 0;
    for (; i + VL <= count; i += VL) store(acc + i, load(x + i) * a + load(acc + i));
    for (; i < count; i++) acc[i] += a * x[i];
}
static float log_sum_exp(const float *x, int count) {
    float m = -INFINITY;
    int i = 0;
    vf mv = splat(-INFINITY);
    for (; i + VL <= count; i += VL) mv = VMAX(mv, load(x + i));
    m = max_of(mv);
    for (int j = i; j < count; j++) m = x[j] > m ? x[j] : m;
    if (m == -INFINITY) return m;
    vf s = {0};
    for (i = 0; i + VL <= count; i += VL) s += exp_v(load(x + i) - m);
    float sum = sum_of(s);
    for (; i < count; i++) sum += exp_v(splat(x[i] - m))[0];
    return m + logf(sum);
}
static int arg_max(const float *x, int count) {
    float m = -INFINITY;
    int best = 0, i = 0;
    for (; i + 4 * VL <= count; i += 4 * VL) {
        vf v = VMAX(VMAX(load(x + i), load(x + i + VL)), VMAX(load(x + i + 2 * VL), load(x + i + 3 * VL)));
        if (max_of(v) <= m) continue;
        for (int j = i; j < i + 4 * VL; j++)
            if (x[j] > m) m = x[j], best = j;
    }
    for (; i < count; i++)
        if (x[i] > m) m = x[i], best = i;
    return best;
}

static void top(const float *x, int count, int k, int *index, float *value) {
    for (int i = 0; i < k; i++) index[i] = -1, value[i] = -INFINITY;
    for (int i = 0; i < count;) {
        if (i + 4 * VL <= count) { // most blocks hold nothing that large
            vf v = VMAX(VMAX(load(x + i), load(x + i + VL)), VMAX(load(x + i + 2 * VL), load(x + i + 3 * VL)));
            if (!(max_of(v) > value[k - 1])) {
                i += 4 * VL;
                continue;
            }
        }
        int end = i + 4 * VL < count ? i + 4 * VL : count;
        for (; i < end; i++) {
            if (!(x[i] > value[k - 1])) continue;
            int at = k - 1;
            for (; at > 0 && x[i] > value[at - 1]; at--) value[at] = value[at - 1], index[at] = index[at - 1];
            value[at] = x[i], index[at] = i;
        }
    }
}
static int sample(const float *x, int count, float inverse_temperature, float threshold) {
    int best = arg_max(x, count), i = 0, last = best;
    float most = x[best], total = 0, seen = 0;
    for (; i + VL <= count; i += VL) total += sum_of(exp_v((load(x + i) - most) * inverse_temperature));
    for (; i < count; i++) total += exp_v(splat((x[i] - most) * inverse_temperature))[0];
    for (i = 0; i < count; i++) {
        if (x[i] == -INFINITY) continue;
        seen += exp_v(splat((x[i] - most) * inverse_temperature))[0];
        last = i;
        if (seen >= threshold * total) break;
    }
    return last;
}

// ---- attention

// Blob of a packed head: keys, values, then for s8 key scales, key offsets, value scales.
struct head_s8 {
    int8_t *k, *v;
    float *k_scales;
    int32_t *k_offsets;
    float *v_scales;
};
INLINE struct head_s8 head_s8_of(const void *blob, int tp) {
    int8_t *base = (int8_t *)blob;
    float *scales = (float *)(base + 2 * (size_t)tp * HEAD);
    return (struct head_s8){base, base + (size_t)tp * HEAD, scales, (int32_t *)(scales + tp), scales + 2 * tp};
}
static void pack_head_f32(const float *k, const float *v, size_t ld, int keys, void *blob) {
    int tp = padded(keys);
    float *pk = blob, *pv = pk + (size_t)tp * HEAD, zero[HEAD] = {0};
    for (int t = 0; t < tp; t++) pack_row_f32(t < keys ? k + t * ld : zero, HEAD, t, pk);
    // Values: 64 columns, k = keys, so panel c holds columns c·PANEL… of every key in turn.
    for (int c = 0; c < HEAD; c += PANEL)
        for (int t = 0; t < tp; t++) UNROLL for (int j = 0; j < PV; j++)
            store(pv + (size_t)c * tp + (size_t)t * PANEL + j * VL, t < keys ? load(v + t * ld + c + j * VL) : (vf){0});
}
// Byte p of a row of probabilities is of this key: a lane of four vectors side by side makes four bytes.
INLINE int key_at(int p) { return p / (4 * VL) * (4 * VL) + p % 4 * VL + p % (4 * VL) / 4; }
static void pack_head_s8(const float *k, const float *v, size_t ld, int keys, void *blob) {
    int tp = padded(keys);
    struct head_s8 h = head_s8_of(blob, tp);
    vf mean[HEAD / VL], most[HEAD / VL];
    UNROLL for (int j = 0; j < HEAD / VL; j++) mean[j] = most[j] = (vf){0};
    for (int t = 0; t < keys; t++) UNROLL for (int j = 0; j < HEAD / VL; j++) {
            mean[j] += load(k + t * ld + j * VL);
            most[j] = VMAX(most[j], absolute(load(v + t * ld + j * VL)));
        }
    UNROLL for (int j = 0; j < HEAD / VL; j++) mean[j] /= (float)keys;
    float row[HEAD] = {0};
    for (int t = 0; t < tp; t++) {
        UNROLL for (int j = 0; j < HEAD / VL; j++)
            store(row + j * VL, t < keys ? load(k + t * ld + j * VL) - mean[j] : (vf){0});
        pack_row_s8(row, HEAD, t, h.k, h.k_scales, h.k_offsets);
    }
    for (int j = 0; j < HEAD / VL; j++) {
        vf inverse;
        for (int i = 0; i < VL; i++) inverse[i] = most[j][i] > 0 ? 127.f / most[j][i] : 0;
        store(h.v_scales + j * VL, most[j] * (1.f / 127.f));
        int c = j * VL;
        int8_t *out = h.v + (size_t)(c / PANEL) * PANEL * tp + (size_t)(c % PANEL) * 4;
        for (int t = 0; t < tp; t += 4) {
            vi four = {0};
            for (int i = 0; i < 4; i++) {
                int from = key_at(t + i);
                if (from < keys) four |= (round_i(load(v + from * ld + c) * inverse) & 255) << (8 * i);
            }
            store_i(out + (size_t)t * PANEL, four);
        }
    }
}
// Scores of one row (already times log2 e) to 2^(s - max) in place; returns 1 / Σ.
INLINE float soften(float *s, int keys, int tp) {
    for (int t = keys; t < tp; t++) s[t] = -INFINITY;
    vf m0 = splat(-INFINITY), m1 = m0;
    for (int t = 0; t < tp; t += 2 * VL) m0 = VMAX(m0, load(s + t)), m1 = VMAX(m1, load(s + t + VL));
    float m = max_of(VMAX(m0, m1));
    vf s0 = {0}, s1 = {0};
    for (int t = 0; t < tp; t += 2 * VL) {
        vf e0 = exp2_v(load(s + t) - m), e1 = exp2_v(load(s + t + VL) - m);
        store(s + t, e0), store(s + t + VL, e1);
        s0 += e0, s1 += e1;
    }
    for (int t = keys; t < tp; t++) s[t] = 0;
    return 1.f / sum_of(s0 + s1);
}
INLINE void keep_weights(const float *s, float inverse, float *weights, int keys) {
    for (int t = 0; t < keys; t++) weights[t] = s[t] * inverse;
}
#define LOG2E 1.44269504f
static void attend_f32(const float *q, size_t ldq, int rows, float scale, const void *blob, int keys, float *out,
                       size_t ldo, float *weights, size_t ldw, void *scratch) {
    int tp = padded(keys);
    const float *pk = blob, *pv = pk + (size_t)tp * HEAD;
    float *s = scratch;
    for (int i = 0; i < rows; i += ROWS, q += ROWS * ldq, out += ROWS * ldo) {
        int count = rows - i < ROWS ? rows - i : ROWS;
        float scaled[ROWS * HEAD], inverse[ROWS];
        for (int r = 0; r < count; r++) UNROLL for (int j = 0; j < HEAD; j += VL)
            store(scaled + r * HEAD + j, load(q + r * ldq + j) * (scale * LOG2E));
        product_f32(scaled, HEAD, count, HEAD, pk, 0, s, tp, 0, tp, tp, kernels_store);
        for (int r = 0; r < count; r++) {
            inverse[r] = soften(s + (size_t)r * tp, keys, tp);
            if (weights) keep_weights(s + (size_t)r * tp, inverse[r], weights + (i + r) * ldw, keys);
        }
        product_f32(s, tp, count, tp, pv, 0, out, ldo, 0, HEAD, HEAD, kernels_store);
        for (int r = 0; r < count; r++) UNROLL for (int j = 0; j < HEAD; j += VL)
            store(out + r * ldo + j, load(out + r * ldo + j) * inverse[r]);
    }
}
// Scores (already times log2 e) of some keys to bytes of 2^(s - most) · 255; `most` is their own largest, `sum` that of
// the bytes: so a block of keys that weighs little as a whole keeps its parts in proportion.
INLINE void soften_block(const float *s, int keys, uint8_t *p, float *most, float *sum) {
    vf m = load(s);
    for (int t = VL; t < keys; t += VL) m = VMAX(m, load(s + t));
    float top = max_of(m);
    vi total = {0};
    for (int t = 0; t < keys; t += 4 * VL) {
        vi four = {0};
        UNROLL for (int i = 0; i < 4; i++) {
            // The low byte of x + 1.5 · 2^23 is x, rounded.
            vi bits = (vi)(exp2_coarse_v(load(s + t + i * VL) - top) * 255.f + ROUNDING);
            four |= (i < 3 ? bits & 255 : bits) << (8 * i);
        }
        store_i(p + t, four);
        total = DOT4(total, four, splat_i(0x01010101));
    }
    *most = top;
    *sum = (float)__builtin_reduce_add(total);
}
INLINE void exact_weights(const float *s, float *weights, int keys) {
    float most = s[0];
    double total = 0;
    for (int t = 1; t < keys; t++) most = s[t] > most ? s[t] : most;
    for (int t = 0; t < keys; t++) total += weights[t] = exp2_v(splat(s[t] - most))[0];
    for (int t = 0; t < keys; t++) weights[t] /= (float)total;
}
static void attend_s8(const float *q, size_t ldq, int rows, float scale, const void *blob, int keys, float *out,
                      size_t ldo, float *weights, size_t ldw, void *scratch) {
    enum { BLOCK = 128 }; // keys whose scores are in the core's nearest cache together
    int tp = padded(keys), blocks = (tp + BLOCK - 1) / BLOCK, lds = tp < BLOCK ? tp : BLOCK;
    struct head_s8 h = head_s8_of(blob, tp);
    float *s = scratch, *factors = s + ROWS * (size_t)tp; // [row][block]
    float *sums = factors + ROWS * (size_t)blocks;
    uint8_t *p = (uint8_t *)(sums + ROWS * (size_t)blocks), qq[ROWS * HEAD];
    float q_scales[ROWS];
    for (int i = 0; i < rows; i += ROWS, q += ROWS * ldq, out += ROWS * ldo) {
        int count = rows - i < ROWS ? rows - i : ROWS;
        quantize_rows(q, ldq, count, HEAD, 1, qq, q_scales);
        for (int r = 0; r < count; r++) q_scales[r] *= scale * LOG2E;
        for (int b = 0; b < blocks; b++) {
            int t = b * BLOCK, some = tp - t < BLOCK ? tp - t : BLOCK;
            product_s8(qq, 1, q_scales, count, HEAD, h.k + (size_t)t * HEAD, h.k_scales + t, h.k_offsets + t, 0, s, lds, 0,
                       some, some, kernels_store);
            for (int r = 0; r < count; r++) {
                for (int j = keys - t; j < some; j++) s[r * lds + j] = -INFINITY;
                soften_block(s + r * lds, some, p + (size_t)r * tp + t, factors + r * blocks + b, sums + r * blocks + b);
            }
        }
        for (int r = 0; r < count; r++) {
            float *f = factors + r * blocks, most = -INFINITY, total = 0;
            for (int b = 0; b < blocks; b++) most = f[b] > most ? f[b] : most;
            for (int b = 0; b < blocks; b++) total += sums[r * blocks + b] * (f[b] = exp2_v(splat(f[b] - most))[0]);
            for (int b = 0; b < blocks; b++) f[b] /= total;
        }
        if (weights) { // exact ones, of all scores again
            product_s8(qq, 1, q_scales, count, HEAD, h.k, h.k_scales, h.k_offsets, 0, s, tp, 0, tp, tp, kernels_store);
            for (int r = 0; r < count; r++) exact_weights(s + (size_t)r * tp, weights + (i + r) * ldw, keys);
        }
        for (int c = 0; c < HEAD; c += PANEL) {
            vf mixed[ROWS][PV];
            for (int b = 0; b < blocks; b++) {
                int t = b * BLOCK;
                vi acc[ROWS][PV];
#define CASE(R, S) tile_s8(R, S, p + t, tp, h.v + (size_t)c * tp + (size_t)t * PANEL, tp - t < BLOCK ? tp - t : BLOCK, acc)
                FOR_ROWS(count, CASE)
#undef CASE
                for (int r = 0; r < count; r++) UNROLL for (int j = 0; j < PV; j++) {
                        vf v = __builtin_convertvector(acc[r][j], vf) * factors[r * blocks + b];
                        mixed[r][j] = b ? mixed[r][j] + v : v;
                    }
            }
            for (int r = 0; r < count; r++) UNROLL for (int j = 0; j < PV; j++)
                store(out + r * ldo + c + j * VL, mixed[r][j] * load(h.v_scales + c + j * VL));
        }
    }
}
static void narrow(const float *x, uint16_t *out, int count) {
    int i = 0;
    for (; i + VL <= count; i += VL) *(vh_u *)(out + i) = __builtin_convertvector(load(x + i), vh);
    for (; i < count; i++) {
        _Float16 h = (_Float16)x[i];
        memcpy(out + i, &h, 2);
    }
}
INLINE vf load_cached(const void *rows, int is_half, size_t i) {
    return is_half ? __builtin_convertvector(*(const vh_u *)((const uint16_t *)rows + i), vf) : load((const float *)rows + i);
}
INLINE void attend_rows(const float *q, float scale, const void *k, const void *v, const int is_half,
                        const uint32_t *offsets, int keys, float *out, float *scores) {
    vf query[HEAD / VL], acc[HEAD / VL];
    UNROLL for (int j = 0; j < HEAD / VL; j++) query[j] = load(q + j * VL) * (scale * LOG2E), acc[j] = (vf){0};
    float most = -INFINITY, total = 0;
    for (int t = 0; t < keys; t++) {
        vf d = {0};
        UNROLL for (int j = 0; j < HEAD / VL; j++) d += query[j] * load_cached(k, is_half, (size_t)offsets[t] + j * VL);
        scores[t] = sum_of(d);
        most = scores[t] > most ? scores[t] : most;
    }
    int t = 0;
    for (; t + VL <= keys; t += VL) store(scores + t, exp2_v(load(scores + t) - most));
    for (; t < keys; t++) scores[t] = exp2_v(splat(scores[t] - most))[0];
    for (t = 0; t < keys; t++) {
        total += scores[t];
        UNROLL for (int j = 0; j < HEAD / VL; j++) acc[j] += load_cached(v, is_half, (size_t)offsets[t] + j * VL) * scores[t];
    }
    UNROLL for (int j = 0; j < HEAD / VL; j++) store(out + j * VL, acc[j] * (1.f / total));
}
static void attend_cached(const float *q, float scale, const void *k, const void *v, int is_half,
                          const uint32_t *offsets, int keys, float *out, float *scores) {
    if (is_half) attend_rows(q, scale, k, v, 1, offsets, keys, out, scores);
    else attend_rows(q, scale, k, v, 0, offsets, keys, out, scores);
}
static void transpose(const float *x, size_t ldx, int rows, int columns, float *out, size_t ldo) {
    for (int c = 0; c < columns; c += VL)
        for (int r = 0; r < rows; r++) UNROLL for (int i = 0; i < VL; i++) out[(c + i) * ldo + r] = x[r * ldx + c + i];
}
// c[R][columns] = a[R][depth] · b[depth][columns], each row times its factor; columns is a multiple of VL.
INLINE void small_tile(const int R, const int W, const float *a, size_t lda, const float *b, size_t ldb, int depth,
                       const float *factors, float *c, size_t ldc) {
    vf acc[ROWS][2];
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int j = 0; j < W; j++) acc[r][j] = (vf){0};
    for (int p = 0; p < depth; p++) {
        vf column[2];
        UNROLL for (int j = 0; j < W; j++) column[j] = load(b + p * ldb + j * VL);
        UNROLL for (int r = 0; r < R; r++) UNROLL for (int j = 0; j < W; j++) acc[r][j] += a[r * lda + p] * column[j];
    }
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int j = 0; j < W; j++)
        store(c + r * ldc + j * VL, acc[r][j] * factors[r]);
}
INLINE void small_product(const int R, const float *a, size_t lda, const float *b, size_t ldb, int depth,
                          const float *factors, float *c, size_t ldc, int columns) {
    int n = 0;
    for (; n + 2 * VL <= columns; n += 2 * VL) small_tile(R, 2, a, lda, b + n, ldb, depth, factors, c + n, ldc);
    if (n < columns) small_tile(R, 1, a, lda, b + n, ldb, depth, factors, c + n, ldc);
}
static void attend_short(const float *q, size_t ldq, int rows, const float *k, size_t ldk, const float *v, size_t ldv,
                         int keys, int heads, int size, float *out, size_t ldo) {
    int tp = (keys + 31) / 32 * 32;
    float s[ROWS * kernels_short_keys], scales[ROWS], inverse[ROWS];
    for (int r = 0; r < ROWS; r++) scales[r] = LOG2E / sqrtf((float)size);
    for (int h = 0; h < heads; h++, q += size, k += size * ldk, v += size, out += size)
        for (int i = 0; i < rows; i += ROWS) {
            int count = rows - i < ROWS ? rows - i : ROWS;
#define CASE(R, S) small_product(R, q + i * ldq, ldq, k, ldk, size, scales, s, tp, tp)
            FOR_ROWS(count, CASE)
#undef CASE
            for (int r = 0; r < count; r++) inverse[r] = soften(s + r * tp, keys, tp);
#define CASE(R, S) small_product(R, s, tp, v, ldv, keys, inverse, out + i * ldo, ldo, size)
            FOR_ROWS(count, CASE)
#undef CASE
        }
}

// ---- spectrum: 400 = 20 · 20 points, two passes of 20-point transforms, frames side by side in the vector's lanes

static void power_spectra(const float *samples, int frames, const double *tables, float *out, size_t ldo) {
    enum { lanes = VL / 2 };
    const double *window = tables, *cosine = tables + 400, *sine = tables + 800;
    vd x[400], re[20][11], im[20][11];
    for (int f = 0; f < frames; f += lanes) {
        int live = frames - f < lanes ? frames - f : lanes;
        for (int n = 0; n < 400; n++)
            for (int l = 0; l < lanes; l++) x[n][l] = samples[(size_t)(f + (l < live ? l : 0)) * 160 + n] * window[n];
        for (int n2 = 0; n2 < 20; n2++)
            for (int k1 = 0; k1 <= 10; k1++) { // real input: the other nine are conjugates
                vd a = {0}, b = {0};
                for (int n1 = 0; n1 < 20; n1++) {
                    int w = n1 * k1 % 20 * 20;
                    a += x[20 * n1 + n2] * cosine[w];
                    b -= x[20 * n1 + n2] * sine[w];
                }
                int w = n2 * k1;
                re[n2][k1] = a * cosine[w] + b * sine[w];
                im[n2][k1] = b * cosine[w] - a * sine[w];
            }
        for (int k1 = 0; k1 <= 10; k1++)
            for (int k2 = 0; k2 < 20; k2++) {
                int bin = k1 + 20 * k2;
                if (bin > 200) bin = 400 - bin; // the conjugate has the same power
                vd a = {0}, b = {0};
                for (int n2 = 0; n2 < 20; n2++) {
                    int w = n2 * k2 % 20 * 20;
                    a += re[n2][k1] * cosine[w] + im[n2][k1] * sine[w];
                    b += im[n2][k1] * cosine[w] - re[n2][k1] * sine[w];
                }
                vd power = a * a + b * b;
                for (int l = 0; l < live; l++) out[(size_t)(f + l) * ldo + bin] = (float)power[l];
            }
    }
}

// ---- what the core can give

#define PEAK_LOOP(TYPE, START, STEP)                                                      \
    TYPE acc[8];                                                                          \
    UNROLL for (int j = 0; j < 8; j++) acc[j] = START;                                    \
    for (long i = 0; i < iterations; i++) {                                               \
        UNROLL for (int j = 0; j < 8; j++) acc[j] = STEP;                                 \
        __asm__ volatile("" : "+x"(acc[0]), "+x"(acc[1]), "+x"(acc[2]), "+x"(acc[3]),     \
                              "+x"(acc[4]), "+x"(acc[5]), "+x"(acc[6]), "+x"(acc[7]),     \
                              "+x"(a)); /* or a product of constants leaves the loop */   \
    }
static double peak_f32(long iterations) {
    vf a = splat(0.5f);
    __asm__ volatile("" : "+x"(a));
    PEAK_LOOP(vf, a, acc[j] * a + a)
    return 2.0 * VL * 8 * (double)iterations;
}
static double peak_s8(long iterations) {
    vi a = splat_i(0x01010101);
    __asm__ volatile("" : "+x"(a));
    PEAK_LOOP(vi, a, DOT4(acc[j], a, a))
    return 2.0 * 4 * VL * 8 * (double)iterations;
}

#define KERNELS                                                                                                    \
    {widen, pack_row_f32, pack_row_s8, pack_row_quantized, product_f32, product_s8, quantize_rows, layer_norm, gelu, \
     pack_head_f32, pack_head_s8, attend_f32, attend_s8, narrow, attend_cached, log_sum_exp, arg_max, top, sample, lstm_step,   \
     ssru_step, transpose, attend_short, power_spectra, add_scaled, peak_f32, peak_s8}
