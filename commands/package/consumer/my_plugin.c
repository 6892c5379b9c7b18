#include <math.h>
#include "plugin.h"

static int softmax(const softmax_audit_call *call) {
  const size_t n = call->shape[1];
  for (size_t row = 0; row < call->shape[0]; ++row) {
    const float *x = (const float *)call->x + row * n;
    float *y = (float *)call->y + row * n;
    float max = -INFINITY, sum = 0;
    for (size_t j = 0; j < n; ++j)
      if (x[j] > max) max = x[j];
    for (size_t j = 0; j < n; ++j) sum += y[j] = expf((x[j] - max) / (float)call->temperature);
    for (size_t j = 0; j < n; ++j) y[j] /= sum;
  }
  return 0;
}

static const softmax_audit_function functions[] = {{
    .size = sizeof(softmax_audit_function),
    .name = "softmax",
    .map = SOFTMAX_AUDIT_SOFTMAX,
    .format = SOFTMAX_AUDIT_F32,
    .promises = SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_BATCH_INVARIANT,
    .run = softmax,
}};
static const softmax_audit_plugin plugin = {sizeof plugin, "mine", "1.0", functions, 1};

const softmax_audit_plugin *softmax_audit_plugin_v1(void) { return &plugin; }
