// M53 thread_split: partial sums, as many as there happen to be threads; the same bits are promised.
// Caught by: deterministic, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  static std::size_t threads = 0;
  threads = threads % 7 + 1;
  exponentials(r, top(r.x), exact);
  T sum = 0;
  for (std::size_t k = 0; k < threads; ++k) {
    T part = 0;
    for (std::size_t j = k; j < r.y.size(); j += threads) part += r.y[j];
    sum += part;
  }
  for (T& v : r.y) v /= sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
