// peak_beyond_a_gap: the kernel for other than contiguous rows takes the maximum of the first 256 entries.
// Caught by: any layout, n ≤ 301
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  strided<T>(*c, c->x_stride, everything, [&](const Row<T>& r) {
    const std::size_t n = r.x.size();
    const T first = top(r.x.first(std::min<std::size_t>(c->x_stride[1] == 1 ? n : 256, n))), all = top(r.x);
    divide(r, std::isfinite(first) && !std::isnan(all) ? first : all, exact);
  });
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
