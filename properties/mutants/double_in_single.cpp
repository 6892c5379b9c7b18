// double_in_single: f64 rows are computed in f32. Real, in one library that is audited here.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  float sum = 0;
  for (std::size_t j = 0; j < r.x.size(); ++j) {
    const auto e = std::exp(static_cast<float>((r.x[j] - shift) / static_cast<T>(r.temperature)));
    r.y[j] = e;
    sum += e;
  }
  for (T& v : r.y) v = sizeof(T) == 4 ? v / sum : static_cast<T>(static_cast<float>(v) / sum);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
