#define VL 4
#define PV 2
#define DOT4(acc, u, s)                                                                                \
    ((acc) + ((u) & 255) * (((s) << 24) >> 24) + (((u) >> 8) & 255) * (((s) << 16) >> 24) +            \
     (((u) >> 16) & 255) * (((s) << 8) >> 24) + (((u) >> 24) & 255) * ((s) >> 24))
#define VMAX(a, b) select_larger(a, b)
typedef float portable_vf __attribute__((vector_size(16)));
typedef int portable_vi __attribute__((vector_size(16)));
static inline __attribute__((always_inline)) portable_vf select_larger(portable_vf a, portable_vf b) {
    portable_vi larger = a > b;
    return (portable_vf)(((portable_vi)a & larger) | ((portable_vi)b & ~larger));
}
#include "generic.h"
static const struct kernels kernels_of_portable = KERNELS;

#if defined(__x86_64__)
extern const struct kernels kernels_of_avx512, kernels_of_avx2;
#endif

const struct kernels *kernels_for(enum kernels_isa isa) {
    switch (isa) {
#if defined(__x86_64__)
    case kernels_avx512: return kernels_best() == kernels_avx512 ? &kernels_of_avx512 : 0;
    case kernels_avx2: return kernels_best() >= kernels_avx2 ? &kernels_of_avx2 : 0;
#else
    case kernels_avx512:
    case kernels_avx2: return 0;
#endif
    case kernels_portable: return &kernels_of_portable;
    }
    return 0;
}
enum kernels_isa kernels_best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("f16c"))
        return kernels_portable;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni"))
        return kernels_avx512;
    return kernels_avx2;
#else
    return kernels_portable;
#endif
}

size_t kernels_head_bytes_f32(int keys) { return 2 * (size_t)padded(keys) * HEAD * 4; }
size_t kernels_head_bytes_s8(int keys) { return (size_t)padded(keys) * (2 * HEAD + 8) + HEAD * 4; }
// Six rows of scores and of probabilities in bytes, a scale and a sum for each 128 of these.
size_t kernels_attention_scratch_bytes(int keys) { return (size_t)padded(keys) * ROWS * 6; }

void kernels_spectrum_tables(double *tables) {
    for (int i = 0; i < 400; i++) {
        double angle = 2 * 3.14159265358979323846 * i / 400;
        tables[i] = 0.5 - 0.5 * cos(angle);
        tables[400 + i] = cos(angle);
        tables[800 + i] = sin(angle);
    }
}
