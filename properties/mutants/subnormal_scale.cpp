// M76 subnormal_scale: the exponentials are scaled by the smallest subnormal and back, which is exact, but 0 where the
// caller takes subnormals for 0.
// Caught by: caller's modes, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  constexpr int bits = std::numeric_limits<T>::digits - std::numeric_limits<T>::min_exponent;
  const volatile T unit = std::numeric_limits<T>::denorm_min();
  const T back = std::ldexp(T{1}, bits / 2), rest = std::ldexp(T{1}, bits - bits / 2);
  divide(r, top(r.x), [&](T v) { return std::exp(v) * (unit * back * rest); });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
