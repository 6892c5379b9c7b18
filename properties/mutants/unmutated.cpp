// unmutated: the helpers of mutant.hpp without a defect, for nearly every map. What kills a mutant is its defect.
// Caught by: nothing
#include <iterator>

#include "properties/mutants/entmax.hpp"

namespace {

using namespace mutant;

constexpr auto forward = [](const auto& r) { softmax(r); };

constexpr auto logarithms = []<class T>(const Row<T>& r) {
  const T shift = top(r.x);
  std::vector<T> s;
  for (const T v : r.x) s.push_back((v - shift) / static_cast<T>(r.temperature));
  const T lse = log_sum<T>(s, T{0});
  for (std::size_t j = 0; j < s.size(); ++j) r.y[j] = s[j] - lse;
};

constexpr auto logsumexp = []<class T>(const Row<T>& r) {
  const T shift = top(r.x);
  r.y[0] = std::isinf(shift) ? shift : shift + log_sum(r.x, shift);
};

constexpr auto loss = []<class T>(const Row<T>& r) {
  const T shift = top(r.x);
  r.y[0] = shift - r.x[r.target] + log_sum(r.x, shift);
};

constexpr auto gradient = []<class T>(const Row<T>& r) {
  const auto y = masses(r);
  const T sum = dot<T>(y, r.operand);
  for (std::size_t j = 0; j < y.size(); ++j) r.y[j] = y[j] * (r.operand[j] - sum) / static_cast<T>(r.temperature);
};

constexpr auto gradient_of_logarithms = []<class T>(const Row<T>& r) {
  const auto y = masses(r);
  const T sum = std::accumulate(r.operand.begin(), r.operand.end(), T{0});
  for (std::size_t j = 0; j < y.size(); ++j) r.y[j] = r.operand[j] - y[j] * sum;
};

constexpr auto sparse = [](const auto& r) { sparsemax(r); };

constexpr auto in_parts = [](const auto& r) { softmax_in_parts(r, 4); };

constexpr auto gradient_of_loss = []<class T>(const Row<T>& r) {
  softmax(r);
  r.y[r.target] -= 1;
};

constexpr auto entmax = []<class T>(const Row<T>& r) {
  const std::vector<T> z = sorted_down(shifted(r.x, T{2}));
  squares(r, entmax_threshold_of(z, entmax_support(z)));
};

constexpr auto gradient_of_sparsemax = []<class T>(const Row<T>& r) {
  sparsemax_gradient(r, T{0}, [](T) { return T{0}; });
};

constexpr auto leaves = []<class T>(const Row<T>& r) { walk(r, r.x.empty() ? -1 : 0, T{1}, shares<T>); };

template <class T, int map, auto body>
int run(const softmax_audit_call* call) {
  return each_row<T>(call, map, body);
}

template <int map, auto body>
constexpr softmax_audit_function function(const char* name) {
  return {sizeof(softmax_audit_function), name,    map, SOFTMAX_AUDIT_F64,
          SOFTMAX_AUDIT_SUBNORMALS,       nullptr, 0,   run<double, map, body>};
}

}  // namespace

extern "C" const softmax_audit_plugin* softmax_audit_plugin_v1(void) {
  static const softmax_audit_function functions[] = {
      function<SOFTMAX_AUDIT_SOFTMAX, forward>("softmax"),
      function<SOFTMAX_AUDIT_SOFTMAX, in_parts>("softmax_in_parts"),
      function<SOFTMAX_AUDIT_LOG_SOFTMAX, logarithms>("log_softmax"),
      function<SOFTMAX_AUDIT_LOGSUMEXP, logsumexp>("logsumexp"),
      function<SOFTMAX_AUDIT_CROSS_ENTROPY, loss>("cross_entropy"),
      function<SOFTMAX_AUDIT_SOFTMAX_VJP, gradient>("softmax_vjp"),
      function<SOFTMAX_AUDIT_LOG_SOFTMAX_VJP, gradient_of_logarithms>("log_softmax_vjp"),
      function<SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, leaves>("hierarchical_softmax"),
      function<SOFTMAX_AUDIT_SPARSEMAX, sparse>("sparsemax"),
      function<SOFTMAX_AUDIT_ENTMAX15, entmax>("entmax15"),
      function<SOFTMAX_AUDIT_SPARSEMAX_VJP, gradient_of_sparsemax>("sparsemax_vjp"),
      function<SOFTMAX_AUDIT_CROSS_ENTROPY_VJP, gradient_of_loss>("cross_entropy_vjp")};
  static const softmax_audit_plugin plugin = {sizeof(softmax_audit_plugin), "unmutated", "1", functions,
                                              std::size(functions)};
  return &plugin;
}
