/* A plugin that describes itself wrongly, in the way that the environment variable BROKEN says. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "impls/foreign/plugin.h"

static int run(const softmax_audit_call *c) {
  (void)c;
  return 1;
}

static softmax_audit_function functions[2];
static softmax_audit_plugin plugin;

static int is(const char *what) {
  const char *broken = getenv("BROKEN");
  return broken && strcmp(broken, what) == 0;
}

__attribute__((constructor)) static void loaded(void) {
  if (is("constructor")) abort();
  while (is("hang")) continue;
}

const softmax_audit_plugin *softmax_audit_plugin_v1(void) {
  const softmax_audit_function good = {sizeof good, "good", SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_F32, 0, NULL, 0, run};
  static char long_name[200];
  memset(long_name, 'a', sizeof long_name - 1);
  functions[0] = functions[1] = good;
  functions[1].format = SOFTMAX_AUDIT_F64;
  plugin = (softmax_audit_plugin){sizeof plugin, "broken", "1", functions, 2};
  if (is("null")) return NULL;
  if (is("plugin size")) plugin.size = 8;
  if (is("count")) plugin.count = 0;
  if (is("many")) plugin.count = 5000;
  if (is("functions")) plugin.functions = NULL;
  if (is("library")) plugin.library = NULL;
  if (is("function size")) functions[0].size = 16;
  if (is("name")) functions[1].name = "";
  if (is("null name")) functions[1].name = NULL;
  if (is("long name")) functions[1].name = long_name;
  if (is("map")) functions[1].map = 12;
  if (is("format")) functions[1].format = 4;
  if (is("all_masked")) functions[1].all_masked = "nothing";
  if (is("max_ulp")) functions[1].max_ulp = NAN;
  if (is("run")) functions[1].run = NULL;
  if (is("twice")) functions[1].format = SOFTMAX_AUDIT_F32;
  return &plugin;
}
