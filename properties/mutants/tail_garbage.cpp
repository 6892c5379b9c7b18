// M46 tail_garbage: the lanes that fill up the last vector of eight hold 0, not -inf. Triton kernels without `other`.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  T sum = exponentials(r, shift, exact);
  for (std::size_t j = r.x.size(); j % 8 != 0; ++j) sum += std::exp((0 - shift) / static_cast<T>(r.temperature));
  for (T& v : r.y) v /= sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
