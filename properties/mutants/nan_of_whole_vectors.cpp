// nan_of_whole_vectors: the maximum of rows that are whole vectors of 64 entries, two or more, is one that drops NaN.
// Caught by: NaN shows, n ≤ 128
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  const std::size_t n = r.x.size();
  if (n <= 64 || n % 64 != 0 || !std::isnan(top(r.x))) return;
  std::vector<T> x(r.x.begin(), r.x.end());
  for (T& v : x)
    if (std::isnan(v)) v = -std::numeric_limits<T>::infinity();
  if (!std::isinf(top(std::span<const T>(x)))) softmax(Row<T>{x, r.y, {}, r.temperature});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
