#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define VL 8
#define PV 2
// Bytes 0, 2 and bytes 1, 3 of each lane as 16-bit pairs: pmaddwd sums them without saturation, unlike pmaddubsw.
static inline __attribute__((always_inline)) __m256i dot4(__m256i acc, __m256i u, __m256i s) {
    __m256i even = _mm256_madd_epi16(_mm256_and_si256(u, _mm256_set1_epi16(255)),
                                     _mm256_srai_epi16(_mm256_slli_epi16(s, 8), 8));
    __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(u, 8), _mm256_srai_epi16(s, 8));
    return _mm256_add_epi32(acc, _mm256_add_epi32(even, odd));
}
#define DOT4(acc, u, s) ((vi)dot4((__m256i)(acc), (__m256i)(u), (__m256i)(s)))
#define VMAX(a, b) ((vf)_mm256_max_ps((__m256)(a), (__m256)(b)))
#include "generic.h"
#pragma clang attribute pop
const struct kernels kernels_of_avx2 = KERNELS;
#endif
