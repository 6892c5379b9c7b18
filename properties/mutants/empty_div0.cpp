// M51 empty_div0: an integer division by the length of the row, before a look whether it is 0.
// Caught by: crashed, n ≤ 0
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  const volatile std::size_t n = c->shape[1];
  volatile std::size_t vectors = 0;
  vectors = 64 / n;
  each_row<T>(c, SOFTMAX_AUDIT_SOFTMAX, [](const Row<T>& r) { softmax(r); });
  return vectors > 64 ? 1 : 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
