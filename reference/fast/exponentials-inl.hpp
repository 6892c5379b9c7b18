// e^z for z ≤ 0 given as an unevaluated sum, in double and in pairs of doubles: reduction by k·log 2 and the Taylor
// series, no tables. Errors: proof.md, sections 2 and 3.
#if defined(AUDIT_FAST_EXPONENTIALS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_FAST_EXPONENTIALS_INL
#undef AUDIT_FAST_EXPONENTIALS_INL
#else
#define AUDIT_FAST_EXPONENTIALS_INL
#endif

#include "reference/fast/pairs-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::reference::fast::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// k, the integer nearest to z/log 2, and k·2^52, which added to the bits of a number multiplies it by 2^k.
template <class D>
struct Binades {
  hn::Vec<D> k;
  hn::Vec<hn::RebindToUnsigned<D>> bits;
};
template <class D, class V = hn::Vec<D>>
HWY_INLINE Binades<D> binades(D d, V z) {
  // Adding 1.5·2^52 leaves an integer in the low bits of the sum.
  const V magic = hn::Set(d, 0x1.8p52), shifted = fused(z, hn::Set(d, log2.inverse), magic);
  return {shifted - magic, hn::ShiftLeft<52>(hn::BitCast(hn::RebindToUnsigned<D>(), shifted))};
}

/// Σ r^(i - 2)/i! for i = 2 … 13, in double: by fours (Estrin), the shortest way.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V short_series(D d, V r, V square) {
  const auto c = [&](int i) AUDIT_STEP { return hn::Set(d, taylor[i].hi); };
  const auto four = [&](int i)
                        AUDIT_STEP { return fused(fused(c(i + 3), r, c(i + 2)), square, fused(c(i + 1), r, c(i))); };
  const V fourth = square * square;
  return fused(fused(four(10), fourth, four(6)), fourth, four(2));
}

/// e^(z.hi + z.lo), relative error ≤ 1.6 u, for -700 ≤ z.hi ≤ 0 and abs(z.lo) ≤ 2^-41; anything for other z.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V exponential(D d, Pair<V> z) {
  const hn::RebindToUnsigned<D> bits;
  const Binades<D> binade = binades(d, z.hi);
  const V r = fused_from(binade.k, hn::Set(d, log2.high), z.hi) + fused_from(binade.k, hn::Set(d, log2.tail), z.lo);
  const V square = r * r;
  const Pair<V> linear = quick_two_sum(hn::Set(d, 1.0), r);
  const V e = linear.hi + fused(square, short_series(d, r, square), linear.lo);
  return hn::BitCast(d, hn::BitCast(bits, e) + binade.bits);
}

/// Σ r^(i - 13)/i! for i = 13 … 22, in double: the even powers and the odd ones apart, as two chains.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V last_terms(D d, V r) {
  const V square = r * r;
  V odd = hn::Set(d, taylor[last_term - 1].hi), even = hn::Set(d, taylor[last_term].hi);
  AUDIT_UNROLLED
  for (int i = last_term - 2; i >= 14; i -= 2) {
    even = fused(even, square, hn::Set(d, taylor[i].hi));
    odd = fused(odd, square, hn::Set(d, taylor[i - 1].hi));
  }
  return fused(even, r, odd);
}

/// c + r·q, where abs(c) ≥ abs(r·q). The sum of the low parts waits for no other sum than that of the high ones.
template <class D, class V = hn::Vec<D>>
HWY_INLINE Pair<V> horner_step(D d, Pair<double> c, Pair<V> r, Pair<V> q) {
  const V p = r.hi * q.hi;
  V low = fused(r.lo, q.hi, fused_less(r.hi, q.hi, p));
  if (c.lo != 0) low = low + hn::Set(d, c.lo);
  const Pair<V> s = quick_two_sum(hn::Set(d, c.hi), p);
  return {s.hi, fused(r.hi, q.lo, s.lo + low)};
}

/// (e^r - 1)/r = 1 + r/2 + …, for abs(r.hi) ≤ 0.3466, abs(r.lo) ≤ 2^-53. hi and lo may overlap by two
/// bits.
template <class D, class V = hn::Vec<D>>
HWY_INLINE Pair<V> slope(D d, Pair<V> r) {
  Pair<V> q{last_terms(d, r.hi), hn::Zero(d)};
  AUDIT_UNROLLED
  for (int i = 12; i >= 1; --i) q = horner_step(d, taylor[i], r, q);
  return q;
}

/// 2^bias·e^(z.hi + z.lo), relative error ≤ 22 u², for -1000 ≤ z.hi ≤ 0, abs(z.lo) ≤ 2^-41, a bias of at most 600
/// that keeps the result normal; anything for other z.
template <class D, class V = hn::Vec<D>>
HWY_INLINE Pair<V> pair_exponential(D d, Pair<V> z, int bias) {
  const hn::RebindToUnsigned<D> bits;
  const Binades<D> binade = binades(d, z.hi);
  const V high = fused_from(binade.k, hn::Set(d, log2.high), z.hi);
  const Pair<V> reduced = two_difference(high, binade.k * hn::Set(d, log2.middle));
  const Pair<V> sum = two_sum(reduced.hi, z.lo);
  const Pair<V> r{sum.hi, reduced.lo + fused_from(binade.k, hn::Set(d, log2.low), sum.lo)};
  const Pair<V> e = horner_step(d, taylor[0], r, slope(d, r));
  const Pair<V> normalized = quick_two_sum(e.hi, e.lo);
  const V power = hn::BitCast(d, hn::BitCast(bits, hn::Set(d, power_of_two(bias))) + binade.bits);
  return {normalized.hi * power, normalized.lo * power};
}

}  // namespace audit::reference::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
