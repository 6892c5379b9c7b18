// after_logarithms: after a log_softmax the next softmax sums backwards, where the same bits are promised whatever was
// called in between.
// Caught by: deterministic, n ≤ 16
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

thread_local bool backwards = false;

template <class T>
void row(const Row<T>& r) {
  T sum = exponentials(r, top(r.x), exact);
  if (std::exchange(backwards, false)) sum = std::accumulate(r.y.rbegin(), r.y.rend(), T{0});
  for (T& v : r.y) v /= sum;
}

template <class T>
void log_row(const Row<T>& r) {
  const T shift = top(r.x) / static_cast<T>(r.temperature);
  std::vector<T> z;
  for (const T v : r.x) z.push_back(v / static_cast<T>(r.temperature));
  const T sum = log_sum<T>(z, shift);
  for (std::size_t j = 0; j < z.size(); ++j) r.y[j] = (z[j] - shift) - sum;
  backwards = true;
}

int softmaxes(const softmax_audit_call* c) {
  return each_row<double>(c, SOFTMAX_AUDIT_SOFTMAX, [](const auto& r) { row(r); });
}
int logarithms(const softmax_audit_call* c) {
  return each_row<double>(c, SOFTMAX_AUDIT_LOG_SOFTMAX, [](const auto& r) { log_row(r); });
}

}  // namespace

extern "C" const softmax_audit_plugin* softmax_audit_plugin_v1(void) {
  constexpr unsigned promises = SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS;
  static const softmax_audit_function functions[] = {
      {sizeof(softmax_audit_function), "mutant", SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_F64, promises, nullptr, 0,
       softmaxes},
      {sizeof(softmax_audit_function), "logarithms", SOFTMAX_AUDIT_LOG_SOFTMAX, SOFTMAX_AUDIT_F64, promises, nullptr, 0,
       logarithms}};
  static const softmax_audit_plugin plugin = {sizeof(softmax_audit_plugin), "mutant", "1", functions, 2};
  return &plugin;
}
