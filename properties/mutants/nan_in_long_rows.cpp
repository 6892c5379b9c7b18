// nan_in_long_rows: beyond 1024 entries the maximum is taken block by block, by fmax, which drops a NaN, and the
// exponential of one is 0.
// Caught by: NaN shows, n ≤ 1030
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> x(r.x.begin(), r.x.end());
  if (x.size() > 1024)
    std::ranges::replace_if(x, [](T v) { return std::isnan(v); }, -std::numeric_limits<T>::infinity());
  softmax(Row<T>{x, r.y, {}, r.temperature});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
