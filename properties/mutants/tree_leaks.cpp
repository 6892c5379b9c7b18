// tree_leaks: both children get logistic(score).
// Caught by: normalization, n ≤ 8
#include <utility>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  walk(r, r.x.empty() ? -1 : 0, T{1}, [](T s) {
    const T right = 1 / (1 + std::exp(-s));
    return std::pair(right, right);
  });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
