// From an enclosure of y to RN(y) and the rest, where that is decided. Proof: proof.md, section 6.
#if defined(AUDIT_FAST_ROUNDING_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_FAST_ROUNDING_INL
#undef AUDIT_FAST_ROUNDING_INL
#else
#define AUDIT_FAST_ROUNDING_INL
#endif

#include <limits>

#include "reference/exact.hpp"
#include "reference/fast/pairs-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::reference::fast::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// RN(y) and (y - RN(y)) / rest_unit, which are right where `decided`.
template <class D>
struct Decision {
  hn::Vec<D> rounded, rest;
  hn::Mask<D> decided;
};

/// The grid of a format around y ≥ 0. Adding and subtracting `shifter`, 2^52 ulps, rounds y ≤ 2^52 ulps to a multiple
/// of the ulp.
template <class V>
struct Grid {
  V shifter, half_ulp;
};
class Grids {
 public:
  Grids(const impls::Format& format, int scale)
      : least_(power_of_two(format.emin + scale)),
        shifter_(power_of_two(53 - format.precision)),
        half_ulp_(power_of_two(-format.precision)) {}

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE Grid<V> around(D d, V y) const {
    const V exponent = hn::BitCast(d, hn::Set(hn::RebindToUnsigned<D>(), 0x7ff0000000000000U));
    const V binade = hn::And(hn::Max(y, hn::Set(d, least_)), exponent);
    return {binade * hn::Set(d, shifter_), binade * hn::Set(d, half_ulp_)};
  }
  /// The smallest normal number.
  [[nodiscard]] double least() const { return least_; }

 private:
  double least_, shifter_, half_ulp_;
};

/// Formats of at most 24 bits; y = hi + lo ≥ 0 with an error of the order of 2^-51 of it, so that hi alone says where
/// it is rounded to.
class NarrowRounding {
 public:
  explicit NarrowRounding(const impls::Format& format) : grids_(format, 0) {}

  [[nodiscard]] static int scale() { return 0; }

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE Decision<D> operator()(D d, Pair<V> y, V error) const {
    const Grid<V> grid = grids_.around(d, y.hi);
    const V rounded = (y.hi + grid.shifter) - grid.shifter;
    const V rest = (y.hi - rounded) + y.lo, size = hn::Abs(rest);
    return {rounded, rest,
            hn::And(hn::Ge(size, error), hn::Le(fused(size, hn::Set(d, 1 + 0x1p-52), error), grid.half_ulp))};
  }

 private:
  Grids grids_;
};

/// y·2^scale = hi + lo + tail ≥ 0, hi = RN(hi + lo) and lo = RN(lo + tail) in double.
template <class V>
struct Triple {
  V hi, lo, tail;
};

/// Every format; hi ≥ 2^-900 or 0.
class PairRounding {
 public:
  PairRounding(const impls::Format& format, int scale)
      : grids_(format, scale),
        wide_(format.precision == 53),
        scale_(scale),
        largest_(impls::largest_finite(format)),
        first_overflow_(impls::first_overflow(format)),
        unscale_(power_of_two(-scale)),
        unscale_rest_(power_of_two(-scale) / rest_unit(format)) {}

  [[nodiscard]] int scale() const { return scale_; }

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE Decision<D> operator()(D d, Pair<V> y, V error) const {
    const auto is_double = hn::Or(hn::Ge(y.hi, hn::Set(d, grids_.least())), hn::Eq(y.hi, hn::Zero(d)));
    if (wide_ && HWY_LIKELY(hn::AllTrue(d, is_double))) return to_double(d, y, error);
    return (*this)(d, Triple<V>{y.hi, y.lo, hn::Zero(d)}, error);
  }
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE Decision<D> operator()(D d, Triple<V> y, V error) const {
    const Grid<V> grid = grids_.around(d, y.hi);
    const V near = nearest(d, y, grid), half = half_ulp(d, y, grid);
    // y = near + rest + tail. It may be a double that is a midpoint, and then the tail says where y lies.
    const Pair<V> rest = two_sum(y.hi - near, y.lo);
    const V tail = rest.lo + y.tail, sign = hn::And(rest.hi, hn::Set(d, -0.0));
    const V beyond_midpoint = (hn::Abs(rest.hi) - half) + hn::Xor(tail, sign);
    const V step = hn::IfThenElseZero(hn::Gt(beyond_midpoint, hn::Zero(d)), hn::Or(half + half, sign));
    const V rounded = (near + step) * hn::Set(d, unscale_), left = rest.hi + tail;
    const auto sided = hn::And(hn::Ge(hn::Abs(left), error), hn::Ne(left, hn::Zero(d)));
    const Decision<D> made{rounded, in_units(d, (rest.hi - step) + tail),
                           hn::And(sided, hn::Ge(hn::Abs(beyond_midpoint), error))};
    const auto overflows = hn::Not(hn::Le(rounded, hn::Set(d, largest_)));
    return HWY_LIKELY(hn::AllFalse(d, overflows)) ? made : infinite(d, made, overflows);
  }

 private:
  /// Normal doubles: hi is RN(y) unless lo is half an ulp, to within the error.
  template <class D, class V>
  HWY_INLINE Decision<D> to_double(D d, const Pair<V>& y, V error) const {
    const V half = half_ulp(d, {y.hi, y.lo, y.lo}, grids_.around(d, y.hi)), size = hn::Abs(y.lo);
    return {y.hi * hn::Set(d, unscale_), y.lo * hn::Set(d, unscale_rest_),
            hn::And(hn::Ge(size, error), hn::Ge(half - size, error))};
  }

  /// A multiple of the ulp within an ulp of y: for normal doubles hi.
  template <class D, class V>
  HWY_INLINE V nearest(D d, const Triple<V>& y, const Grid<V>& grid) const {
    const V rounded = (y.hi + grid.shifter) - grid.shifter;
    return wide_ ? hn::IfThenElse(hn::Lt(y.hi, hn::Set(d, grids_.least())), rounded, y.hi) : rounded;
  }

  /// Half the distance to the neighbour on the side of y: doubles lie closer below a power of two. (The other formats
  /// know no y so close to one that it matters.)
  template <class D, class V>
  HWY_INLINE V half_ulp(D d, const Triple<V>& y, const Grid<V>& grid) const {
    if (!wide_) return grid.half_ulp;
    const auto below_power_of_two = hn::And(hn::Eq(y.hi, grid.shifter), hn::Lt(y.lo, hn::Zero(d)));
    const auto closer = hn::And(below_power_of_two, hn::Gt(y.hi, hn::Set(d, grids_.least())));
    return hn::IfThenElse(closer, grid.half_ulp * hn::Set(d, 0.5), grid.half_ulp);
  }

  /// The overflows among them: infinity, and what is beyond the number that it stands for. Left open where that is no
  /// double.
  template <class D>
  HWY_NOINLINE Decision<D> infinite(D d, Decision<D> made, hn::Mask<D> overflows) const {
    const auto infinity = hn::Set(d, INFINITY), beyond = made.rest + (made.rounded - hn::Set(d, first_overflow_));
    const auto known = hn::And(hn::Lt(made.rounded, infinity), hn::Lt(hn::Abs(beyond), infinity));
    made.decided = hn::And(made.decided, hn::Or(known, hn::Not(overflows)));
    made.rounded = hn::IfThenElse(overflows, infinity, made.rounded);
    made.rest = hn::IfThenElse(overflows, beyond, made.rest);
    return made;
  }

  /// In units of rest_unit; what is too small for a double keeps its sign.
  template <class D, class V>
  HWY_INLINE V in_units(D d, V rest) const {
    const V made = rest * hn::Set(d, unscale_rest_);
    const V least = hn::CopySign(hn::Set(d, std::numeric_limits<double>::denorm_min()), rest);
    return hn::IfThenElse(hn::Eq(made, hn::Zero(d)), least, made);
  }

  Grids grids_;
  bool wide_;
  int scale_;
  double largest_, first_overflow_, unscale_, unscale_rest_;
};

}  // namespace audit::reference::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
