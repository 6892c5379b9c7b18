// logsumexp by its definition: no maximum is subtracted.
//
// Source: Blanchard, Higham & Higham 2021, section 3.
// Algorithm: log(Σ exp(x_i)).
// Bound: bounds.md, "Unshifted logsumexp": absolute, and not even one entry comes back as it was.
#include <cmath>

#include "impls/bounds.hpp"
#include "impls/rows.hpp"

namespace audit::impls {
namespace {

template <class T>
struct Logsumexp {
  void operator()(const RowView<T>& row) const {
    T sum = 0;
    for (std::size_t i = 0; i < row.n; ++i) sum += std::exp(row.x[i]);
    row.y[0] = std::log(sum);
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "absolute n + 1 + 2 abs(y)",
      .source = "impls/bounds.md, Unshifted logsumexp; Blanchard, Higham & Higham 2021, Thm 3.2",
      .domain =
          {"two entries or more, every exponential of an unmasked one normal and their sum finite, with a factor of e "
           "to spare",
           two_exponentials_fit},
      .bounds = unshifted_logsumexp,
      .all_masked = AllMasked::zero,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic,
  };
  return {
      .map = Map::logsumexp,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 3",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::logsumexp, Logsumexp>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
