// tree_overflow: a score of +inf, of which e^s is infinite, sends the mass to the other child.
// Caught by: error within claim, n ≤ 8
#include <utility>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  walk(r, r.x.empty() ? -1 : 0, T{1}, [](T s) {
    const T e = std::exp(-std::abs(s)), near = 1 / (1 + e), far = e / (1 + e);
    if (std::isinf(s) && s > 0) return std::pair(near, far);
    return s > 0 ? std::pair(far, near) : std::pair(near, far);
  });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
