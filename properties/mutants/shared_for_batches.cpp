// shared_for_batches: calls of eight rows or more put their exponentials into a static buffer, others do not.
// Caught by: concurrent calls, n ≤ 64
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  static std::vector<T> scratch(140000);
  for (std::size_t o = 0; o < c.rows; ++o) {
    const Row<T> r = c.row(o);
    softmax(c.rows < 8 ? r : Row<T>{r.x, std::span(scratch).first(c.n), {}, r.temperature});
    if (c.rows >= 8) std::copy_n(scratch.begin(), c.n, r.y.begin());
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_THREAD_SAFE | SOFTMAX_AUDIT_SUBNORMALS)
