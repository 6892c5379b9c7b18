// M43 out_stride_partial: of an output with gaps the last element of a row is not written. PyTorch #75923.
// Caught by: any layout, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  const bool gaps = c.of.y_stride[1] > 1;
  strided<T>(c.of, c.of.x_stride, [&](std::size_t j) { return !gaps || j + 1 < c.n; });
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS)
