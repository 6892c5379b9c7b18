// The shifted softmax in vectors, with an exponential of its own: as fast as the machine lets it be.
//
// Source: the algorithm of stable.cpp (Blanchard, Higham & Higham 2021, section 4); the exponential after Tang,
// "Table-driven implementation of the exponential function in IEEE floating-point arithmetic", ACM TOMS 15 (1989),
// with a polynomial instead of the table; vectors by Highway, for the machine at hand.
// Algorithm: three passes: a = max x; e_j = exp((x_j - a)/τ), lifted by 2^64, into y, and their sum in 4 × lanes parts;
// e_j·(1/sum). In a narrow format e stays in f32, and the product is rounded.
// Bound: bounds.md, "Fast softmax".
#include "impls/simd_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "impls/softmax/fast.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "impls/softmax/exponential-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

/// Vectors that are worked on side by side, so that none waits for the one before it.
constexpr std::size_t chains = 4;

/// A whole vector of the elements of a row, from `at` on.
template <class D, class T = hn::TFromD<D>, class V = hn::Vec<D>>
struct Whole {
  D d;
  std::size_t at, chain;

  HWY_INLINE V get(const T* from) const { return hn::LoadU(d, from + at); }
  HWY_INLINE void put(V v, T* to) const { hn::StoreU(v, d, to + at); }
  /// Past the caches; `to` is aligned.
  HWY_INLINE void stream(V v, T* to) const { hn::Stream(v, d, to + at); }
};

/// The last elements of a row, fewer than a vector has; -inf stands beyond them.
template <class D, class T = hn::TFromD<D>, class V = hn::Vec<D>>
struct Last {
  static constexpr std::size_t chain = 0;
  D d;
  std::size_t at, count;

  HWY_INLINE V get(const T* from) const {
    HWY_ALIGN T some[hn::MaxLanes(D())];
    hn::Store(hn::Set(d, -std::numeric_limits<T>::infinity()), d, some);
    std::copy_n(from + at, count, some);
    return hn::Load(d, some);
  }
  HWY_INLINE void put(V v, T* to) const {
    HWY_ALIGN T some[hn::MaxLanes(D())];
    hn::Store(v, d, some);
    std::copy_n(some, count, to + at);
  }
  HWY_INLINE void stream(V v, T* to) const { put(v, to); }
};

/// Calls step for all of a row in order, in Wholes, chain by chain, and a Last.
template <class D, class Step>
HWY_INLINE void for_each_vector(D d, std::size_t n, Step step) {
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + chains * lanes <= n; i += chains * lanes) {
    step(Whole<D>{d, i, 0});
    step(Whole<D>{d, i + lanes, 1});
    step(Whole<D>{d, i + 2 * lanes, 2});
    step(Whole<D>{d, i + 3 * lanes, 3});
  }
  for (; i + lanes <= n; i += lanes) step(Whole<D>{d, i, 0});
  if (i < n) step(Last<D>{d, i, n - i});
}

template <class T>
T maximum(const T* x, std::size_t n) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const V lowest = hn::Set(d, -std::numeric_limits<T>::infinity());
  V most[chains] = {lowest, lowest, lowest, lowest};
  for_each_vector(d, n, [&](auto part) HWY_ATTR { most[part.chain] = hn::Max(most[part.chain], part.get(x)); });
  return hn::GetLane(hn::MaxOfLanes(d, hn::Max(hn::Max(most[0], most[1]), hn::Max(most[2], most[3]))));
}

/// z_j = (x_j - a)/τ for a vector of a row; not divided where τ = 1.
template <bool divided, class D, class V = hn::Vec<D>>
class Gaps {
  using T = hn::TFromD<D>;

 public:
  Gaps(D d, T a, T temperature) : top_(hn::Set(d, a)), temperature_(hn::Set(d, temperature)) {}
  HWY_INLINE V operator()(V x) const {
    if constexpr (divided) {
      return (x - top_) / temperature_;
    } else {
      return x - top_;
    }
  }

 private:
  V top_, temperature_;
};

/// Σ e_j, e_j = 2^lift·e^(z_j), which go into e where there is one. Meanwhile the row that begins n after x, which is
/// the next one as a rule, is fetched.
template <bool keep, class D, class Z, class T>
T sum_of_exponentials(D d, const Z& gaps, const T* x, T* e, std::size_t n) {
  using V = hn::Vec<D>;
  V sum[chains] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
  for_each_vector(d, n, [&](auto part) HWY_ATTR {
    if constexpr (keep) hwy::Prefetch(x + n + part.at);
    const V y = lifted_exponential(d, gaps(part.get(x)));
    if constexpr (keep) part.put(y, e);
    sum[part.chain] = sum[part.chain] + y;
  });
  return hn::GetLane(hn::SumOfLanes(d, (sum[0] + sum[1]) + (sum[2] + sum[3])));
}

/// Rows up to here keep their exponentials between the passes; of longer ones they are computed twice, which costs less
/// than the way to memory.
constexpr std::size_t kept = 65536;

/// y may be x. Where the results are streamed, y lies on a vector's boundary and the exponentials go to `scratch`.
template <bool divided, class T>
void softmax(const T* x, T* y, std::size_t n, T temperature, T* scratch) {
  const hn::ScalableTag<T> d;
  const Gaps<divided, hn::ScalableTag<T>> gaps(d, maximum(x, n), temperature);
  const bool keep = n <= kept;
  T* const e = scratch ? scratch : y;
  const T sum = keep ? sum_of_exponentials<true>(d, gaps, x, e, n) : sum_of_exponentials<false>(d, gaps, x, e, n);
  const auto factor = hn::Set(d, 1 / sum);
  const auto again = [&](const auto& part) HWY_ATTR { return lifted_exponential(d, gaps(part.get(x))) * factor; };
  const auto stored = [&](const auto& part) HWY_ATTR { return part.get(e) * factor; };
  const auto write = [&](const auto& result) HWY_ATTR {
    if (scratch)
      for_each_vector(d, n, [&](auto part) HWY_ATTR { part.stream(result(part), y); });
    else
      for_each_vector(d, n, [&](auto part) HWY_ATTR { part.put(result(part), y); });
  };
  keep ? write(stored) : write(again);
}

template <class T>
void softmax_at(const T* x, T* y, std::size_t n, T temperature, T* scratch) {
  temperature == 1 ? softmax<false>(x, y, n, temperature, scratch) : softmax<true>(x, y, n, temperature, scratch);
}
void softmax_f32(const float* x, float* y, std::size_t n, float temperature, float* scratch) {
  softmax_at(x, y, n, temperature, scratch);
}
void softmax_f64(const double* x, double* y, std::size_t n, double temperature, double* scratch) {
  softmax_at(x, y, n, temperature, scratch);
}

std::size_t float_parts() { return chains * hn::Lanes(hn::ScalableTag<float>()); }
std::size_t double_parts() { return chains * hn::Lanes(hn::ScalableTag<double>()); }
const char* target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace audit::impls::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <hwy/aligned_allocator.h>
#include <unistd.h>

#include <string>

#include "impls/bounds.hpp"
#include "impls/rows.hpp"

namespace audit::impls {
namespace {

HWY_EXPORT(softmax_f32);
HWY_EXPORT(softmax_f64);
HWY_EXPORT(float_parts);
HWY_EXPORT(double_parts);
HWY_EXPORT(target);

void softmax(const float* x, float* y, std::size_t n, float temperature, float* scratch) {
  HWY_DYNAMIC_DISPATCH(softmax_f32)(x, y, n, temperature, scratch);
}
void softmax(const double* x, double* y, std::size_t n, double temperature, double* scratch) {
  HWY_DYNAMIC_DISPATCH(softmax_f64)(x, y, n, temperature, scratch);
}

/// From here on a call's results go past the caches: with its logits they would not fit into the last one.
std::size_t streamed_bytes() {
  static const long last = sysconf(_SC_LEVEL3_CACHE_SIZE);
  return (last > 0 ? static_cast<std::size_t>(last) : std::size_t{1} << 25) / 2;
}

/// Rows whose elements are not side by side are answered in a copy.
template <class T>
class Fast {
 public:
  /// For the rows of a call where they lie.
  explicit Fast(const Call& call)
      : stream_(call.x != call.y && sizeof(T) * rows(call) * call.shape.n >= streamed_bytes()),
        scratch_(stream_ || !side_by_side(call) ? hwy::AllocateAligned<T>(call.shape.n) : nullptr) {}
  /// For widened rows: side by side, and read again at once.
  Fast() = default;
  Fast(const Fast&) = delete;
  Fast& operator=(const Fast&) = delete;
  ~Fast() {
    if (stream_) hwy::FlushStream();
  }

  void operator()(const RowView<T>& row) {
    if (row.x.step == 1 && row.y.step == 1) {
      const bool aligned = reinterpret_cast<std::uintptr_t>(row.y.first) % HWY_ALIGNMENT == 0;
      return softmax(row.x.first, row.y.first, row.n, row.temperature, stream_ && aligned ? scratch_.get() : nullptr);
    }
    for (std::size_t j = 0; j < row.n; ++j) scratch_[j] = row.x[j];
    softmax(scratch_.get(), scratch_.get(), row.n, row.temperature, static_cast<T*>(nullptr));
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = scratch_[j];
  }

 private:
  static std::size_t rows(const Call& call) { return call.shape.outer * call.shape.inner; }
  static bool side_by_side(const Call& call) { return call.x_stride.n == 1 && call.y_stride.n == 1; }

  bool stream_ = false;
  hwy::AlignedFreeUniquePtr<T[]> scratch_;
};

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
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, Fast>(format); },
      .claim = rounded_once(claim),
  };
}

}  // namespace audit::impls
#endif
