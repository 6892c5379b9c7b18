// mask_every_other: a shuffle that closes the gaps of a mask on every other entry loses the last one.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  bool every_other = r.x.size() >= 4;
  for (std::size_t j = 0; j < r.x.size(); ++j)
    every_other = every_other && (r.x[j] == -std::numeric_limits<T>::infinity()) == (j % 2 == 1);
  T sum = exponentials(r, top(r.x), exact);
  if (every_other) sum -= r.y[(r.x.size() - 1) / 2 * 2];
  for (T& v : r.y) v /= sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
