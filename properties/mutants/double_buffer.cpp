// double_buffer: in calls of several rows the parity of a double buffer decides in which order a row is summed.
// Caught by: deterministic, n ≤ 64
#include <atomic>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  static std::atomic<unsigned> calls{0};
  const std::size_t parts = c.rows > 1 && calls++ % 2 == 1 ? 4 : 1;
  for (std::size_t o = 0; o < c.rows; ++o) softmax_in_parts(c.row(o), parts);
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
