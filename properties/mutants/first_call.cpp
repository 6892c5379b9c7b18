// first_call: the first call of all is made before a faster kernel was chosen, and sums in another order, where the
// same bits are promised.
// Caught by: deterministic, n ≤ 40
#include <atomic>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  static std::atomic<bool> chosen = false;
  T sum = exponentials(r, top(r.x), exact);
  if (!chosen.exchange(true)) sum = std::accumulate(r.y.rbegin(), r.y.rend(), T{0});
  for (T& v : r.y) v /= sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
