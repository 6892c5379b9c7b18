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

/// k, the integer nearest to z/log 2, and 2^(k + bias).
template <class V>
struct Binades {
  V k, scale;
};
template <class D, class V = hn::Vec<D>>
HWY_INLINE Binades<V> binades(D d, V z, int bias) {
  // Adding 1.5·2^52 leaves an integer in the low bits of the sum; with the bias of the exponents added, too, those are
  // the exponent field of 2^(k + bias).
  const hn::RebindToUnsigned<D> bits;
  const V magic = hn::Set(d, 0x1.8p52 + 1023 + bias);
  const V shifted = fused(z, hn::Set(d, log2.inverse), magic);
  return {shifted - magic, hn::BitCast(d, hn::ShiftLeft<52>(hn::BitCast(bits, shifted)))};
}

/// e^(z.hi + z.lo), relative error ≤ 1.8 u, for -700 ≤ z.hi ≤ 0 and abs(z.lo) ≤ 2^-41.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V exponential(D d, Pair<V> z) {
  const auto [k, scale] = binades(d, z.hi, 0);
  const V high = fused_from(k, hn::Set(d, log2.high), z.hi);
  const V r = fused_from(k, hn::Set(d, log2.tail), high) + z.lo;
  V q = hn::Set(d, taylor[13].hi);
  AUDIT_UNROLLED
  for (int i = 12; i >= 2; --i) q = fused(q, r, hn::Set(d, taylor[i].hi));
  const Pair<V> linear = quick_two_sum(hn::Set(d, 1.0), r);
  return (linear.hi + fused(r * r, q, linear.lo)) * scale;
}

/// e^r - 1 = r·(1 + r/2 + …), for abs(r.hi) ≤ 0.3466, abs(r.lo) ≤ 2^-53·1.01. Relative error ≤ 16 u²; hi and lo may
/// overlap by two bits.
template <class D, class V = hn::Vec<D>>
HWY_INLINE Pair<V> exponential_less_1(D d, Pair<V> r) {
  V tail = hn::Set(d, taylor[last_term].hi);
  AUDIT_UNROLLED
  for (int i = last_term - 1; i >= 13; --i) tail = fused(tail, r.hi, hn::Set(d, taylor[i].hi));
  Pair<V> q{tail, hn::Zero(d)};
  const auto times_r = [&](Pair<V> a) AUDIT_STEP {
    const V p = r.hi * a.hi;
    return Pair<V>{p, fused(r.lo, a.hi, fused(r.hi, a.lo, fused_less(r.hi, a.hi, p)))};
  };
  AUDIT_UNROLLED
  for (int i = 12; i >= 1; --i) {
    const Pair<V> p = times_r(q);
    const Pair<V> s = quick_two_sum(hn::Set(d, taylor[i].hi), p.hi);
    q = {s.hi, s.lo + (p.lo + hn::Set(d, taylor[i].lo))};
  }
  return times_r(q);
}

/// 2^bias·e^(z.hi + z.lo), relative error ≤ 20 u², for -1000 ≤ z.hi ≤ 0, abs(z.lo) ≤ 2^-41, a bias of at most 600
/// that keeps the result normal.
template <class D, class V = hn::Vec<D>>
HWY_INLINE Pair<V> pair_exponential(D d, Pair<V> z, int bias) {
  const auto [k, scale] = binades(d, z.hi, bias);
  const V high = fused_from(k, hn::Set(d, log2.high), z.hi);
  const Pair<V> reduced = two_difference(high, k * hn::Set(d, log2.middle));
  const Pair<V> r = two_sum(reduced.hi, z.lo);
  const V low = reduced.lo + fused_from(k, hn::Set(d, log2.low), r.lo);
  const Pair<V> q = exponential_less_1(d, Pair<V>{r.hi, low});
  const Pair<V> s = quick_two_sum(hn::Set(d, 1.0), q.hi);
  const Pair<V> e = quick_two_sum(s.hi, s.lo + q.lo);
  return {e.hi * scale, e.lo * scale};
}

}  // namespace audit::reference::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
