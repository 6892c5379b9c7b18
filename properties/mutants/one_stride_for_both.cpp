// one_stride_for_both: where neither logits nor results lie side by side, the strides of the results go for both.
// Caught by: any layout, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  const auto side_by_side = static_cast<std::ptrdiff_t>(c->shape[2]);
  const bool gaps = c->x_stride[1] != side_by_side && c->y_stride[1] != side_by_side;
  strided<T>(*c, gaps ? c->y_stride : c->x_stride);
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
