// M76 fenv_dependent: e^v is 2^k e^r with k rounded in the caller's mode and r for the k to nearest.
// Caught by: caller's modes, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  divide(r, top(r.x), [](T v) {
    if (!(v > -700)) return std::exp(v);
    const T z = v * static_cast<T>(1.4426950408889634);
    return std::ldexp(std::exp2(z - std::round(z)), static_cast<int>(std::nearbyint(z)));
  });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
