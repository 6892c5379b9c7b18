/* Honest kernels with what honest kernels have: an exp of their own, a body and a tail, scratch, modes that they set
   and put back. */
#include <fenv.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "impls/foreign/plugin.h"

/* 2^k for -126 <= k <= 127, and 2^k for -1022 <= k <= 1023. */
static float power_f32(int32_t k) {
  const uint32_t bits = (uint32_t)(k + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return power;
}
static double power_f64(int64_t k) {
  const uint64_t bits = (uint64_t)(k + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

/* e^v, v <= 0, as vector code has it: k by adding 1.5 * 2^23, the reduction in two parts, Cephes' polynomial. */
static float exp_f32(float v) {
  if (v != v) return v;
  if (v < -0x1.5d589ep+6f) return 0; /* e^v < 2^-126 */
  const float shift = 12582912, k = (v * 1.44269504f + shift) - shift;
  const float r = (v - k * 0.693359375f) + k * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return ((p * r * r + r) + 1) * power_f32((int32_t)k);
}

/* The same with 1.5 * 2^52 and the Taylor polynomial of degree 14. */
static double exp_f64(double v) {
  if (v != v) return v;
  if (v < -0x1.6232bdd7abcd2p+9) return 0; /* e^v < 2^-1022 */
  const double shift = 6755399441055744.0, k = (v * 1.4426950408889634 + shift) - shift;
  const double r = (v - k * 6.93145751953125e-1) - k * 1.42860682030941723212e-6;
  double p = 1;
  for (int i = 14; i > 0; --i) p = 1 + p * (r / i);
  return p * power_f64((int64_t)k);
}

#define KERNEL(name, type, own_exp, minus_infinity)                               \
  static int name(const softmax_audit_call* c) {                                  \
    const size_t n = c->shape[1];                                                 \
    const type scale = (type)(1 / c->temperature);                                \
    for (size_t o = 0; o < c->shape[0] && n > 0; ++o) {                           \
      const type* x = (const type*)c->x + o * n;                                  \
      type *y = (type*)c->y + o * n, max = minus_infinity, sum = 0;               \
      for (size_t j = 0; j < n; ++j)                                              \
        if (!(x[j] <= max)) max = x[j];                                           \
      for (size_t j = 0; j < n; ++j) sum += y[j] = own_exp((x[j] - max) * scale); \
      for (size_t j = 0; j < n; ++j) y[j] *= 1 / sum;                             \
    }                                                                             \
    return 0;                                                                     \
  }
KERNEL(magic_f32, float, exp_f32, -INFINITY)
KERNEL(magic_f64, double, exp_f64, -INFINITY)

/* Whole vectors of eight by the exp above and eight partial sums, the rest by libm. */
static int body_and_tail(const softmax_audit_call* c) {
  const size_t n = c->shape[1], body = n / 8 * 8;
  for (size_t o = 0; o < c->shape[0] && n > 0; ++o) {
    const float* x = (const float*)c->x + o * n;
    float *y = (float*)c->y + o * n, max = -INFINITY, part[8] = {0}, sum = 0;
    for (size_t j = 0; j < n; ++j)
      if (!(x[j] <= max)) max = x[j];
    for (size_t j = 0; j < body; ++j) part[j % 8] += y[j] = exp_f32((x[j] - max) / (float)c->temperature);
    for (size_t j = body; j < n; ++j) sum += y[j] = expf((x[j] - max) / (float)c->temperature);
    for (size_t k = 0; k < 8; ++k) sum += part[k];
    for (size_t j = 0; j < n; ++j) y[j] /= sum;
  }
  return 0;
}

/* Scratch that all calls share, one at a time. */
static int locked(const softmax_audit_call* c) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static float scratch[1 << 20];
  const size_t n = c->shape[1], total = c->shape[0] * n;
  if (total > sizeof scratch / sizeof *scratch) return 1;
  pthread_mutex_lock(&mutex);
  softmax_audit_call inner = *c;
  inner.y = scratch;
  magic_f32(&inner);
  memcpy(c->y, scratch, total * sizeof(float));
  pthread_mutex_unlock(&mutex);
  return 0;
}

/* Scratch of each thread's own. */
static int per_thread(const softmax_audit_call* c) {
  static _Thread_local float scratch[70000];
  const size_t n = c->shape[1];
  if (n > sizeof scratch / sizeof *scratch) return 1;
  for (size_t o = 0; o < c->shape[0]; ++o) {
    softmax_audit_call one = *c;
    one.shape[0] = 1;
    one.x = (const float*)c->x + o * n;
    one.y = scratch;
    magic_f32(&one);
    memcpy((float*)c->y + o * n, scratch, n * sizeof(float));
  }
  return 0;
}

/* To nearest, whatever the caller's mode, which it finds again. */
static int keeps_modes(const softmax_audit_call* c) {
  fenv_t found;
  feholdexcept(&found);
  fesetround(FE_TONEAREST);
  const int status = magic_f32(c);
  fesetenv(&found);
  return status;
}

/* A loss that takes the place of its first logit. */
static int loss_in_place(const softmax_audit_call* c) {
  const size_t n = c->shape[1];
  for (size_t o = 0; o < c->shape[0] && n > 0; ++o) {
    const float* x = (const float*)c->x + (ptrdiff_t)o * c->x_stride[0];
    float max = x[0], sum = 0;
    for (size_t j = 1; j < n; ++j)
      if (!(x[j] <= max)) max = x[j];
    for (size_t j = 0; j < n; ++j) sum += expf(x[j] - max);
    ((float*)c->y)[(ptrdiff_t)o * c->y_stride[0]] = logf(sum) - (x[c->target[o]] - max);
  }
  return 0;
}

static float widened(uint16_t half) {
  const uint32_t bits = (uint32_t)half << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
/* To nearest, ties to even; what is below the smallest normal number is 0. */
static uint16_t narrowed(float value) {
  uint32_t bits;
  if (value < 0x1p-126f) return 0;
  memcpy(&bits, &value, sizeof bits);
  if (value != value) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
static int flushed_bf16(const softmax_audit_call* c) {
  const size_t n = c->shape[1];
  for (size_t o = 0; o < c->shape[0] && n > 0; ++o) {
    const uint16_t* x = (const uint16_t*)c->x + o * n;
    uint16_t* y = (uint16_t*)c->y + o * n;
    const float temperature = (float)c->temperature;
    float max = widened(x[0]), sum = 0;
    for (size_t j = 1; j < n; ++j)
      if (!(widened(x[j]) <= max)) max = widened(x[j]);
    for (size_t j = 0; j < n; ++j) sum += expf((widened(x[j]) - max) / temperature);
    for (size_t j = 0; j < n; ++j) y[j] = narrowed(expf((widened(x[j]) - max) / temperature) / sum);
  }
  return 0;
}

enum {
  ROWWISE = SOFTMAX_AUDIT_BATCH_INVARIANT | SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_THREAD_SAFE |
            SOFTMAX_AUDIT_SHIFT_EXACT
};
#define FUNCTION(format, promises, run) \
  {sizeof(softmax_audit_function), #run, SOFTMAX_AUDIT_SOFTMAX, format, promises, NULL, 0, run}

static const softmax_audit_function functions[] = {
    FUNCTION(SOFTMAX_AUDIT_F32, ROWWISE, magic_f32),
    FUNCTION(SOFTMAX_AUDIT_F64, ROWWISE, magic_f64),
    FUNCTION(SOFTMAX_AUDIT_F32, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_THREAD_SAFE, body_and_tail),
    FUNCTION(SOFTMAX_AUDIT_F32, ROWWISE, locked),
    FUNCTION(SOFTMAX_AUDIT_F32, ROWWISE, per_thread),
    FUNCTION(SOFTMAX_AUDIT_F32, ROWWISE, keeps_modes),
    FUNCTION(SOFTMAX_AUDIT_BF16, ROWWISE, flushed_bf16),
    {sizeof(softmax_audit_function), "loss_in_place", SOFTMAX_AUDIT_CROSS_ENTROPY, SOFTMAX_AUDIT_F32,
     SOFTMAX_AUDIT_IN_PLACE | SOFTMAX_AUDIT_DETERMINISTIC, NULL, 0, loss_in_place},
};

static const softmax_audit_plugin plugin = {sizeof plugin, "kernels", "1.0", functions,
                                            sizeof functions / sizeof *functions};

const softmax_audit_plugin* softmax_audit_plugin_v1(void) { return &plugin; }
