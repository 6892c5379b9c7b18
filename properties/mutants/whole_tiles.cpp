// whole_tiles: the first entry of the second tile of 4096 is lost where a row is nothing but whole tiles.
// Caught by: error within claim, n ≤ 8192
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  if (r.x.size() > 4096 && r.x.size() % 4096 == 0) r.y[4096] = 0;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
