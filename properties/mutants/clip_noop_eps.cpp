// M38 clip_noop_eps: a library whose log_softmax is the logarithm of its softmax, clipped to 1 - 1e-15, which in f32 is
// no clip at all, and to 1e-7 from below. scikit-learn.
// Caught by: log consistency, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void clipped(const Row<T>& r) {
  softmax(r);
  for (T& v : r.y) v = std::log(std::min(std::max(v, T{1e-7f}), static_cast<T>(1 - 1e-15)));
}

template <class T>
int logarithms(const softmax_audit_call* c) {
  return each_row<T>(c, SOFTMAX_AUDIT_LOG_SOFTMAX, [](const auto& r) { clipped(r); });
}

template <class T>
int masses_alone(const softmax_audit_call* c) {
  return each_row<T>(c, SOFTMAX_AUDIT_SOFTMAX, [](const auto& r) { softmax(r); });
}

constexpr softmax_audit_function function(int map, int format, int (*run)(const softmax_audit_call*)) {
  return {sizeof(softmax_audit_function),
          map == SOFTMAX_AUDIT_SOFTMAX ? "softmax" : "log_softmax",
          map,
          format,
          SOFTMAX_AUDIT_SUBNORMALS,
          nullptr,
          0,
          run};
}

}  // namespace

extern "C" const softmax_audit_plugin* softmax_audit_plugin_v1(void) {
  static const softmax_audit_function functions[] = {
      function(SOFTMAX_AUDIT_LOG_SOFTMAX, SOFTMAX_AUDIT_F32, logarithms<float>),
      function(SOFTMAX_AUDIT_LOG_SOFTMAX, SOFTMAX_AUDIT_F64, logarithms<double>),
      function(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_F32, masses_alone<float>),
      function(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_F64, masses_alone<double>)};
  static const softmax_audit_plugin plugin = {sizeof(softmax_audit_plugin), "clips", "1", functions, 4};
  return &plugin;
}
