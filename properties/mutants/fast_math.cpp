// fast_math: linked with -ffast-math, whose start-up code sets FTZ and DAZ in whoever loads the library.
// Caught by: trespassed, n ≤ 40
#include "properties/mutants/mutant.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

using namespace mutant;

[[gnu::constructor]] void set_fast_math() {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
  std::uint64_t fpcr = 0;
  asm volatile("mrs %0, fpcr" : "=r"(fpcr));
  asm volatile("msr fpcr, %0" : : "r"(fpcr | 1 << 24));
#endif
}

template <class T>
void row(const Row<T>& r) {
  softmax(r);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
