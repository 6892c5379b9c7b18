#pragma once

// The SIMD targets of the kernels in vectors: AVX-512, AVX2, SSE4, NEON and a portable one. The others have vectors
// whose size the compiler does not know, or nothing of their own. To be included before any of Highway's.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#include <hwy/targets.h>
