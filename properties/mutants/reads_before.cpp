// reads_before: the running maximum starts with the entry before the first.
// Caught by: trespassed, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T before = const_cast<const volatile T&>(r.x.data()[-1]);
  divide(r, top(r.x, before == r.x[0] ? before : r.x[0]), exact);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
