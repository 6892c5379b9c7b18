// many_rows: rows are shared out to blocks of 256; the rest of a division is given to nobody where there is one.
// Caught by: batch, n ≤ 1
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  const std::size_t done = c.rows < 256 ? c.rows : c.rows / 256 * 256;
  for (std::size_t o = 0; o < done; ++o) softmax(c.row(o));
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
