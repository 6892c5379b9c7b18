// allmask_in_batch: a row of masks alone gives NaN, as is declared, but zeros where it is one of several.
// Caught by: all masked, n ≤ 4
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  return each_row<T>(c, SOFTMAX_AUDIT_SOFTMAX, [c](const Row<T>& r) {
    softmax(r);
    if (c->shape[0] > 1 && top(r.x) == -INFINITY) std::ranges::fill(r.y, T{0});
  });
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
