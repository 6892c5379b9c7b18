// ce_first_target: the target of the first row stands for that of all.
// Caught by: batch, n ≤ 4
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  return each_row<T>(c, SOFTMAX_AUDIT_CROSS_ENTROPY, [c](const Row<T>& r) {
    const T shift = top(r.x);
    r.y[0] = shift - r.x[static_cast<std::size_t>(c->target[0])] + log_sum(r.x, shift);
  });
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_CROSS_ENTROPY, SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
