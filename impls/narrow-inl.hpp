// narrow.hpp in vectors: widened() is widen and narrowed() is narrow, bit by bit, for every format of `formats` by its
// index; but which NaN a NaN becomes is the machine's choice.
#if defined(AUDIT_NARROW_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_NARROW_INL
#undef AUDIT_NARROW_INL
#else
#define AUDIT_NARROW_INL
#endif

#include <hwy/highway.h>

#include "impls/narrow.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

/// As many elements as D has, as they are stored.
template <std::size_t at, class D>
using StoredTag = hn::Rebind<Stored<at>, D>;
template <std::size_t at, class D>
using StoredVector = hn::Vec<StoredTag<at, D>>;

/// Whether the target converts a format itself.
template <std::size_t at>
inline constexpr bool converted_by_machine = formats[at] == f16 && HWY_TARGET <= HWY_AVX2;

/// The values of the elements in D, which is of floats, or of the format itself.
template <std::size_t at, class D>
HWY_INLINE hn::Vec<D> widened(D d, StoredVector<at, D> stored) {
  if constexpr (std::is_floating_point_v<Stored<at>>) {
    return stored;
  } else if constexpr (converted_by_machine<at>) {
    return hn::PromoteTo(d, hn::BitCast(hn::Rebind<hwy::float16_t, D>(), stored));
  } else {
    using L = Layout<at>;
    const hn::RebindToSigned<D> integers;
    const auto bits = hn::PromoteTo(integers, stored);
    if constexpr (L::rebias == 0) {
      return hn::BitCast(d, hn::ShiftLeft<L::dropped>(bits));
    } else {
      const auto word = [&](std::uint32_t v) HWY_ATTR { return hn::Set(integers, static_cast<std::int32_t>(v)); };
      const auto sign = hn::ShiftLeft<31 - L::sign_bit>(hn::AndNot(word(L::ones), bits));
      const auto magnitude = hn::ShiftLeft<L::dropped>(hn::And(bits, word(L::ones)));
      const auto scale = hn::BitCast(d, word(float_power_of_two(L::rebias)));
      const auto finite = hn::BitCast(integers, hn::BitCast(d, magnitude) * scale);
      const auto not_finite = hn::Or(magnitude, word(float_infinity));
      const auto is_finite = hn::Lt(magnitude, word(L::overflow << L::dropped));
      return hn::BitCast(d, hn::Or(sign, hn::IfThenElse(is_finite, finite, not_finite)));
    }
  }
}

/// The values rounded to nearest even, once.
template <std::size_t at, class D>
HWY_INLINE StoredVector<at, D> narrowed(D d, hn::Vec<D> values) {
  const StoredTag<at, D> stored;
  if constexpr (std::is_floating_point_v<Stored<at>>) {
    return values;
  } else if constexpr (converted_by_machine<at>) {
    return hn::BitCast(stored, hn::DemoteTo(hn::Rebind<hwy::float16_t, D>(), values));
  } else {
    using L = Layout<at>;
    const hn::RebindToSigned<D> integers;
    const hn::RebindToUnsigned<D> words;
    const auto word = [&](std::uint32_t v) HWY_ATTR { return hn::Set(integers, static_cast<std::int32_t>(v)); };
    const auto bits = hn::BitCast(integers, values), magnitude = hn::And(bits, word(~float_sign));
    const auto is_nan = hn::Gt(magnitude, word(float_infinity));
    const auto half = word((1U << (L::dropped - 1)) - 1) + hn::And(hn::ShiftRight<L::dropped>(bits), word(1));
    if constexpr (L::rebias == 0) {
      static_assert(L::format.infinities);  // an overflow carries into the exponent, and is one
      const auto rounded = hn::BitCast(integers, hn::ShiftRight<L::dropped>(hn::BitCast(words, bits + half)));
      return hn::DemoteTo(stored, hn::IfThenElse(is_nan, word(L::nan), rounded));
    } else {
      const auto rebiased = magnitude - word(static_cast<std::uint32_t>(L::rebias) << 23);
      const auto normal = hn::ShiftRight<L::dropped>(rebiased + half);
      const auto power = word(float_power_of_two(L::format.emin + L::dropped));
      const auto sum = hn::BitCast(integers, hn::BitCast(d, magnitude) + hn::BitCast(d, power));
      const auto is_subnormal = hn::Lt(magnitude, word(float_power_of_two(L::format.emin)));
      const auto rounded = hn::IfThenElse(is_subnormal, sum - power, normal);
      const auto not_nan = hn::Min(rounded, word(L::overflow));
      const auto sign = hn::BitCast(
          integers, hn::ShiftRight<31 - L::sign_bit>(hn::BitCast(words, hn::AndNot(word(~float_sign), bits))));
      const auto nan = L::overflow == L::nan ? hn::Eq(not_nan, word(L::nan)) : is_nan;
      return hn::DemoteTo(stored, hn::IfThenElse(nan, word(L::nan), hn::Or(sign, not_nan)));
    }
  }
}

}  // namespace
}  // namespace audit::impls::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
