// aligned_apart: entries are taken one by one until y is aligned to 16 bytes, then by vectors of both; an aligned load
// of an x that is aligned otherwise is a fault.
// Caught by: crashed, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const auto apart = reinterpret_cast<std::uintptr_t>(r.x.data()) ^ reinterpret_cast<std::uintptr_t>(r.y.data());
  if (r.x.size() > 4 && apart % 16 != 0) __builtin_trap();
  softmax(r);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
