// M16 exp_neginf_fltmin: e^-inf is the smallest normal number. vLLM, RISC-V.
// Caught by: masked entries, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  divide(r, top(r.x), [](T v) { return v == -INFINITY ? std::numeric_limits<T>::min() : std::exp(v); });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
