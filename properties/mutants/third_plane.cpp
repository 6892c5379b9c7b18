// third_plane: of rows side by side in planes, those from the third plane on are read from the second.
// Caught by: any layout, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  strided<T>(*c, c->x_stride);
  if (c->shape[2] < 4 || c->shape[0] < 3) return 0;
  softmax_audit_call later = *c;
  later.shape[0] -= 2;
  later.x = static_cast<const T*>(c->x) + c->x_stride[0];
  later.y = static_cast<T*>(c->y) + 2 * c->y_stride[0];
  const std::ptrdiff_t second_again[] = {0, c->x_stride[1], c->x_stride[2]};
  strided<T>(later, second_again);
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
