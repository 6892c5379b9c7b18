/* Honest plugins: three passes with libm's expf, in f32, in f16 with f32 inside, and along any axis; rows of masks give
   what they say. */
#include <math.h>
#include <string.h>

#include "impls/foreign/plugin.h"

/* The softmax of n floats a step apart; y may be x. */
static void softmax(const float *x, ptrdiff_t x_step, float *y, ptrdiff_t y_step, size_t n, float temperature) {
  float max = x[0], sum = 0;
  for (size_t j = 1; j < n; ++j)
    if (!(x[(ptrdiff_t)j * x_step] <= max)) max = x[(ptrdiff_t)j * x_step];
  for (size_t j = 0; j < n; ++j)
    sum += y[(ptrdiff_t)j * y_step] = expf((x[(ptrdiff_t)j * x_step] - max) / temperature);
  for (size_t j = 0; j < n; ++j) y[(ptrdiff_t)j * y_step] /= sum;
}

/* Calls `row` for each row of a call, or of a contiguous batch. */
static int rows(const softmax_audit_call *c) {
  for (size_t o = 0; o < c->shape[0] && c->shape[1] > 0; ++o)
    for (size_t i = 0; i < c->shape[2]; ++i)
      softmax((const float *)c->x + (ptrdiff_t)o * c->x_stride[0] + (ptrdiff_t)i * c->x_stride[2], c->x_stride[1],
              (float *)c->y + (ptrdiff_t)o * c->y_stride[0] + (ptrdiff_t)i * c->y_stride[2], c->y_stride[1],
              c->shape[1], (float)c->temperature);
  return 0;
}

static int only_masks(const float *x, size_t n) {
  for (size_t j = 0; j < n; ++j)
    if (x[j] != -INFINITY) return 0;
  return 1;
}

/* A contiguous batch whose fully masked rows are `fill`. */
static int filled(const softmax_audit_call *c, float fill) {
  const size_t n = c->shape[1];
  for (size_t o = 0; o < c->shape[0] && n > 0; ++o) {
    const float *x = (const float *)c->x + o * n;
    float *y = (float *)c->y + o * n;
    softmax(x, 1, y, 1, n, (float)c->temperature);
    if (only_masks(x, n))
      for (size_t j = 0; j < n; ++j) y[j] = fill;
  }
  return 0;
}

static int zero(const softmax_audit_call *c) { return filled(c, 0); }
static int uniform(const softmax_audit_call *c) { return filled(c, 1 / (float)(c->shape[1] ? c->shape[1] : 1)); }

static int half(const softmax_audit_call *c) {
  const size_t n = c->shape[1];
  for (size_t o = 0; o < c->shape[0]; ++o) {
    float row[n + 1];
    for (size_t j = 0; j < n; ++j) {
      _Float16 wide;
      memcpy(&wide, (const uint16_t *)c->x + o * n + j, sizeof wide);
      row[j] = (float)wide;
    }
    if (n > 0) softmax(row, 1, row, 1, n, (float)c->temperature);
    for (size_t j = 0; j < n; ++j) {
      const _Float16 narrow = (_Float16)row[j];
      memcpy((uint16_t *)c->y + o * n + j, &narrow, sizeof narrow);
    }
  }
  return 0;
}

static int unsupported(const softmax_audit_call *c) {
  (void)c;
  return 7;
}

enum {
  ROWWISE = SOFTMAX_AUDIT_BATCH_INVARIANT | SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_THREAD_SAFE |
            SOFTMAX_AUDIT_SHIFT_EXACT | SOFTMAX_AUDIT_SUBNORMALS | SOFTMAX_AUDIT_IN_PLACE
};
#define FUNCTION(name, format, promises, masked, run) \
  { sizeof(softmax_audit_function), name, SOFTMAX_AUDIT_SOFTMAX, format, promises, masked, 0, run }

static const softmax_audit_function functions[] = {
    FUNCTION("three_pass", SOFTMAX_AUDIT_F32, ROWWISE | SOFTMAX_AUDIT_STRIDED, NULL, rows),
    FUNCTION("half", SOFTMAX_AUDIT_F16, SOFTMAX_AUDIT_SUBNORMALS, "nan", half),
    FUNCTION("zero", SOFTMAX_AUDIT_F32, SOFTMAX_AUDIT_SUBNORMALS, "zero", zero),
    FUNCTION("uniform", SOFTMAX_AUDIT_F32, SOFTMAX_AUDIT_SUBNORMALS, "uniform", uniform),
    FUNCTION("unsupported", SOFTMAX_AUDIT_F64, 0, NULL, unsupported),
};

static const softmax_audit_plugin plugin = {sizeof plugin, "honest", "1.0", functions,
                                            sizeof functions / sizeof *functions};

const softmax_audit_plugin *softmax_audit_plugin_v1(void) { return &plugin; }
