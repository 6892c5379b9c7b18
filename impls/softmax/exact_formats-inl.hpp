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
#include "impls/narrow.hpp"
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
  if constexpr (at == f32_at) {
    return hn::LoadU(d, x);
  } else if constexpr (at == bf16_at) {
    const hn::Rebind<std::uint16_t, D> shorts;
    return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(hn::RebindToUnsigned<D>(), hn::LoadU(shorts, x))));
  } else {
#if HWY_TARGET <= HWY_AVX2
    const hn::Rebind<hwy::float16_t, D> halves;
    return hn::PromoteTo(d, hn::LoadU(halves, reinterpret_cast<const hwy::float16_t*>(x)));
#else
    HWY_ALIGN float widened[hn::MaxLanes(d)];
    for (std::size_t i = 0; i < hn::Lanes(d); ++i) widened[i] = widen<at>(x[i]);
    return hn::Load(d, widened);
#endif
  }
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
  explicit Rounding(std::uint32_t) : doubts_(hn::Zero(Words())) {}

  HWY_INLINE void operator()(Double first, Double second, std::uint16_t* y) {
    const HalfFloats half;
    const Floats floats;
    const Word bits = hn::BitCast(Words(), hn::Combine(floats, hn::DemoteTo(half, second), hn::DemoteTo(half, first)));
    const Word down = hn::ShiftRight<16>(bits + hn::Set(Words(), 0x7FFF));
    const Word up = hn::ShiftRight<16>(bits + hn::Set(Words(), 0x8000));
    doubts_ = hn::Or(doubts_, hn::Xor(down, up));
    const hn::Rebind<std::uint16_t, Floats> shorts;
    hn::StoreU(hn::DemoteTo(shorts, hn::BitCast(hn::RebindToSigned<Floats>(), down)), shorts, y);
  }
  HWY_INLINE bool in_doubt() const { return !hn::AllTrue(Words(), hn::Eq(doubts_, hn::Zero(Words()))); }
  HWY_INLINE void forget() { doubts_ = hn::Zero(Words()); }

 private:
  Word doubts_;
};

template <>
class Rounding<f16_at> {
  using Shorts = hn::Rebind<std::uint16_t, Floats>;

 public:
  explicit Rounding(std::uint32_t) : doubts_(hn::Zero(Shorts())) {}

  HWY_INLINE void operator()(Double first, Double second, std::uint16_t* y) {
    const HalfFloats half;
    const Floats floats;
    const Word one = hn::Set(Words(), 1);
    const Word bits = hn::BitCast(Words(), hn::Combine(floats, hn::DemoteTo(half, second), hn::DemoteTo(half, first)));
    const auto down = narrowed(hn::Max(bits, one) - one), up = narrowed(bits + one);
    doubts_ = hn::Or(doubts_, hn::Xor(down, up));
    hn::StoreU(down, Shorts(), y);
  }
  HWY_INLINE bool in_doubt() const { return !hn::AllTrue(Shorts(), hn::Eq(doubts_, hn::Zero(Shorts()))); }
  HWY_INLINE void forget() { doubts_ = hn::Zero(Shorts()); }

 private:
  static HWY_INLINE hn::Vec<Shorts> narrowed(Word bits) {
    const Floats floats;
#if HWY_TARGET <= HWY_AVX2
    const hn::Rebind<hwy::float16_t, Floats> halves;
    return hn::BitCast(Shorts(), hn::DemoteTo(halves, hn::BitCast(floats, bits)));
#else
    HWY_ALIGN std::uint32_t wide[hn::MaxLanes(floats)];
    HWY_ALIGN std::uint16_t rounded[hn::MaxLanes(floats)];
    hn::Store(bits, Words(), wide);
    for (std::size_t i = 0; i < hn::Lanes(floats); ++i) rounded[i] = narrow<f16_at>(std::bit_cast<float>(wide[i]));
    return hn::Load(Shorts(), rounded);
#endif
  }

  hn::Vec<Shorts> doubts_;
};

#endif

}  // namespace audit::impls::correctly_rounded::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
