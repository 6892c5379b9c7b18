// alias_third_row: in place the third row of a call is overwritten before its logits are read again.
// Caught by: in place, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t o = 0; o < c.rows; ++o) {
    const Row<T> r = c.row(o);
    if (o == 2 && c.of.x == c.of.y) softmax(r);
    softmax(r);
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_IN_PLACE | SOFTMAX_AUDIT_SUBNORMALS)
