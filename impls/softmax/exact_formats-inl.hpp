// Logits in, results out: f32, f16 and bf16 by vectors of floats, each format by its index in `formats`.
#if defined(AUDIT_EXACT_FORMATS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_EXACT_FORMATS_INL
#undef AUDIT_EXACT_FORMATS_INL
#else
#define AUDIT_EXACT_FORMATS_INL
#endif

#include <hwy/highway.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "impls/formats.hpp"
#include "impls/narrow-inl.hpp"
#include "impls/softmax/exact_constants.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::correctly_rounded::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Doubles = hn::ScalableTag<double>;
using Double = hn::Vec<Doubles>;
using Whole = hn::Vec<hn::RebindToUnsigned<Doubles>>;
using HalfFloats = hn::Rebind<float, Doubles>;  // as many as Doubles

/// A group: two vectors of doubles, which as floats are one vector.
HWY_INLINE std::size_t group_size() { return 2 * hn::Lanes(Doubles()); }
inline constexpr std::size_t largest_group = HWY_MAX_BYTES / sizeof(float);

inline constexpr std::size_t f64_at = 0, f32_at = 1, f16_at = 2, bf16_at = 3;
static_assert(formats[f64_at] == f64 && formats[f32_at] == f32 && formats[f16_at] == f16 && formats[bf16_at] == bf16);

/// -inf as it is stored.
template <std::size_t at>
inline constexpr Stored<at> encoded_mask = static_cast<Stored<at>>(Layout<at>::overflow | 1U << Layout<at>::sign_bit);
template <>
inline constexpr float encoded_mask<f32_at> = -std::numeric_limits<float>::infinity();

/// table[i mod 16] in each lane.
HWY_INLINE Double look_up(const std::array<double, 16>& table, Whole i) {
  const Doubles d;
#if HWY_TARGET <= HWY_AVX3
  return Double{_mm512_permutex2var_pd(hn::Load(d, table.data()).raw, i.raw, hn::Load(d, table.data() + 8).raw)};
#else
  const hn::RebindToSigned<Doubles> integers;
  return hn::GatherIndex(d, table.data(),
                         hn::BitCast(integers, hn::And(i, hn::Set(hn::RebindToUnsigned<Doubles>(), 15))));
#endif
}

/// Logits as floats, exactly.
template <std::size_t at, class D>
HWY_INLINE hn::Vec<D> load(D d, const Stored<at>* x) {
  return impls::HWY_NAMESPACE::widened<at>(d, hn::LoadU(hn::Rebind<Stored<at>, D>(), x));
}

/// A double rounded once: by way of a float that is rounded to odd, which keeps on its side of every midpoint.
template <std::size_t at>
HWY_INLINE Stored<at> round_once(double y) {
  const auto nearest = static_cast<float>(y);
  if constexpr (at == f32_at) {
    return nearest;
  } else {
    const double rest = y - static_cast<double>(nearest);
    const auto bits = std::bit_cast<std::uint32_t>(nearest);
    const std::uint32_t odd = rest == 0 || (bits & 1) ? bits : rest > 0 ? bits + 1 : bits - 1;
    return narrow<at>(std::bit_cast<float>(odd));
  }
}

/// All midpoints of f16, normal or not, are floats that end in so many zeros.
inline constexpr std::int32_t low_bits_of_midpoint = 0xFFF;

/// Whether a float ≥ 0 may be a midpoint of a narrow format.
template <std::size_t at>
bool may_be_midpoint(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return at == bf16_at ? (bits & 0xFFFF) == 0x8000 : bits != 0 && (bits & low_bits_of_midpoint) == 0;
}

/// Rounds groups of y and keeps in mind whether any may have been rounded wrong: y here is off by at most `units` of
/// its last bits. Sections 3 and 4 of exact.md.
template <std::size_t at>
class Rounding;

#if HWY_TARGET == HWY_SCALAR

template <std::size_t at>
class Rounding {
 public:
  explicit Rounding(std::uint32_t units) : units_(units) {}

  void operator()(Double first, Double second, Stored<at>* y) {
    round(hn::GetLane(first), y[0]);
    round(hn::GetLane(second), y[1]);
  }
  [[nodiscard]] bool in_doubt() const { return in_doubt_; }
  void forget() { in_doubt_ = false; }

 private:
  void round(double value, Stored<at>& y) {
    const double off = value * (units_ * 0x1p-52);
    y = round_once<at>(value - off);
    in_doubt_ = in_doubt_ || y != round_once<at>(value + off);
  }

  double units_;
  bool in_doubt_ = false;
};

#else

using Floats = hn::ScalableTag<float>;
using Words = hn::RebindToUnsigned<Floats>;
using Word = hn::Vec<Words>;

template <>
class Rounding<f32_at> {
 public:
  explicit Rounding(std::uint32_t units)
      : add_(by_parity(units - midpoint, 0 - bits_of_zero)),
        kept_(by_parity(2 * midpoint - 1, ~0U)),
        limit_(by_parity(2 * units, bits_of_normal - bits_of_zero - 1)),
        least_(hn::Set(Words(), ~0U)) {}

  HWY_INLINE void operator()(Double first, Double second, float* y) {
    const HalfFloats half;
    hn::StoreU(hn::DemoteTo(half, first), half, y);
    hn::StoreU(hn::DemoteTo(half, second), half, y + hn::Lanes(half));
    least_ = hn::Min(least_, hn::Min(doubt(first), doubt(second)));
  }
  HWY_INLINE bool in_doubt() const { return !hn::AllFalse(Words(), hn::Eq(hn::Min(least_, limit_), least_)); }
  HWY_INLINE void forget() { least_ = hn::Set(Words(), ~0U); }

 private:
  static constexpr std::uint32_t midpoint = 1U << 28;  // of the 29 bits that a float lacks
  // The upper words of a number that is certainly rounded to 0, and of the smallest normal one.
  static constexpr std::uint32_t bits_of_zero = (1023 - 151) << 20, bits_of_normal = (1023 - 126) << 20;

  /// The words of a double, the lower one first.
  static HWY_INLINE Word by_parity(std::uint32_t lower, std::uint32_t upper) {
    return hn::BitCast(Words(), hn::Set(hn::RebindToUnsigned<Doubles>(), std::uint64_t{upper} << 32 | lower));
  }
  /// The lower word: how far y is above the lower end of what is too near a midpoint; the upper one: above what becomes
  /// 0.
  HWY_INLINE Word doubt(Double y) const { return hn::And(hn::BitCast(Words(), y) + add_, kept_); }

  Word add_, kept_, limit_, least_;
};

/// By way of floats: where the float is no midpoint of the format, it lies on the same side of all of them as y.
template <>
class Rounding<bf16_at> {
 public:
  explicit Rounding(std::uint32_t) { forget(); }

  HWY_INLINE void operator()(Double first, Double second, std::uint16_t* y) {
    const HalfFloats half;
    const Word bits =
        hn::BitCast(Words(), hn::Combine(Floats(), hn::DemoteTo(half, second), hn::DemoteTo(half, first)));
    const Word half_up = bits + hn::Set(Words(), 0x8000);
    least_ = hn::Min(least_, hn::And(half_up, hn::Set(Words(), 0xFFFF)));
    const hn::Rebind<std::uint16_t, Floats> shorts;
    const auto rounded = hn::BitCast(hn::RebindToSigned<Floats>(), hn::ShiftRight<16>(half_up));
    hn::StoreU(hn::DemoteTo(shorts, rounded), shorts, y);
  }
  HWY_INLINE bool in_doubt() const { return !hn::AllFalse(Words(), hn::Eq(least_, hn::Zero(Words()))); }
  HWY_INLINE void forget() { least_ = hn::Set(Words(), ~0U); }

 private:
  Word least_;  ///< how far the lower half is above that of a midpoint
};

template <>
class Rounding<f16_at> {
  using Integers = hn::RebindToSigned<Floats>;

 public:
  explicit Rounding(std::uint32_t) { forget(); }

  HWY_INLINE void operator()(Double first, Double second, std::uint16_t* y) {
    const HalfFloats half;
    const auto values = hn::Combine(Floats(), hn::DemoteTo(half, second), hn::DemoteTo(half, first));
    const auto bits = hn::BitCast(Integers(), values);
    most_ = hn::Max(most_, hn::AndNot(bits, bits - hn::Set(Integers(), 1)));
    const hn::Rebind<std::uint16_t, Floats> shorts;
    hn::StoreU(impls::HWY_NAMESPACE::narrowed<f16_at>(Floats(), values), shorts, y);
  }
  HWY_INLINE bool in_doubt() const {
    return !hn::AllFalse(Integers(), hn::Gt(most_, hn::Set(Integers(), low_bits_of_midpoint - 1)));
  }
  HWY_INLINE void forget() { most_ = hn::Zero(Integers()); }

 private:
  hn::Vec<Integers> most_;  ///< a one for each trailing 0 of a float; of 0 itself -1
};

#endif

}  // namespace audit::impls::correctly_rounded::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
