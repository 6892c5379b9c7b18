// M28 exp_ftz: exponentials that would be subnormal are 0, where subnormal results are promised. NumPy #14126.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  divide(r, top(r.x), [](T v) {
    const T e = std::exp(v);
    return e < std::numeric_limits<T>::min() ? T{0} : e;
  });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
