// sparsemax_grad_mean_of_all: the sum over the support is divided by the length of the row.
// Caught by: gradients add up to 0, n ≤ 3
#include "properties/mutants/entmax.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  sparsemax_gradient(r, static_cast<T>(r.x.size()), [](T) { return T{0}; });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
