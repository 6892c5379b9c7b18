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
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <limits>

#include "impls/softmax/exponential-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

/// Vectors that are worked on side by side, so that none waits for the one before it.
constexpr std::size_t chains = 4;

/// A row where it lies: whole vectors, and at its end as many elements as are left.
template <class D, class T = hn::TFromD<D>, class V = hn::Vec<D>>
class Elements {
 public:
  Elements(D d, std::size_t n) : d_(d), n_(n), lanes_(hn::Lanes(d)) {}

  /// Calls step(get, put, chain) for every vector in order; get(array) gives its elements of an array, with -inf
  /// beyond the end, put(v, array) writes them.
  template <class Step>
  HWY_INLINE void each(Step step) const {
    std::size_t i = 0;
    const auto whole = [&](std::size_t chain) HWY_ATTR {
      const std::size_t at = i + chain * lanes_;
      step([&](const T* from) HWY_ATTR { return hn::LoadU(d_, from + at); },
           [&](V v, T* to) HWY_ATTR { hn::StoreU(v, d_, to + at); }, chain);
    };
    for (; i + chains * lanes_ <= n_; i += chains * lanes_) {
#pragma GCC unroll 4
      for (std::size_t chain = 0; chain < chains; ++chain) whole(chain);
    }
    for (; i + lanes_ <= n_; i += lanes_) whole(0);
    if (i < n_)
      step([&](const T* from) HWY_ATTR { return first(from + i); }, [&](V v, T* to) HWY_ATTR { put_first(v, to + i); },
           0);
  }

 private:
  [[nodiscard]] HWY_INLINE V first(const T* from) const {
    HWY_ALIGN T some[hn::MaxLanes(D())];
    hn::Store(hn::Set(d_, -std::numeric_limits<T>::infinity()), d_, some);
    std::copy_n(from, n_ % lanes_, some);
    return hn::Load(d_, some);
  }
  HWY_INLINE void put_first(V v, T* to) const {
    HWY_ALIGN T some[hn::MaxLanes(D())];
    hn::Store(v, d_, some);
    std::copy_n(some, n_ % lanes_, to);
  }

  D d_;
  std::size_t n_, lanes_;
};

template <class T>
T maximum(const T* x, std::size_t n) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const V lowest = hn::Set(d, -std::numeric_limits<T>::infinity());
  V most[chains] = {lowest, lowest, lowest, lowest};
  Elements(d, n).each([&](auto get, auto, std::size_t chain) HWY_ATTR { most[chain] = hn::Max(most[chain], get(x)); });
  return hn::GetLane(hn::MaxOfLanes(d, hn::Max(hn::Max(most[0], most[1]), hn::Max(most[2], most[3]))));
}

/// y_j = 2^lift·e^((x_j - a)/τ); gives their sum.
template <bool with_temperature, class T>
T exponentials(const T* x, T* y, std::size_t n, T a, T inverse_temperature) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const V top = hn::Set(d, a), inverse = hn::Set(d, inverse_temperature);
  V sum[chains] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
  Elements(d, n).each([&](auto get, auto put, std::size_t chain) HWY_ATTR {
    V z = get(x) - top;
    if constexpr (with_temperature) z = z * inverse;
    const V e = lifted_exponential(d, z);
    put(e, y);
    sum[chain] = sum[chain] + e;
  });
  return hn::GetLane(hn::SumOfLanes(d, (sum[0] + sum[1]) + (sum[2] + sum[3])));
}

template <class T>
void multiply(T* y, std::size_t n, T by) {
  const hn::ScalableTag<T> d;
  const auto factor = hn::Set(d, by);
  Elements(d, n).each([&](auto get, auto put, std::size_t) HWY_ATTR { put(get(y) * factor, y); });
}

/// y may be x.
template <class T>
void softmax(const T* x, T* y, std::size_t n, T temperature) {
  const T a = maximum(x, n);
  const T sum =
      temperature == 1 ? exponentials<false>(x, y, n, a, T{1}) : exponentials<true>(x, y, n, a, 1 / temperature);
  multiply(y, n, 1 / sum);
}

void softmax_f32(const float* x, float* y, std::size_t n, float temperature) { softmax(x, y, n, temperature); }
void softmax_f64(const double* x, double* y, std::size_t n, double temperature) { softmax(x, y, n, temperature); }

}  // namespace
}  // namespace audit::impls::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <vector>

#include "impls/bounds.hpp"
#include "impls/rows.hpp"

namespace audit::impls {
namespace {

HWY_EXPORT(softmax_f32);
HWY_EXPORT(softmax_f64);

void softmax(const float* x, float* y, std::size_t n, float temperature) {
  HWY_DYNAMIC_DISPATCH(softmax_f32)(x, y, n, temperature);
}
void softmax(const double* x, double* y, std::size_t n, double temperature) {
  HWY_DYNAMIC_DISPATCH(softmax_f64)(x, y, n, temperature);
}

/// Rows whose elements are not side by side are answered in a copy.
template <class T>
struct Fast {
  std::vector<T> copy;

  void operator()(const RowView<T>& row) {
    if (row.x.step == 1 && row.y.step == 1) return softmax(row.x.first, row.y.first, row.n, row.temperature);
    copy.resize(row.n);
    for (std::size_t j = 0; j < row.n; ++j) copy[j] = row.x[j];
    softmax(copy.data(), copy.data(), row.n, row.temperature);
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = copy[j];
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative n/4 + 12 + 1.4 (t_j + Ḡ) (τ ≠ 1: 3.4), and a subnormal",
      .source = "impls/bounds.md, Fast softmax",
      .domain = "finite and masked entries, max - min at most half the largest number, or any with τ below max/800",
      .in_domain = spread_fits,
      .bounds = shifted_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4; exponential after Tang 1989",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, Fast>(format); },
      .claim = rounded_once(claim),
  };
}

}  // namespace audit::impls
#endif
