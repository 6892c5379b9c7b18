// gumbel_biased: 0.4 is added to the score (x + noise)/τ of the first class, a bias too much. So little is claimed of the
// masses that each of them is within it; classes are drawn by other frequencies all the same.
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
  softmax(Row<T>{s, r.y, {}, r.temperature, 0, nullptr});
}

}  // namespace

MUTANT_CLAIMING(SOFTMAX_AUDIT_GUMBEL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS, 0x1p53)
