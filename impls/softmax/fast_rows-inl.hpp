// The rows of a call of `fast`, one after another. What is what, and why: fast.md.
#if defined(AUDIT_FAST_ROWS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_FAST_ROWS_INL
#undef AUDIT_FAST_ROWS_INL
#else
#define AUDIT_FAST_ROWS_INL
#endif

#include <hwy/aligned_allocator.h>
#include <hwy/cache_control.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "impls/narrow-inl.hpp"
#include "impls/prefetch.hpp"
#include "impls/softmax/exponential-inl.hpp"
#include "impls/softmax/fast.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

/// Vectors that are worked on side by side, so that none waits for the one before it.
constexpr std::size_t chains = 4;

/// What the elements of a format are computed in.
template <std::size_t at>
using Computed = std::conditional_t<formats[at] == f64, double, float>;

/// A vector of the elements of a row, from `from` on.
template <std::size_t at, class D = hn::ScalableTag<Computed<at>>>
struct Whole {
  using S = Stored<at>;
  using V = hn::Vec<D>;
  std::size_t from;

  HWY_INLINE V get(const S* x) const { return widened<at>(D(), hn::LoadU(StoredTag<at, D>(), x + from)); }
  HWY_INLINE void put(V v, S* y) const { hn::StoreU(narrowed<at>(D(), v), StoredTag<at, D>(), y + from); }
  /// Past the caches; y is aligned.
  HWY_INLINE void stream(V v, S* y) const { hn::Stream(narrowed<at>(D(), v), StoredTag<at, D>(), y + from); }
};

/// The last elements, fewer than a vector has; -inf stands beyond them.
template <std::size_t at, class D = hn::ScalableTag<Computed<at>>>
struct Last {
  using S = Stored<at>;
  using V = hn::Vec<D>;
  std::size_t from, count;

  HWY_INLINE V get(const S* x) const {
    HWY_ALIGN Computed<at> some[hn::MaxLanes(D())];
    HWY_ALIGN S stored[hn::MaxLanes(D())] = {};
    std::copy_n(x + from, count, stored);
    hn::Store(widened<at>(D(), hn::Load(StoredTag<at, D>(), stored)), D(), some);
    std::fill(some + count, some + hn::Lanes(D()), -std::numeric_limits<Computed<at>>::infinity());
    return hn::Load(D(), some);
  }
  HWY_INLINE void put(V v, S* y) const {
    HWY_ALIGN S stored[hn::MaxLanes(D())];
    hn::Store(narrowed<at>(D(), v), StoredTag<at, D>(), stored);
    std::copy_n(stored, count, y + from);
  }
  HWY_INLINE void stream(V v, S* y) const { put(v, y); }
};

/// Calls step(part, chain) for all of a row in order: Wholes, chain by chain, and a Last.
template <std::size_t at, class Step>
HWY_INLINE void for_each_vector(std::size_t n, Step step) {
  const std::size_t lanes = hn::Lanes(hn::ScalableTag<Computed<at>>());
  std::size_t i = 0;
  for (; i + chains * lanes <= n; i += chains * lanes) {
    step(Whole<at>{i}, 0);
    step(Whole<at>{i + lanes}, 1);
    step(Whole<at>{i + 2 * lanes}, 2);
    step(Whole<at>{i + 3 * lanes}, 3);
  }
  for (; i + lanes <= n; i += lanes) step(Whole<at>{i}, 0);
  if (i < n) step(Last<at>{i, n - i}, 0);
}

/// A step of for_each_vector: inlined, lest its sums live in memory.
#define AUDIT_STEP HWY_ATTR __attribute__((always_inline))

template <std::size_t at>
HWY_INLINE Computed<at> maximum(const Stored<at>* x, std::size_t n) {
  const hn::ScalableTag<Computed<at>> d;
  const auto lowest = hn::Set(d, -std::numeric_limits<Computed<at>>::infinity());
  hn::Vec<decltype(d)> most[chains] = {lowest, lowest, lowest, lowest};
  for_each_vector<at>(
      n, [&](auto part, std::size_t chain) AUDIT_STEP { most[chain] = hn::Max(most[chain], part.get(x)); });
  return hn::GetLane(hn::MaxOfLanes(d, hn::Max(hn::Max(most[0], most[1]), hn::Max(most[2], most[3]))));
}

/// z_j = (x_j - a)/τ for a vector of a row; not divided where τ = 1.
template <bool divided, class D>
class Gaps {
  using V = hn::Vec<D>;

 public:
  Gaps(hn::TFromD<D> a, hn::TFromD<D> temperature) : top_(hn::Set(D(), a)), temperature_(hn::Set(D(), temperature)) {}
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

/// Rows of one length, side by side. The results of a row are written while the next one is computed: memory and
/// arithmetic are busy at the same time.
template <std::size_t at>
class Rows {
  using S = Stored<at>;
  using T = Computed<at>;
  using D = hn::ScalableTag<T>;
  using V = hn::Vec<D>;

 public:
  /// `stream`: results go past the caches, where they are aligned.
  Rows(std::size_t n, T temperature, bool stream)
      : n_(n),
        temperature_(temperature),
        stream_(stream && sizeof(S) * hn::MaxLanes(D()) >= 16),
        exponentials_(hwy::AllocateAligned<T>(n <= kept ? n + hn::MaxLanes(D()) : 1)) {}

  /// y may be x.
  void operator()(const S* x, S* y) { temperature_ == 1 ? compute<false>(x, y) : compute<true>(x, y); }

  /// After the last row.
  void finish() {
    if (waiting_)
      write(waiting_, [this](const auto& part) AUDIT_STEP { return hn::Load(D(), exponentials_.get() + part.from); });
    waiting_ = nullptr;
    if (stream_) hwy::FlushStream();
  }

 private:
  [[nodiscard]] bool streams_to(const S* y) const {
    return y && stream_ && reinterpret_cast<std::uintptr_t>(y) % HWY_ALIGNMENT == 0;
  }
  static HWY_INLINE T total(const V (&sums)[chains]) {
    return hn::GetLane(hn::SumOfLanes(D(), (sums[0] + sums[1]) + (sums[2] + sums[3])));
  }

  template <bool divided>
  HWY_INLINE void compute(const S* x, S* y) {
    const Gaps<divided, D> gaps(maximum<at>(x, n_), temperature_);
    if (n_ <= kept) {
      factor_ = 1 / sum_and_write(x, gaps);
      waiting_ = y;
    } else {
      compute_twice(x, gaps, y);
    }
  }

  /// Σ e_j, e_j = 2^lift·e^(z_j), which stay behind; where those of the row before have stood, they are written.
  template <class Z>
  HWY_INLINE T sum_and_write(const S* x, const Z& gaps) {
    const D d;
    S* const y = waiting_;
    T* const exponentials = exponentials_.get();
    const bool streams = streams_to(y);
    const std::size_t ahead = elements_ahead(n_, sizeof(S));
    const V factor = hn::Set(d, factor_);
    V sums[chains] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
    for_each_vector<at>(n_, [&](auto part, std::size_t chain) AUDIT_STEP {
      T* const e = exponentials + part.from;
      hwy::Prefetch(x + part.from + ahead);
      if (HWY_UNLIKELY(streams)) {
        part.stream(hn::Load(d, e) * factor, y);
      } else if (HWY_LIKELY(y != nullptr)) {
        hwy::Prefetch(y + part.from + ahead);
        part.put(hn::Load(d, e) * factor, y);
      }
      const V term = lifted_exponential(d, gaps(part.get(x)));
      hn::Store(term, d, e);
      sums[chain] = sums[chain] + term;
    });
    return total(sums);
  }

  template <class Z>
  HWY_NOINLINE void compute_twice(const S* x, const Z& gaps, S* y) {
    const D d;
    V sums[chains] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
    const auto exponential = [&](const auto& part) AUDIT_STEP { return lifted_exponential(d, gaps(part.get(x))); };
    for_each_vector<at>(
        n_, [&](auto part, std::size_t chain) AUDIT_STEP { sums[chain] = sums[chain] + exponential(part); });
    factor_ = 1 / total(sums);
    write(y, exponential);
  }

  /// y_j = e_j·factor.
  template <class Exponential>
  HWY_INLINE void write(S* y, const Exponential& exponential) const {
    const V factor = hn::Set(D(), factor_);
    if (streams_to(y))
      for_each_vector<at>(n_, [&](auto part, std::size_t) AUDIT_STEP { part.stream(exponential(part) * factor, y); });
    else
      for_each_vector<at>(n_, [&](auto part, std::size_t) AUDIT_STEP { part.put(exponential(part) * factor, y); });
  }

  std::size_t n_;
  T temperature_, factor_ = 0;
  bool stream_;
  hwy::AlignedFreeUniquePtr<T[]> exponentials_;
  S* waiting_ = nullptr;  ///< where the results of the row before belong
};

#undef AUDIT_STEP

}  // namespace
}  // namespace audit::impls::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
