// M45 tail_overwrite: the last vector of eight is written whole, past the end.
// Caught by: trespassed, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  for (std::size_t j = r.y.size(); j % 8 != 0; ++j) const_cast<volatile T&>(r.y.data()[j]) = 0;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
