// aligned_down: where y does not begin on 16 bytes, the first store goes to the boundary before it.
// Caught by: trespassed, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const auto at = reinterpret_cast<std::uintptr_t>(r.y.data());
  if (at % 16 != 0) *reinterpret_cast<volatile T*>(at / 16 * 16) = 0;
  softmax(r);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
