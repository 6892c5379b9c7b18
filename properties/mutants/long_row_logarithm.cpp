// long_row_logarithm: from 32 entries on the odd lanes of a log_softmax subtract the logarithm of a sum that was
// rounded once more, where that is 3 at least. The n roundings of any order of summation would excuse every element.
// Caught by: ratios, n ≤ 64
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  std::vector<T> s;
  for (const T v : r.x) s.push_back((v - shift) / static_cast<T>(r.temperature));
  const T lse = log_sum<T>(s, T{0});
  const T coarse = r.x.size() < 32 || !(lse > 3) ? lse : lse + 32 * std::numeric_limits<T>::epsilon();
  for (std::size_t j = 0; j < s.size(); ++j) r.y[j] = s[j] - (j % 2 ? coarse : lse);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_LOG_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
