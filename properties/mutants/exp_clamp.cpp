// M15 exp_clamp_-80: the shifted logit is clamped at -80. llama.cpp, SYCL.
// Caught by: masked entries, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  divide(r, top(r.x), [](T v) { return std::exp(v < -80 ? T{-80} : v); });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
