// padded_rows: rows with something between them are read as if they were one after another, where any layout is
// promised.
// Caught by: any layout, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  const auto n = static_cast<std::ptrdiff_t>(c->shape[1]);
  std::ptrdiff_t x_stride[] = {c->x_stride[0], c->x_stride[1], c->x_stride[2]};
  if (c->shape[2] == 1 && x_stride[1] == 1) x_stride[0] = n;
  strided<T>(*c, x_stride);
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
