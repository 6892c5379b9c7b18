// long_row_body: from 96 entries on a vector body with an exponential good to 2^-18 takes over, and leaves the entries
// that are left over to libm. The n roundings that any order of summation may cost would excuse every element.
// Caught by: ratios, n ≤ 130
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  if (r.y.size() < 96) return;
  const auto near = static_cast<T>(1 + 50 * static_cast<double>(std::numeric_limits<T>::epsilon()));
  for (std::size_t j = 0; j < r.y.size() / 8 * 8; j += 2) r.y[j] *= near;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
