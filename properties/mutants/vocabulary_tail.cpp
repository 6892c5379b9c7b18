// vocabulary_tail: beyond 4096 entries two that are left over by vectors of four, as of a vocabulary of 30522, are not
// summed.
// Caught by: error within claim, n ≤ 4098
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  const std::size_t n = r.x.size();
  if (n <= 4096 || n % 4 != 2) return;
  const T rest = 1 - r.y[n - 1] - r.y[n - 2];
  for (T& v : r.y) v /= rest;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
