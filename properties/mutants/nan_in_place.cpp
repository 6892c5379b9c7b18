// nan_in_place: where the results take the place of the logits, another kernel, whose maximum is by fmax, which drops a
// NaN.
// Caught by: NaN shows, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  const bool in_place = c.of.x == c.of.y;
  for (std::size_t o = 0; o < c.rows; ++o) {
    std::vector<T> x(c.x.begin() + o * c.n, c.x.begin() + (o + 1) * c.n);
    if (in_place) std::ranges::replace_if(x, [](T v) { return std::isnan(v); }, -std::numeric_limits<T>::infinity());
    softmax(Row<T>{x, c.y.subspan(o * c.n, c.n), {}, c.of.temperature});
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_IN_PLACE | SOFTMAX_AUDIT_SUBNORMALS)
