// M36 log_eps: log(p + 1e-5). fastText.
// Caught by: range, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  for (T& v : r.y) v = std::log(v + T{1e-5f});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_LOG_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
