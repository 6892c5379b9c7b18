// The softmax with every element correctly rounded, at the speed of an ordinary one.
//
// Source: Ziv, "Fast evaluation of elementary mathematical functions with correctly rounded last bit", ACM TOMS 17
// (1991), on a whole row; the exponential by a table of 2^(i/16) after Tang, ACM TOMS 15 (1989).
// Algorithm: e^((x_j - max)/τ) and their sum in double, y = e/S with a proved error; an integer test on the low bits of
// y says whether all that y can be rounds alike. The few elements where it does not are decided in pairs of doubles,
// where f64 begins; what those leave open in integers, as wide as it takes.
// Bound: exact.md: half an ulp, whatever the row.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "impls/softmax/exact.cpp"
#include "impls/simd_targets.hpp"
// In this order: what it includes, it includes once for each target.
#include <hwy/foreach_target.h>

#include "impls/rows.hpp"
#include "impls/softmax/exact_rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::correctly_rounded::HWY_NAMESPACE {

int over_rows(std::size_t at, const Call& call, Step believed) {
  switch (at) {
    case f64_at:
      return over_rows_in<f64_at>(call, believed);
    case f32_at:
      return over_rows_in<f32_at>(call, believed);
    case f16_at:
      return over_rows_in<f16_at>(call, believed);
    case bf16_at:
      return over_rows_in<bf16_at>(call, believed);
    default:
      return unsupported;
  }
}

const char* target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace audit::impls::correctly_rounded::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <cmath>
#include <string>

#include "impls/softmax/exact.hpp"

namespace audit::impls {
namespace correctly_rounded {

HWY_EXPORT(over_rows);
HWY_EXPORT(target);

/// The SIMD target that runs here.
const char* chosen_target() { return HWY_DYNAMIC_DISPATCH(target)(); }

int softmax(const Format& format, const Call& call, Step believed) {
  if (!(call.temperature > 0 && std::isfinite(call.temperature))) return unsupported;
  const auto at = static_cast<std::size_t>(std::ranges::find(formats, format) - formats.begin());
  return call.shape.n == 0 ? 0 : HWY_DYNAMIC_DISPATCH(over_rows)(at, call, believed);
}

}  // namespace correctly_rounded

Implementation IMPLEMENTATION() {
  const auto half_an_ulp = [](const Row& row, const Format&) {
    std::vector<Bound> bounds;
    for (const double x : row.x) bounds.push_back({.ulps = x == -INFINITY ? 0 : 0.5});
    return bounds;
  };
  return {
      .map = Map::softmax,
      .formats = {f64, f32, f16, bf16},
      .source = "after Ziv 1991 and Tang 1989",
      .version = std::string(SUITE_VERSION " ") + correctly_rounded::chosen_target(),
      .prepare =
          [](const Format& format, const Shape&) {
            return [format](const Call& call) {
              return correctly_rounded::softmax(format, call, correctly_rounded::Step::in_double);
            };
          },
      .claim =
          {
              .bound = "half an ulp: every element of every row correctly rounded",
              .source = "impls/softmax/exact.md",
              .bounds = half_an_ulp,
              .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
          },
  };
}

}  // namespace audit::impls
#endif
