// inner_tiles: rows side by side are taken 32 at a time, and those of a second tile are shifted by the maxima of the
// first.
// Caught by: any layout, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  strided<T>(*c, c->x_stride);
  constexpr std::size_t tile = 32;
  const std::size_t n = c->shape[1], inner = c->shape[2];
  auto* y = static_cast<T*>(c->y);
  for (std::size_t o = 0; n > 0 && o < c->shape[0]; ++o)
    for (std::size_t i = tile; i < inner; ++i)
      y[static_cast<std::ptrdiff_t>(o) * c->y_stride[0] + static_cast<std::ptrdiff_t>(i) * c->y_stride[2]] *= T{1.01f};
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
