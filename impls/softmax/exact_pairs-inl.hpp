// Arithmetic on unevaluated sums of two doubles, and e^z in it. Proof: exact.md, section 5. Sources: Knuth, TAOCP vol.
// 2, 4.2.2 (two_sum); Dekker 1971 (fast_two_sum, and two_product without a fused multiply-add).
#if defined(AUDIT_EXACT_PAIRS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_EXACT_PAIRS_INL
#undef AUDIT_EXACT_PAIRS_INL
#else
#define AUDIT_EXACT_PAIRS_INL
#endif

#include <cmath>

#include "impls/softmax/exact_bounds.hpp"
#include "impls/softmax/exact_formats-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::correctly_rounded::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// a + b and a - b exactly; fast_two_sum where abs(a) ≥ abs(b) or a = 0.
template <class V>
HWY_INLINE Pair<V> two_sum(V a, V b) {
  const V s = a + b, of_b = s - a;
  return {s, (a - (s - of_b)) + (b - of_b)};
}
template <class V>
HWY_INLINE Pair<V> two_difference(V a, V b) {
  const V s = a - b, of_b = a - s;
  return {s, (a - (s + of_b)) + (of_b - b)};
}
template <class V>
HWY_INLINE Pair<V> fast_two_sum(V a, V b) {
  const V s = a + b;
  return {s, b - (s - a)};
}

/// The upper 26 bits, so that products of halves are exact (Veltkamp).
HWY_INLINE Double upper_half(Double a) {
  const Double c = hn::Set(Doubles(), 0x1p27 + 1) * a;
  return c - (c - a);
}

/// a·b exactly.
HWY_INLINE Pair<double> two_product(double a, double b) { return {a * b, std::fma(a, b, -(a * b))}; }
HWY_INLINE Pair<Double> two_product(Double a, Double b) {
  const Double p = a * b;
#if HWY_NATIVE_FMA
  return {p, hn::MulSub(a, b, p)};
#else
  const Double a_high = upper_half(a), b_high = upper_half(b), a_low = a - a_high, b_low = b - b_high;
  return {p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low};
#endif
}

template <class V>
HWY_INLINE Pair<V> sum(Pair<V> a, Pair<V> b) {
  const Pair<V> s = two_sum(a.hi, b.hi);
  return fast_two_sum(s.hi, s.lo + (a.lo + b.lo));
}
/// The parts may overlap by a few bits.
template <class V>
HWY_INLINE Pair<V> loose_product(Pair<V> a, Pair<V> b) {
  const Pair<V> p = two_product(a.hi, b.hi);
  return {p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi)};
}
template <class V>
HWY_INLINE Pair<V> product(Pair<V> a, Pair<V> b) {
  const Pair<V> p = loose_product(a, b);
  return fast_two_sum(p.hi, p.lo);
}
HWY_INLINE Pair<double> reciprocal(Pair<double> a) {
  const double q = 1 / a.hi;
  return fast_two_sum(q, (std::fma(-q, a.hi, 1.0) - q * a.lo) * q);
}

HWY_INLINE Pair<Double> set(Pair<double> a) { return {hn::Set(Doubles(), a.hi), hn::Set(Doubles(), a.lo)}; }

/// c + r·q, abs(c) ≥ abs(r·q).
HWY_INLINE Pair<Double> horner_step(Pair<Double> c, Pair<Double> r, Pair<Double> q) {
  const Pair<Double> p = loose_product(r, q), s = fast_two_sum(c.hi, p.hi);
  return {s.hi, s.lo + (c.lo + p.lo)};
}

/// 2^pair_scale·e^z for -746 ≤ z.hi ≤ 0, abs(z.lo) ≤ 2^-43: a relative error of at most `pair_exponential_error`.
HWY_INLINE Pair<Double> pair_exponential(Pair<Double> z) {
  const Doubles d;
  const hn::RebindToUnsigned<Doubles> bits;
  const auto c = [&](double v) HWY_ATTR { return hn::Set(d, v); };
  const Double magic = c(0x1.8p52), shifted = hn::MulAdd(z.hi, c(step_of_log.inverse), magic), k = shifted - magic;
  const Double high = hn::NegMulAdd(k, c(step_of_log.high), z.hi);
  const Pair<Double> reduced = two_difference(high, k * c(step_of_log.middle)), with_low = two_sum(reduced.hi, z.lo);
  const Pair<Double> r{with_low.hi, reduced.lo + hn::NegMulAdd(k, c(step_of_log.low), with_low.lo)};

  Double tail = c(taylor[13].hi);
  for (std::size_t i = 12; i >= 6; --i) tail = hn::MulAdd(tail, r.hi, c(taylor[i].hi));
  Pair<Double> q{tail, hn::Zero(d)};
  for (std::size_t i = 5; i >= 1; --i) q = horner_step(set(taylor[i]), r, q);

  const Whole steps = hn::BitCast(bits, shifted);
  const Pair<Double> power{look_up(powers_hi, steps), look_up(powers_lo, steps)};
  const Pair<Double> w = loose_product(r, q), e = horner_step(power, w, power);
  const Whole exponent = hn::And(hn::ShiftLeft<48>(steps), hn::Set(bits, 0xFFF0000000000000));
  const Double scale = hn::BitCast(d, exponent + hn::BitCast(bits, c(power_of_two(pair_scale))));
  const Pair<Double> normalized = fast_two_sum(e.hi, e.lo);
  return {normalized.hi * scale, normalized.lo * scale};
}

/// The logits (x - max)/τ of a row as pairs.
class PairLogits {
 public:
  PairLogits(double max, double temperature) : divided_(temperature != 1) {
    const int halvings = needs_halving(max, temperature) ? 1 : 0;
    half_ = hn::Set(Doubles(), halvings == 1 ? 0.5 : 1);
    max_ = hn::Set(Doubles(), max) * half_;
    int exponent = 0;
    divisor_ = hn::Set(Doubles(), std::frexp(temperature, &exponent));
    exponent -= halvings;
    // 2^-exponent may be no double; half the exponent twice is.
    first_scale_ = hn::Set(Doubles(), std::ldexp(1.0, -exponent / 2));
    second_scale_ = hn::Set(Doubles(), std::ldexp(1.0, -exponent - (-exponent / 2)));
  }

  /// Those below -746 as -746: their softmax is 0 in every format.
  HWY_INLINE Pair<Double> operator()(Double x) const {
    const Double least = hn::Set(Doubles(), least_pair_z);
    Pair<Double> z = two_difference(x * half_, max_);
    if (HWY_UNLIKELY(divided_))
      z = quotient({z.hi * first_scale_ * second_scale_, z.lo * first_scale_ * second_scale_});
    const auto near = hn::Gt(z.hi, least);
    return {hn::IfThenElse(near, z.hi, least), hn::IfThenElseZero(near, z.lo)};
  }

 private:
  HWY_INLINE Pair<Double> quotient(Pair<Double> d) const {
    const Double q = d.hi / divisor_;
    const Pair<Double> p = two_product(q, divisor_);
    return {q, (((d.hi - p.hi) - p.lo) + d.lo) / divisor_};
  }

  bool divided_;
  Double half_ = hn::Zero(Doubles()), max_ = half_, divisor_ = half_, first_scale_ = half_, second_scale_ = half_;
};

/// Σ 2^pair_scale·e^z.
class PairSum {
 public:
  PairSum() : total_{hn::Zero(Doubles()), hn::Zero(Doubles())} {}

  HWY_INLINE void add(Pair<Double> term) { total_ = sum(total_, term); }
  [[nodiscard]] Pair<double> total() const {
    HWY_ALIGN double hi[HWY_MAX_BYTES / sizeof(double)], lo[HWY_MAX_BYTES / sizeof(double)];
    hn::Store(total_.hi, Doubles(), hi);
    hn::Store(total_.lo, Doubles(), lo);
    Pair<double> all{0, 0};
    for (std::size_t i = 0; i < hn::Lanes(Doubles()); ++i) all = sum(all, Pair<double>{hi[i], lo[i]});
    return all;
  }

 private:
  Pair<Double> total_;
};

}  // namespace audit::impls::correctly_rounded::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
