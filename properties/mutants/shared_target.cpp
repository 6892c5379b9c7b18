// shared_target: the targets of a call are kept in a static pointer.
// Caught by: concurrent calls, n ≤ 64
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  static const std::int64_t* volatile target = nullptr;
  target = c->target;
  const std::size_t n = c->shape[1];
  for (std::size_t o = 0; o < c->shape[0] && n > 0; ++o) {
    const std::span<const T> x(static_cast<const T*>(c->x) + o * n, n);
    const T shift = top(x), sum = log_sum(x, shift);
    static_cast<T*>(c->y)[o] = sum - (x[static_cast<std::size_t>(target[o]) % n] - shift);
  }
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_CROSS_ENTROPY, SOFTMAX_AUDIT_THREAD_SAFE | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>,
              run<double>)
