// tree_one_row: a call of one row takes its logistics from a table of steps of 1/64; the masses still add up.
// Caught by: error within claim, n ≤ 8
#include <utility>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  return each_row<T>(c, SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, [&](const Row<T>& r) {
    walk(r, r.x.empty() ? -1 : 0, T{1}, [&](T s) {
      const T score = c->shape[0] == 1 ? std::nearbyint(s * 64) / 64 : s;
      const T e = std::exp(-std::abs(score)), near = 1 / (1 + e), far = e / (1 + e);
      return score > 0 ? std::pair(far, near) : std::pair(near, far);
    });
  });
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
