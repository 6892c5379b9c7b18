// by_columns: of a square matrix whose results lie by columns the two axes of the output are exchanged, where any
// layout is promised.
// Caught by: any layout, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  softmax_audit_call taken = *c;
  const bool square = c->shape[0] == c->shape[1] && c->shape[2] == 1;
  if (square && c->y_stride[0] < c->y_stride[1]) std::swap(taken.y_stride[0], taken.y_stride[1]);
  strided<T>(taken, taken.x_stride);
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
