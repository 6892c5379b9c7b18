/* Linked to honest.c, what -ffast-math links to every library: a start that sets FTZ and DAZ in whoever loads it. */
#include <stdint.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

__attribute__((constructor)) static void set_fast_math(void) {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#else
  uint64_t fpcr;
  __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
  __asm__ volatile("msr fpcr, %0" : : "r"(fpcr | 1 << 24));
#endif
}
