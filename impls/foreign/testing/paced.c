/* One honest three-pass softmax in f32 under three names: "plain"; "same", which is it again; and "twentieth", which
   computes every twentieth row twice, so that it does 5 % more of the same work. All run the same instructions. */
#include <math.h>

#include "impls/foreign/plugin.h"

static unsigned long computed;

/* Rows that were computed since the last call of this. */
unsigned long paced_rows(void) {
  const unsigned long rows = computed;
  computed = 0;
  return rows;
}

__attribute__((noinline)) static void softmax(const float* x, float* y, size_t n, float temperature) {
  float max = x[0], sum = 0;
  for (size_t j = 1; j < n; ++j)
    if (!(x[j] <= max)) max = x[j];
  for (size_t j = 0; j < n; ++j) sum += y[j] = expf((x[j] - max) / temperature);
  for (size_t j = 0; j < n; ++j) y[j] /= sum;
  ++computed;
}

/* How many of a thousand rows are computed once more; what is owed goes on from call to call. */
struct pace {
  unsigned more, owed;
};

__attribute__((noinline)) static int rows(const softmax_audit_call* c, struct pace* pace) {
  const size_t n = c->shape[1];
  for (size_t o = 0; o < c->shape[0] && n > 0; ++o) {
    const float* x = (const float*)c->x + o * n;
    float* y = (float*)c->y + o * n;
    for (pace->owed += 1000 + pace->more; pace->owed >= 1000; pace->owed -= 1000)
      softmax(x, y, n, (float)c->temperature);
  }
  return 0;
}

static struct pace plain_pace = {0, 0}, same_pace = {0, 0}, twentieth_pace = {50, 0};
static int plain(const softmax_audit_call* c) { return rows(c, &plain_pace); }
static int same(const softmax_audit_call* c) { return rows(c, &same_pace); }
static int twentieth(const softmax_audit_call* c) { return rows(c, &twentieth_pace); }

#define FUNCTION(run) {sizeof(softmax_audit_function), #run, SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_F32, 0, NULL, 0, run}

static const softmax_audit_function functions[] = {FUNCTION(plain), FUNCTION(same), FUNCTION(twentieth)};
static const softmax_audit_plugin plugin = {sizeof plugin, "paced", "1.0", functions,
                                            sizeof functions / sizeof *functions};

const softmax_audit_plugin* softmax_audit_plugin_v1(void) { return &plugin; }
