// The cross entropy of a class index as it is often written: nll(log(softmax(x))).
//
// Source: the composition; the softmax is that of Blanchard, Higham & Higham 2021, section 4.
// Algorithm: the target's component of the shifted softmax, its logarithm negated: +inf where the component underflows.
// Bound: bounds.md, "Cross entropy": the softmax's relative error becomes an absolute one, so that of a loss below
// (n + 4)u, that of a row well classified, no digit is left.
#include <cmath>
#include <vector>

#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct NllOfSoftmax {
  std::vector<T> softmax;

  void operator()(const RowView<T>& row) {
    softmax.resize(row.n);
    write_shifted_softmax(row.x, {softmax.data()}, row.n, T{1});
    row.y[0] = -std::log(softmax[static_cast<std::size_t>(row.target)]);
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "absolute n + 4 + t + Ḡ + 2y, t that of the target: below n + 4 no digit is left",
      .source = "impls/bounds.md, Cross entropy",
      .domain = {"the softmax of the target normal, with a factor of e to spare", target_fits},
      .bounds = log_of_shifted_cross_entropy,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact,
  };
  return {
      .map = Map::cross_entropy,
      .formats = rowwise_formats(),
      .source = "-log after Blanchard, Higham & Higham 2021, section 4",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::cross_entropy, NllOfSoftmax>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
