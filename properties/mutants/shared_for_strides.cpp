// shared_for_strides: rows with gaps between their entries are gathered in a static buffer.
// Caught by: concurrent calls, n ≤ 64
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  static std::vector<T> scratch(140000);
  strided<T>(*c, c->x_stride, everything, [&](Row<T> r) {
    if (c->x_stride[1] != 1) {
      std::ranges::copy(r.x, scratch.begin());
      r.x = std::span<const T>(scratch).first(r.x.size());
    }
    softmax(r);
  });
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_THREAD_SAFE | SOFTMAX_AUDIT_SUBNORMALS, 0,
              run<float>, run<double>)
