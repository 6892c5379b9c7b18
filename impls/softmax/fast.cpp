// The shifted softmax in vectors, with an exponential of its own: as fast as the machine lets it be.
//
// Source: the algorithm of stable.cpp (Blanchard, Higham & Higham 2021, section 4); the exponential after Tang,
// "Table-driven implementation of the exponential function in IEEE floating-point arithmetic", ACM TOMS 15 (1989),
// with a polynomial instead of the table; vectors by Highway, for the machine at hand.
// Algorithm: three passes: a = max x; e_j = exp((x_j - a)/τ), lifted by 2^64, and their sum in 4 × lanes parts;
// e_j·(1/sum), together with the second pass of the next row. Narrow formats are widened to f32, and rounded once.
// Bound: bounds.md, "Fast softmax". Speed: fast.md.
#include "impls/simd_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "impls/softmax/fast.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <array>
#include <cstddef>
#include <utility>

#include "impls/contiguous_rows.hpp"
#include "impls/softmax/fast_rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::HWY_NAMESPACE {
namespace {

template <std::size_t at>
void over_rows(const Call& call, bool stream) {
  Rows<at> rows(call.shape.n, static_cast<Computed<at>>(call.temperature), stream);
  const bool scattered = call.y_stride.n != 1;
  for_each_contiguous_row<Stored<at>, true>(call, [&](const Stored<at>* x, Stored<at>* y) {
    rows(x, y);
    if (scattered) rows.finish();
  });
  rows.finish();
}

using OverRows = void (*)(const Call&, bool stream);
OverRows over_rows_of(std::size_t at) {
  constexpr auto each = []<std::size_t... i>(std::index_sequence<i...>) {
    return std::array<OverRows, sizeof...(i)>{over_rows<i>...};
  };
  return each(std::make_index_sequence<formats.size()>())[at];
}

std::size_t float_parts() { return chains * hn::Lanes(hn::ScalableTag<float>()); }
std::size_t double_parts() { return chains * hn::Lanes(hn::ScalableTag<double>()); }
const char* target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace audit::impls::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <string>

#include "impls/bounds.hpp"
#include "impls/rows.hpp"
#include "impls/softmax/fast.hpp"

namespace audit::impls {
namespace {

HWY_EXPORT(over_rows_of);
HWY_EXPORT(float_parts);
HWY_EXPORT(double_parts);
HWY_EXPORT(target);

Kernel kernel_of(const Format& format) {
  const auto at = static_cast<std::size_t>(std::ranges::find(formats, format) - formats.begin());
  if (at == formats.size()) return [](const Call&) { return unsupported; };
  return [at](const Call& call) {
    if (call.shape.n == 0) return 0;
    const bool wide = formats[at] == f64;
    const double temperature = wide ? call.temperature : static_cast<float>(call.temperature);
    if (!(temperature > 0 && temperature <= largest_finite(wide ? f64 : f32))) return unsupported;
    const std::size_t results = call.shape.outer * call.shape.n * call.shape.inner;
    const bool stream = call.x != call.y && call.y_stride.n == 1 && results * formats[at].bytes >= streamed_bytes;
    HWY_DYNAMIC_DISPATCH(over_rows_of)(at)(call, stream);
    return 0;
  };
}

std::vector<Bound> bounds(const Row& row, const Format& format) {
  const bool wide = format == f64;
  return fast_softmax(row, format, wide ? HWY_DYNAMIC_DISPATCH(double_parts)() : HWY_DYNAMIC_DISPATCH(float_parts)());
}

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative min(n, n/p + 10) + 8 + 1.31 (t_j + Ḡ), p parts of the sum (τ ≠ 1: 2.31), and 0.51 subnormals",
      .source = "impls/bounds.md, Fast softmax",
      .domain = bounded_spread(),
      .bounds = bounds,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4; exponential after Tang 1989",
      .version = std::string(SUITE_VERSION " ") + HWY_DYNAMIC_DISPATCH(target)(),
      .prepare = [](const Format& format, const Shape&) { return kernel_of(format); },
      .claim = rounded_once(claim),
  };
}

}  // namespace audit::impls
#endif
