// e^z for z ≤ 0 in vectors of float or double, for the fast kernels: the nearest multiple of log 2 is subtracted, and
// a polynomial answers for the rest. Errors: bounds.md, "Fast softmax".
#if defined(AUDIT_EXPONENTIAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_EXPONENTIAL_INL
#undef AUDIT_EXPONENTIAL_INL
#else
#define AUDIT_EXPONENTIAL_INL
#endif

#include <hwy/highway.h>

#include "impls/softmax/exponential.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

/// Σ c_i r^(i - at), i ≥ at, by Horner's rule: the vectors side by side hide its length.
template <std::size_t at, class D, class V, std::size_t terms>
HWY_INLINE V horner(D d, V r, const hn::TFromD<D> (&c)[terms]) {
  if constexpr (at + 1 == terms) {
    return hn::Set(d, c[at]);
  } else {
    return hn::MulAdd(horner<at + 1>(d, r, c), r, hn::Set(d, c[at]));
  }
}

/// 2^lift·e^z for z ≤ 0: exactly 0 where e^z is less than 2^-(lift + 126), lift + 1022 in double; a NaN stays one.
/// Nothing on the way is subnormal.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V lifted_exponential(D d, V z) {
  using T = hn::TFromD<D>;
  using C = Exponential<T>;
  const hn::RebindToUnsigned<D> bits;
  z = hn::Max(hn::Set(d, C::lowest), z);  // in this order a NaN passes
  const V magic = hn::Set(d, C::magic), shifted = hn::MulAdd(z, hn::Set(d, C::inverse), magic), k = shifted - magic;
#if HWY_NATIVE_FMA
  const V r = hn::NegMulAdd(k, hn::Set(d, C::log_2), z);
#else
  const V r = (z - k * hn::Set(d, C::high)) - k * hn::Set(d, C::low);
#endif
  const V power = hn::BitCast(d, hn::ShiftLeft<C::fraction_bits>(hn::BitCast(bits, shifted)));
  return horner<0>(d, r, C::taylor) * power;
}

}  // namespace
}  // namespace audit::impls::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
