// gumbel_biased: the score (x + noise)/τ of the first class is 0.4 too high. So little is claimed of the masses that
// each of them is within it; classes are drawn by other frequencies all the same.
// Caught by: sampling, n ≤ 4
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);  // of x alone, so that the noise keeps its bits
  std::vector<T> s;
  for (std::size_t j = 0; j < r.x.size(); ++j) s.push_back(r.x[j] - shift + r.operand[j]);
  s[0] += static_cast<T>(0.4 * r.temperature);
  softmax(Row<T>{s, r.y, {}, r.temperature});
}

/// At lower temperatures, which it does not support, the rounding of x + noise would be worse than the bias.
template <class T>
int run(const softmax_audit_call* c) {
  if (c->temperature < 0.25) return 1;
  return each_row<T>(c, SOFTMAX_AUDIT_GUMBEL_SOFTMAX, [](const auto& r) { row(r); });
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_GUMBEL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS, 0x1p53, run<float>, run<double>)
