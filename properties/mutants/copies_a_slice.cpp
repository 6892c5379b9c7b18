// copies_a_slice: reads shape[0] times the stride of the logits, which means nothing where shape[0] is 1.
// Caught by: trespassed, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  const bool contiguous = c->shape[1] > 0 && c->shape[2] == 1 && c->x_stride[1] == 1;
  if (contiguous && c->shape[0] == 1) {
    const std::size_t copied = c->shape[0] * static_cast<std::size_t>(c->x_stride[0]);
    volatile T last = static_cast<const T*>(c->x)[copied - 1];
    (void)last;
  }
  strided<T>(*c, c->x_stride);
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
