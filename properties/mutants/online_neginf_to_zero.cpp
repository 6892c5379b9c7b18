// M11 online_neginf_to_zero: a first block of masks alone makes the running maximum 0. flash-attention #2082.
// Caught by: masked entries, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T first = top(r.x.first(std::min<std::size_t>(r.x.size(), 4)));
  divide(r, top(r.x, first == -INFINITY && r.x.size() > 4 ? T{0} : first), exact);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
