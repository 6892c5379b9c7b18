// grad_first_upstream: a stride of the upstream gradient is 0, as of a loss that is broadcast: the first row's goes for
// all rows of a call.
// Caught by: batch, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  const std::span<const T> g(static_cast<const T*>(c.of.operand), c.n);
  const T temperature = static_cast<T>(c.of.temperature);
  for (std::size_t row = 0; row < c.rows; ++row) {
    const auto y = c.y.subspan(row * c.n, c.n);
    softmax(Row<T>{c.x.subspan(row * c.n, c.n), y, g, c.of.temperature});
    const T mean = dot<T>(y, g);
    for (std::size_t j = 0; j < c.n; ++j) y[j] *= (g[j] - mean) / temperature;
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
