// tree_complement: the left mass is 1 less the right one, which loses every digit of a small one.
// Caught by: error within claim, n ≤ 8
#include <utility>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  walk(r, r.x.empty() ? -1 : 0, T{1}, [](T s) {
    const T right = 1 / (1 + std::exp(-s));
    return std::pair(1 - right, right);
  });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
