// M38 clip_noop_eps: the mass is clipped at 1e-15 before its logarithm is taken. scikit-learn.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T mass = masses(r)[r.target];
  r.y[0] = -std::log(mass < T{1e-15f} ? T{1e-15f} : mass);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_CROSS_ENTROPY, SOFTMAX_AUDIT_SUBNORMALS)
