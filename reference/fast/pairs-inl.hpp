// Arithmetic on unevaluated sums of two doubles; included once for each SIMD target. Sources: Knuth, TAOCP vol. 2,
// 4.2.2 (two_sum); Dekker 1971 (quick_two_sum); Joldes, Muller & Popescu, "Tight and rigorous error bounds for basic
// building blocks of double-word arithmetic", ACM TOMS 44, 2017 (sum of two pairs).
#if defined(AUDIT_FAST_PAIRS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_FAST_PAIRS_INL
#undef AUDIT_FAST_PAIRS_INL
#else
#define AUDIT_FAST_PAIRS_INL
#endif

#include <hwy/highway.h>

#include <cmath>

#include "reference/fast/constants.hpp"

/// What a lambda needs to become part of the loop that calls it.
#ifndef AUDIT_STEP
#define AUDIT_STEP HWY_ATTR __attribute__((always_inline))
#endif

HWY_BEFORE_NAMESPACE();
namespace audit::reference::fast::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// a·b + c with one rounding, on every target: the proofs need it.
HWY_INLINE double fused(double a, double b, double c) { return std::fma(a, b, c); }
template <class V>
HWY_INLINE V fused(V a, V b, V c) {
#if HWY_NATIVE_FMA
  return hn::MulAdd(a, b, c);
#else
  const hn::DFromV<V> d;
  HWY_ALIGN double as[hn::MaxLanes(d)], bs[hn::MaxLanes(d)], cs[hn::MaxLanes(d)];
  hn::Store(a, d, as);
  hn::Store(b, d, bs);
  hn::Store(c, d, cs);
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) cs[i] = std::fma(as[i], bs[i], cs[i]);
  return hn::Load(d, cs);
#endif
}

/// c - a·b and a·b - c, likewise.
HWY_INLINE double fused_from(double a, double b, double c) { return std::fma(-a, b, c); }
HWY_INLINE double fused_less(double a, double b, double c) { return std::fma(a, b, -c); }
template <class V>
HWY_INLINE V fused_from(V a, V b, V c) {
#if HWY_NATIVE_FMA
  return hn::NegMulAdd(a, b, c);
#else
  return fused(hn::Neg(a), b, c);
#endif
}
template <class V>
HWY_INLINE V fused_less(V a, V b, V c) {
#if HWY_NATIVE_FMA
  return hn::MulSub(a, b, c);
#else
  return fused(a, b, hn::Neg(c));
#endif
}

/// a + b exactly.
template <class V>
HWY_INLINE Pair<V> two_sum(V a, V b) {
  const V s = a + b, b_in_s = s - a;
  return {s, (a - (s - b_in_s)) + (b - b_in_s)};
}
/// a - b exactly.
template <class V>
HWY_INLINE Pair<V> two_difference(V a, V b) {
  const V s = a - b, b_in_s = s - a;
  return {s, (a - (s - b_in_s)) - (b + b_in_s)};
}
/// a + b exactly, where abs(a) ≥ abs(b) or a = 0.
template <class V>
HWY_INLINE Pair<V> quick_two_sum(V a, V b) {
  const V s = a + b;
  return {s, b - (s - a)};
}

/// a + b for a and b of one sign: relative error ≤ 3u² (Joldes et al., theorem 3.1 and the remark after it).
template <class V>
HWY_INLINE Pair<V> sum(Pair<V> a, Pair<V> b) {
  const Pair<V> s = two_sum(a.hi, b.hi);
  return quick_two_sum(s.hi, s.lo + (a.lo + b.lo));
}

/// a·b: relative error ≤ 7u² (proof.md, section 1).
template <class V>
HWY_INLINE Pair<V> product(Pair<V> a, Pair<V> b) {
  const V p = a.hi * b.hi;
  const V rest = fused(a.lo, b.hi, fused(a.hi, b.lo, fused_less(a.hi, b.hi, p)));
  return quick_two_sum(p, rest);
}

/// 1/a: relative error ≤ 8u² (proof.md, section 1).
HWY_INLINE Pair<double> reciprocal(Pair<double> a) {
  const double q = 1 / a.hi;
  const double remainder = fused_from(q, a.lo, fused_from(q, a.hi, 1.0));
  return quick_two_sum(q, remainder / a.hi);
}

}  // namespace audit::reference::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
