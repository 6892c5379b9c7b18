/* Plugins with one defect each, which is the only thing to be found. */
#include <fenv.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "impls/foreign/plugin.h"
#include "impls/foreign/testing/flushing.h"

static void softmax(const float *x, float *y, size_t n, float temperature) {
  float max = x[0], sum = 0;
  for (size_t j = 1; j < n; ++j)
    if (!(x[j] <= max)) max = x[j];
  for (size_t j = 0; j < n; ++j) sum += y[j] = expf((x[j] - max) / temperature);
  for (size_t j = 0; j < n; ++j) y[j] /= sum;
}

static int honest(const softmax_audit_call *c) {
  const size_t n = c->shape[1];
  for (size_t o = 0; o < c->shape[0] && n > 0; ++o)
    softmax((const float *)c->x + o * n, (float *)c->y + o * n, n, (float)c->temperature);
  return 0;
}

static size_t total(const softmax_audit_call *c) { return c->shape[0] * c->shape[1]; }

static volatile int nothing = 0;
static int divides_by_zero(const softmax_audit_call *c) { return honest(c) + 7 / nothing; }

static int aborts(const softmax_audit_call *c) {
  (void)c;
  abort();
}

static int exits(const softmax_audit_call *c) {
  (void)c;
  exit(3);
}

static int loops(const softmax_audit_call *c) {
  for (volatile int forever = 1; forever;) (void)c;
  return 0;
}

static int takes_its_time(const softmax_audit_call *c) {
  usleep(200000);
  return honest(c);
}

static int dereferences_null(const softmax_audit_call *c) {
  volatile float *volatile null = NULL;
  *null = 1;
  return honest(c);
}

static int overflows_its_stack(const softmax_audit_call *c) {
  volatile char frame[4096];
  frame[0] = (char)c->shape[1];
  return overflows_its_stack(c) + frame[0];
}

static int writes_past_the_end(const softmax_audit_call *c) {
  honest(c);
  ((volatile float *)c->y)[total(c)] = 0;
  return 0;
}

static int reads_before_the_start(const softmax_audit_call *c) {
  (void)((const volatile float *)c->x)[-1];
  return honest(c);
}

static int reads_a_whole_vector(const softmax_audit_call *c) {
  volatile float sum = 0;
  for (size_t j = 0; j < (total(c) + 7) / 8 * 8; ++j) sum = sum + ((const volatile float *)c->x)[j];
  return honest(c);
}

static int changes_its_input(const softmax_audit_call *c) {
  honest(c);
  if (total(c) > 0) ((volatile float *)(size_t)c->x)[total(c) - 1] = 0;
  return 0;
}

/* In long rows, writes over what the program says of where the arrays are, at the start of the memory that it shares. */
static int tramples_on_the_request(const softmax_audit_call *c) {
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[512];
  honest(c);
  while (maps && c->shape[1] > 1000 && fgets(line, sizeof line, maps)) {
    unsigned long begin = 0, offset = 1;
    if (!strstr(line, "memfd:softmax-audit") || sscanf(line, "%lx-%*x %*s %lx", &begin, &offset) != 2) continue;
    if (offset != 0) continue;
    memset((void *)(begin + 104), 0xff, 528);
    break;
  }
  if (maps) fclose(maps);
  return 0;
}

static int leaves_ftz(const softmax_audit_call *c) {
  honest(c);
  set_flushing();
  return 0;
}

static int leaves_rounding_up(const softmax_audit_call *c) {
  honest(c);
  fesetround(FE_UPWARD);
  return 0;
}

static int blocks_a_signal(const softmax_audit_call *c) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR1);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  return honest(c);
}

static int forgets_the_last(const softmax_audit_call *c) {
  const size_t n = c->shape[1];
  for (size_t o = 0; o < c->shape[0] && n > 0; ++o) {
    float row[n];
    softmax((const float *)c->x + o * n, row, n, (float)c->temperature);
    for (size_t j = 0; j + (n > 2) < n; ++j) ((float *)c->y)[o * n + j] = row[j];
  }
  return 0;
}

static int writes_of_nothing(const softmax_audit_call *c) {
  if (c->shape[1] == 0) ((volatile float *)c->y)[0] = 1;
  return honest(c);
}

/* Wrong only in the last row of a batch, where a vector loop has its tail. */
static int forgets_the_batch(const softmax_audit_call *c) {
  honest(c);
  const size_t n = c->shape[1];
  if (c->shape[0] > 1 && n > 0) ((float *)c->y)[total(c) - 1] += 0.5f;
  return 0;
}

static int overlooks_strides(const softmax_audit_call *c) {
  if (c->shape[2] == 1) return honest(c);
  softmax_audit_call flat = *c;
  flat.shape[0] *= flat.shape[2];
  return honest(&flat);
}

/* Clears y first: right, but for y == x. */
static int clears_its_output(const softmax_audit_call *c) {
  for (size_t i = 0; i < total(c); ++i) ((float *)c->y)[i] = 0;
  return honest(c);
}

/* The bits of a row depend on how many there are. */
static int sums_by_batch(const softmax_audit_call *c) {
  honest(c);
  if (c->shape[0] > 1)
    for (size_t i = 0; i < total(c); ++i) ((float *)c->y)[i] = nextafterf(((float *)c->y)[i], 0);
  return 0;
}

/* An ulp off in some calls. */
static int remembers(const softmax_audit_call *c) {
  static int calls = 0;
  honest(c);
  if (++calls / 4 % 2 && c->shape[1] > 1)
    for (size_t i = 0; i < total(c); ++i) ((float *)c->y)[i] = nextafterf(((float *)c->y)[i], 0);
  return 0;
}

#define FUNCTION(promises, run) \
  { sizeof(softmax_audit_function), #run, SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_F32, promises | SOFTMAX_AUDIT_SUBNORMALS, NULL, 0, run }

static const softmax_audit_function functions[] = {
    FUNCTION(0, honest),
    FUNCTION(0, divides_by_zero),
    FUNCTION(0, aborts),
    FUNCTION(0, exits),
    FUNCTION(0, loops),
    FUNCTION(0, takes_its_time),
    FUNCTION(0, dereferences_null),
    FUNCTION(0, overflows_its_stack),
    FUNCTION(0, writes_past_the_end),
    FUNCTION(0, reads_before_the_start),
    FUNCTION(0, reads_a_whole_vector),
    FUNCTION(0, changes_its_input),
    FUNCTION(0, leaves_ftz),
    FUNCTION(0, tramples_on_the_request),
    FUNCTION(0, leaves_rounding_up),
    FUNCTION(0, blocks_a_signal),
    FUNCTION(0, forgets_the_last),
    FUNCTION(0, writes_of_nothing),
    FUNCTION(0, forgets_the_batch),
    FUNCTION(SOFTMAX_AUDIT_STRIDED, overlooks_strides),
    FUNCTION(SOFTMAX_AUDIT_IN_PLACE, clears_its_output),
    FUNCTION(SOFTMAX_AUDIT_BATCH_INVARIANT, sums_by_batch),
    FUNCTION(SOFTMAX_AUDIT_DETERMINISTIC, remembers),
};

static const softmax_audit_plugin plugin = {sizeof plugin, "bad", "1.0", functions,
                                            sizeof functions / sizeof *functions};

const softmax_audit_plugin *softmax_audit_plugin_v1(void) { return &plugin; }
