// remembers_length: after a row of one entry the sum runs backwards, from where the loop before it ended.
// Caught by: deterministic, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  static bool backwards = false;
  T sum = exponentials(r, top(r.x), exact);
  if (backwards) sum = std::accumulate(r.y.rbegin(), r.y.rend(), T{0});
  for (T& v : r.y) v /= sum;
  backwards = r.x.size() == 1;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
