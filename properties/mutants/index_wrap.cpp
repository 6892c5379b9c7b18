// M48 index_wrap: a flat index of 7 bits; PyTorch #84144 had one of 32.
// Caught by: batch, n ≤ 64
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  std::vector<T> x(c.x.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = c.x[i % 128];
  for (std::size_t o = 0; o < c.rows; ++o)
    softmax(Row<T>{std::span<const T>(x).subspan(o * c.n, c.n), c.y.subspan(o * c.n, c.n), {}, c.of.temperature});
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
