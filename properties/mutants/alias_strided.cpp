// alias_strided: in place the results are written before the logits are read again, where they do not lie side by side.
// Caught by: in place, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  const bool overwrites = c->x == c->y && c->shape[2] > 1;
  if (overwrites) strided<T>(*c, c->x_stride);
  strided<T>(*c, c->x_stride);
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_IN_PLACE | SOFTMAX_AUDIT_SUBNORMALS, 0,
              run<float>, run<double>)
