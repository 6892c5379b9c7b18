// The cross entropy of a class index, combined: never a softmax, never a logarithm of one.
//
// Source: Blanchard, Higham & Higham 2021, section 4, for log_softmax; the loss is its element at the target, negated.
// Algorithm: a = max x; log1p(Σ others exp(x_i - a)) + (a - x_target). A masked target costs +inf.
// Bound: bounds.md, "Cross entropy": absolute, and free of a common offset.
#include "impls/bounds.hpp"
#include "impls/cross_entropy/loss.hpp"

namespace audit::impls {
namespace {

template <class T>
struct CrossEntropy {
  void operator()(const RowView<T>& row) const {
    row.y[0] = cross_entropy_shifted(row.x, row.n, static_cast<std::size_t>(row.target));
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "absolute t + y + Ḡ + 2 log S + n(1 - g_max), t that of the target, and 2n subnormals",
      .source = "impls/bounds.md, Cross entropy; after Blanchard, Higham & Higham 2021, Thm 4.2",
      .bounds = shifted_cross_entropy,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::cross_entropy,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::cross_entropy, CrossEntropy>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
