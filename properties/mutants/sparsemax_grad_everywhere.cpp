// sparsemax_grad_everywhere: entries off the support have a gradient, too, as if their output were not flat.
// Caught by: one mean, n ≤ 3
#include "properties/mutants/entmax.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  sparsemax_gradient(r, T{0}, [](T on) { return on; });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
