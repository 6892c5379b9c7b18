// entmax_of_sparsemax: the support of a sparsemax of the halved logits in place of its own, the squares divided by
// their sum: right where the two supports have the same threshold, as for equal entries, and normalised everywhere.
// Caught by: error within claim, n ≤ 2
#include "properties/mutants/entmax.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const std::vector<T> z = shifted(r.x, T{2});
  const T tau = sparsemax_threshold_of(z), sum = squares_above(z, tau);
  squares(r, tau);
  for (T& v : r.y) v /= sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_ENTMAX15, SOFTMAX_AUDIT_SUBNORMALS)
