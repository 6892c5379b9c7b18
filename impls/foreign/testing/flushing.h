/* What the start of a library that is linked with -ffast-math does to whoever loads it. */
#ifndef SOFTMAX_AUDIT_TESTING_FLUSHING_H
#define SOFTMAX_AUDIT_TESTING_FLUSHING_H

#include <stdint.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Sets FTZ and DAZ, which are one bit on Arm. */
static inline void set_flushing(void) {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
  uint64_t fpcr;
  __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
  __asm__ volatile("msr fpcr, %0" : : "r"(fpcr | 1 << 24));
#endif
}

#endif
