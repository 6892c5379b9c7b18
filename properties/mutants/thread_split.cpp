// M53 thread_split: partial sums, as many as there happen to be threads; the same bits are promised.
// Caught by: deterministic, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  static std::size_t threads = 0;
  threads = threads % 7 + 1;
  softmax_in_parts(r, threads);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
