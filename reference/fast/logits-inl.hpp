// From a row to z_i = (s_i - max s)/τ ≤ 0 as pairs, s_i = x_i or x_i + noise_i. Errors: proof.md, section 4.
#if defined(AUDIT_FAST_LOGITS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_FAST_LOGITS_INL
#undef AUDIT_FAST_LOGITS_INL
#else
#define AUDIT_FAST_LOGITS_INL
#endif

#include "impls/contract.hpp"
#include "reference/fast/fast.hpp"
#include "reference/fast/pairs-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::reference::fast::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Calls step(i, count) for n elements, a vector at a time; only the last count may be less than a vector.
template <class D, class Step>
HWY_INLINE void for_each_vector(D d, std::size_t n, const Step& step) {
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) step(i, lanes);
  if (i < n) step(i, n - i);
}

/// count elements from p on; the lanes beyond them hold `padding`.
template <class D>
HWY_INLINE hn::Vec<D> load(D d, const double* p, std::size_t count, double padding) {
  if (count == hn::Lanes(d)) return hn::LoadU(d, p);
  const auto valid = hn::FirstN(d, count);
  return hn::IfThenElse(valid, hn::MaskedLoad(valid, d, p), hn::Set(d, padding));
}
template <class D>
HWY_INLINE void store(D d, hn::Vec<D> v, double* p, std::size_t count) {
  if (count == hn::Lanes(d)) return hn::StoreU(v, d, p);
  hn::BlendedStore(v, hn::FirstN(d, count), d, p);
}

/// One vector of z: which lanes are masked or stand at the maximum (there z = 0, and nowhere else), and the others.
template <class D>
struct Shifted {
  Pair<hn::Vec<D>> z;
  hn::Mask<D> masked, top;
};

/// The logits x themselves.
class Plain {
 public:
  explicit Plain(const impls::Row& row) : x_(row.x.data()), n_(row.x.size()) {}

  static constexpr bool exact = true;

  template <class D>
  Status find_top(D d) {
    using V = hn::Vec<D>;
    const V infinity = hn::Set(d, INFINITY);
    V top = hn::Neg(infinity);
    auto ordinary = hn::Eq(top, top);
    for_each_vector(d, n_, [&](std::size_t i, std::size_t count) AUDIT_STEP {
      const V x = load(d, x_ + i, count, -INFINITY);
      ordinary = hn::And(ordinary, hn::Lt(x, infinity));
      top = hn::Max(top, x);
    });
    if (!hn::AllTrue(d, ordinary)) return Status::special;
    top_ = hn::GetLane(hn::MaxOfLanes(d, top));
    return top_ == -INFINITY ? Status::special : Status::certified;
  }

  [[nodiscard]] std::size_t size() const { return n_; }
  [[nodiscard]] double top() const { return top_; }

  template <class D>
  HWY_INLINE Shifted<D> difference(D d, std::size_t i, std::size_t count) const {
    const auto x = load(d, x_ + i, count, -INFINITY), top = hn::Set(d, top_);
    return {two_difference(x, top), hn::Eq(x, hn::Set(d, -INFINITY)), hn::Eq(x, top)};
  }

 private:
  const double* x_;
  std::size_t n_;
  double top_ = 0;
};

/// x + noise, exactly.
class Noisy {
 public:
  explicit Noisy(const impls::Row& row) : x_(row.x.data()), noise_(row.operand.data()), n_(row.x.size()) {}

  static constexpr bool exact = false;

  template <class D>
  Status find_top(D d) {
    using V = hn::Vec<D>;
    const V infinity = hn::Set(d, INFINITY);
    Pair<V> top{hn::Neg(infinity), hn::Zero(d)};
    auto ordinary = hn::Eq(top.hi, top.hi);
    for_each_vector(d, n_, [&](std::size_t i, std::size_t count) AUDIT_STEP {
      const V x = load(d, x_ + i, count, -INFINITY), noise = load(d, noise_ + i, count, 0);
      ordinary = hn::And(ordinary, hn::And(hn::Lt(x, infinity), hn::Lt(hn::Abs(noise), infinity)));
      const Pair<V> s = two_sum(x, noise);
      const auto above = hn::Or(hn::Gt(s.hi, top.hi), hn::And(hn::Eq(s.hi, top.hi), hn::Gt(s.lo, top.lo)));
      top = {hn::IfThenElse(above, s.hi, top.hi), hn::IfThenElse(above, s.lo, top.lo)};
    });
    if (!hn::AllTrue(d, ordinary)) return Status::special;
    HWY_ALIGN double hi[hn::MaxLanes(d)], lo[hn::MaxLanes(d)];
    hn::Store(top.hi, d, hi);
    hn::Store(top.lo, d, lo);
    top_ = {hi[0], lo[0]};
    for (std::size_t i = 1; i < hn::Lanes(d); ++i)
      if (hi[i] > top_.hi || (hi[i] == top_.hi && lo[i] > top_.lo)) top_ = {hi[i], lo[i]};
    if (top_.hi == -INFINITY) return Status::special;
    return std::abs(top_.hi) < 0x1p1000 ? Status::certified : Status::off;
  }

  [[nodiscard]] std::size_t size() const { return n_; }
  [[nodiscard]] double top() const { return top_.hi; }

  /// hi and lo of s - top, from the exact sum of s.hi - top.hi and s.lo - top.lo.
  template <class D>
  HWY_INLINE Shifted<D> difference(D d, std::size_t i, std::size_t count) const {
    const auto x = load(d, x_ + i, count, -INFINITY), noise = load(d, noise_ + i, count, 0);
    const auto s = two_sum(x, noise);
    const auto top_hi = hn::Set(d, top_.hi), top_lo = hn::Set(d, top_.lo);
    const auto high = two_difference(s.hi, top_hi), low = two_difference(s.lo, top_lo);
    const auto middle = two_sum(high.lo, low.hi);
    const auto z = two_sum(high.hi, middle.hi);
    return {{z.hi, z.lo + (middle.lo + low.lo)},
            hn::Eq(x, hn::Set(d, -INFINITY)),
            hn::And(hn::Eq(s.hi, top_hi), hn::Eq(s.lo, top_lo))};
  }

 private:
  const double* x_;
  const double* noise_;
  std::size_t n_;
  Pair<double> top_{0, 0};
};

/// A row of either with its temperature, ready to be shifted.
template <class Scores>
class Logits {
 public:
  explicit Logits(const impls::Row& row) : scores_(row), temperature_(row.temperature), inverse_(1 / row.temperature) {}

  /// Whether this row is one for the fast path; the other members need `certified`.
  template <class D>
  Status prepare(D d) {
    if (!(temperature_ >= 0x1p-200 && temperature_ <= 0x1p200)) return Status::off;
    const Status status = scores_.find_top(d);
    if (status != Status::certified) return status;
    return Scores::exact || std::abs(top()) * inverse_ <= 0x1p80 ? Status::certified : Status::off;
  }

  [[nodiscard]] std::size_t size() const { return scores_.size(); }
  [[nodiscard]] double top() const { return scores_.top(); }
  /// Whether z is exact, and a bound on the relative error of e^z, -1000 ≤ z, where it is not; in u².
  [[nodiscard]] bool exact() const { return Scores::exact && temperature_ == 1; }
  [[nodiscard]] double error() const {
    const double of_difference = Scores::exact ? 0 : 1001 + 12 * u * (1000 + std::abs(top()) * inverse_);
    return of_difference + (temperature_ == 1 ? 0 : 12000);
  }

  /// Where s is masked or s - top overflows, z is -inf and any number.
  template <class D>
  HWY_INLINE Shifted<D> shifted(D d, std::size_t i, std::size_t count) const {
    Shifted<D> s = scores_.difference(d, i, count);
    if (temperature_ == 1) return s;
    const auto inverse = hn::Set(d, inverse_);
    const auto hi = s.z.hi * inverse;
    const auto remainder = fused_from(hi, hn::Set(d, temperature_), s.z.hi);
    s.z = {hi, (remainder + s.z.lo) * inverse};
    return s;
  }

 private:
  Scores scores_;
  double temperature_;
  double inverse_;
};

}  // namespace audit::reference::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
