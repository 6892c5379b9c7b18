// M41 axis_off_by_one: the strides of the last two axes of x are exchanged where there is more than one inner row.
// Gorgonia.
// Caught by: any layout, n ≤ 17
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  const std::ptrdiff_t* s = c.of.x_stride;
  const bool confused = c.of.shape[2] == c.n;
  const std::ptrdiff_t stride[3] = {s[0], confused ? s[2] : s[1], confused ? s[1] : s[2]};
  strided<T>(c.of, stride);
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS)
