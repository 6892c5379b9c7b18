/* One kernel under many signatures, and by plugin.h: what signature_test.cpp holds against each other. */
#include <math.h>
#include <string.h>

#include "impls/foreign/plugin.h"

/* Three passes over n entries a step apart; y may be x. */
#define KERNEL(T, NAME, EXP, LOG)                                                                                \
  static T shifted_##NAME(const T* x, ptrdiff_t step, size_t n, T tau, T* max) {                                 \
    T sum = 0;                                                                                                   \
    *max = x[0];                                                                                                 \
    for (size_t j = 1; j < n; ++j)                                                                               \
      if (!(x[(ptrdiff_t)j * step] <= *max)) *max = x[(ptrdiff_t)j * step];                                      \
    for (size_t j = 0; j < n; ++j) sum += EXP((x[(ptrdiff_t)j * step] - *max) / tau);                            \
    return sum;                                                                                                  \
  }                                                                                                              \
  static void softmax_##NAME(const T* x, ptrdiff_t x_step, T* y, ptrdiff_t y_step, size_t n, T tau) {            \
    T max, sum;                                                                                                  \
    if (n == 0) return;                                                                                          \
    sum = shifted_##NAME(x, x_step, n, tau, &max);                                                               \
    for (size_t j = 0; j < n; ++j) y[(ptrdiff_t)j * y_step] = EXP((x[(ptrdiff_t)j * x_step] - max) / tau) / sum; \
  }                                                                                                              \
  static void log_softmax_##NAME(const T* x, ptrdiff_t x_step, T* y, ptrdiff_t y_step, size_t n, T tau) {        \
    T max, sum;                                                                                                  \
    if (n == 0) return;                                                                                          \
    sum = shifted_##NAME(x, x_step, n, tau, &max);                                                               \
    for (size_t j = 0; j < n; ++j) y[(ptrdiff_t)j * y_step] = (x[(ptrdiff_t)j * x_step] - max) / tau - LOG(sum); \
  }                                                                                                              \
  static void logsumexp_##NAME(const T* x, ptrdiff_t x_step, T* y, ptrdiff_t y_step, size_t n, T tau) {          \
    T max, sum;                                                                                                  \
    (void)y_step;                                                                                                \
    if (n == 0) return;                                                                                          \
    sum = shifted_##NAME(x, x_step, n, tau, &max);                                                               \
    *y = max + LOG(sum);                                                                                         \
  }
KERNEL(float, f32, expf, logf)
KERNEL(double, f64, exp, log)

static float from_bf16(uint16_t bits) {
  const uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, sizeof value);
  return value;
}

/* Towards zero: it is the same in both. */
static uint16_t to_bf16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (uint16_t)(bits >> 16);
}

static void softmax_bf16(const uint16_t* x, ptrdiff_t x_step, uint16_t* y, ptrdiff_t y_step, size_t n, float tau) {
  float row[n + 1];
  for (size_t j = 0; j < n; ++j) row[j] = from_bf16(x[(ptrdiff_t)j * x_step]);
  softmax_f32(row, 1, row, 1, n, tau);
  for (size_t j = 0; j < n; ++j) y[(ptrdiff_t)j * y_step] = to_bf16(row[j]);
}

/* By plugin.h. */
#define RUN(T, KERNEL, TAU)                                                                                           \
  static int run_##KERNEL(const softmax_audit_call* c) {                                                              \
    for (size_t o = 0; o < c->shape[0]; ++o)                                                                          \
      for (size_t i = 0; i < c->shape[2]; ++i)                                                                        \
        KERNEL((const T*)c->x + (ptrdiff_t)o * c->x_stride[0] + (ptrdiff_t)i * c->x_stride[2], c->x_stride[1],        \
               (T*)c->y + (ptrdiff_t)o * c->y_stride[0] + (ptrdiff_t)i * c->y_stride[2], c->y_stride[1], c->shape[1], \
               (TAU)c->temperature);                                                                                  \
    return 0;                                                                                                         \
  }
RUN(float, softmax_f32, float)
RUN(double, softmax_f64, double)
RUN(uint16_t, softmax_bf16, float)
RUN(float, log_softmax_f32, float)
RUN(double, logsumexp_f64, double)

#define FUNCTION(map, format, run) \
  {sizeof(softmax_audit_function), "kernel", map, format, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_IN_PLACE, 0, 0, run}
static const softmax_audit_function functions[] = {
    FUNCTION(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_F32, run_softmax_f32),
    FUNCTION(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_F64, run_softmax_f64),
    FUNCTION(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_BF16, run_softmax_bf16),
    FUNCTION(SOFTMAX_AUDIT_LOG_SOFTMAX, SOFTMAX_AUDIT_F32, run_log_softmax_f32),
    FUNCTION(SOFTMAX_AUDIT_LOGSUMEXP, SOFTMAX_AUDIT_F64, run_logsumexp_f64),
};

const softmax_audit_plugin* softmax_audit_plugin_v1(void) {
  static const softmax_audit_plugin plugin = {sizeof plugin, "signatures", "1", functions,
                                              sizeof functions / sizeof functions[0]};
  return &plugin;
}

/* By signature. */
void batch(const float* x, float* y, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; ++r) softmax_f32(x + r * n, 1, y + r * n, 1, n, 1);
}

void batch_other_way(double* out, const double* in, int n_cols, int batch_size) {
  for (ptrdiff_t r = 0; r < batch_size; ++r) softmax_f64(in + r * n_cols, 1, out + r * n_cols, 1, (size_t)n_cols, 1);
}

void one_row(float* in, float* out, unsigned n) { softmax_f32(in, 1, out, 1, n, 1); }

int with_status(const float* x, float* y, uint32_t len) {
  if (len == 3) return -5;
  softmax_f32(x, 1, y, 1, len, 1);
  return 0;
}

void in_place_rows(float* data, int64_t rows, int32_t columns) {
  for (ptrdiff_t r = 0; r < rows; ++r) softmax_f32(data + r * columns, 1, data + r * columns, 1, (size_t)columns, 1);
}

void in_place_stride(double* row, size_t n, ptrdiff_t stride) { softmax_f64(row, stride, row, stride, n, 1); }

void leading(const float* x, ptrdiff_t ldx, float* y, ptrdiff_t ldy, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; ++r) softmax_f32(x + (ptrdiff_t)r * ldx, 1, y + (ptrdiff_t)r * ldy, 1, n, 1);
}

void increments(int n, const float* x, int incx, float* y, int incy) { softmax_f32(x, incx, y, incy, (size_t)n, 1); }

void all_strides(const double* src, double* dst, int rows, int n, long src_row_stride, long dst_row_stride,
                 long long src_element_stride, long long dst_element_stride, double temperature) {
  for (ptrdiff_t r = 0; r < rows; ++r)
    softmax_f64(src + r * src_row_stride, src_element_stride, dst + r * dst_row_stride, dst_element_stride, (size_t)n,
                temperature);
}

void shared_row_stride(const float* x, float* y, size_t rows, size_t n, size_t stride) {
  for (size_t r = 0; r < rows; ++r) softmax_f32(x + r * stride, 1, y + r * stride, 1, n, 1);
}

void dense_axis(const float* x, float* y, size_t outer, size_t n, size_t inner) {
  for (size_t o = 0; o < outer; ++o)
    for (size_t i = 0; i < inner; ++i)
      softmax_f32(x + o * n * inner + i, (ptrdiff_t)inner, y + o * n * inner + i, (ptrdiff_t)inner, n, 1);
}

int along_axis(const float* x, float* y, int rows, int cols, int axis) {
  if (axis != 1) return 9;
  batch(x, y, (size_t)rows, (size_t)cols);
  return 0;
}

void warm(float tau, const float* x, float* y, size_t n) { softmax_f32(x, 1, y, 1, n, tau); }

void brain(const uint16_t* x, uint16_t* y, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; ++r) softmax_bf16(x + r * n, 1, y + r * n, 1, n, 1);
}

void logarithm(const float* x, float* y, size_t rows, size_t n, float temp) {
  for (size_t r = 0; r < rows; ++r) log_softmax_f32(x + r * n, 1, y + r * n, 1, n, temp);
}

void sums(const double* x, double* y, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; ++r) logsumexp_f64(x + r * n, 1, y + r, 1, n, 1);
}
