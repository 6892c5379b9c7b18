// y_j = e^(z_j) / (tops + σ), certified: in double for narrow formats, in pairs for every format. Proof: proof.md,
// section 7.
#if defined(AUDIT_FAST_SOFTMAX_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_FAST_SOFTMAX_INL
#undef AUDIT_FAST_SOFTMAX_INL
#else
#define AUDIT_FAST_SOFTMAX_INL
#endif

#include "reference/fast/bounds.hpp"
#include "reference/fast/rounding-inl.hpp"
#include "reference/fast/sums-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::reference::fast::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The decision for one number: y·2^scale with an error, where scale is the one that the rounding was made for.
struct One {
  double rounded = 0, rest = 0;
  bool decided = false;
};
template <class D>
One only(D d, const Decision<D>& y) {
  return {hn::GetLane(y.rounded), hn::GetLane(y.rest), hn::AllTrue(d, y.decided)};
}
inline One decide(const NarrowRounding& rounding, Triple<double> y, double error) {
  const hn::CappedTag<double, 1> d;
  return only(d, rounding(d, Pair<hn::Vec<decltype(d)>>{hn::Set(d, y.hi), hn::Set(d, y.lo)}, hn::Set(d, error)));
}
inline One decide(const PairRounding& rounding, Triple<double> y, double error) {
  const hn::CappedTag<double, 1> d;
  using V = hn::Vec<decltype(d)>;
  return only(d, rounding(d, Triple<V>{hn::Set(d, y.hi), hn::Set(d, y.lo), hn::Set(d, y.tail)}, hn::Set(d, error)));
}

/// tops + rest as a pair, relative error ≤ 3u² beside that of the rest.
HWY_INLINE Pair<double> total(const Sum& s) {
  return sum(Pair<double>{s.tops, 0}, Pair<double>{s.rest.hi * unscaled, s.rest.lo * unscaled});
}

/// 1/(tops + rest), the answer to every entry at the maximum, `inverse` as a pair. The rest may be too small to show in
/// a pair, and yet says on which side of a power of two the answer lies.
template <class Rounding, class SumError>
One decide_top(const Rounding& rounding, const impls::Format& format, const Sum& s, Pair<double> inverse,
               const SumError& sum_error) {
  const double share = 1 / s.tops;
  const bool is_dyadic = (std::bit_cast<std::uint64_t>(share) & 0x000fffffffffffffU) == 0;
  const double least = power_of_two(std::max(format.emin - format.precision + 1, -1000));
  if (is_dyadic && s.rest.hi <= s.tops * (scaled * 0x1p-60) && share >= least) {
    if (s.rest.hi == 0) return {share, 0, true};
    const double below = (share * s.rest.hi) * share * (unscaled / rest_unit(format));
    return {share, -std::max(below, std::numeric_limits<double>::denorm_min()), true};
  }
  const double part = s.rest.hi * unscaled * inverse.hi, unit = power_of_two(rounding.scale());
  return decide(rounding, {inverse.hi * unit, inverse.lo * unit, 0},
                inverse.hi * unit * (sum_error(part) + inverse_error * u * u));
}

/// Writes the decisions on a row, and the one on the entries at the maximum for each of those.
template <class D>
class Writer {
 public:
  Writer(D d, const One& top, Exact& exact)
      : d_(d),
        rounded_(hn::Set(d, top.rounded)),
        rest_(hn::Set(d, top.rest)),
        top_decided_(hn::Eq(hn::Set(d, top.decided ? 0.0 : 1.0), hn::Zero(d))),
        roundeds_(exact.rounded.data()),
        rests_(exact.rest.data()),
        open_(exact.undecided) {}

  HWY_INLINE void write(const Decision<D>& y, hn::Mask<D> at_top, std::size_t i, std::size_t count) const {
    store(d_, hn::IfThenElse(at_top, rounded_, y.rounded), roundeds_ + i, count);
    store(d_, hn::IfThenElse(at_top, rest_, y.rest), rests_ + i, count);
    const auto decided = hn::Or(hn::And(at_top, top_decided_), hn::AndNot(at_top, y.decided));
    if (HWY_UNLIKELY(!hn::AllTrue(d_, decided))) note_open(decided, i, count);
  }

 private:
  HWY_NOINLINE void note_open(hn::Mask<D> decided, std::size_t i, std::size_t count) const {
    std::uint8_t bits[8] = {};
    hn::StoreMaskBits(d_, decided, bits);
    for (std::size_t lane = 0; lane < count; ++lane)
      if (!(bits[lane / 8] >> (lane % 8) & 1)) open_.push_back(i + lane);
  }

  D d_;
  hn::Vec<D> rounded_, rest_;
  hn::Mask<D> top_decided_;
  double* roundeds_;
  double* rests_;
  std::vector<std::size_t>& open_;
};

template <class Scores>
void narrow_softmax(const Logits<Scores>& logits, double perturbation, Exact& exact) {
  const hn::ScalableTag<double> d;
  const std::size_t n = logits.size();
  const Sum s = narrow_sum(d, logits, exact.rounded.data());
  Pair<double> inverse = reciprocal(total(s));
  inverse.lo += inverse.hi * perturbation;
  const NarrowRounding rounding(exact.format);
  const One top =
      decide_top(rounding, exact.format, s, inverse, [n](double part) { return narrow_sum_error(n, part); });
  const auto hi = hn::Set(d, inverse.hi), lo = hn::Set(d, inverse.lo), error = hn::Set(d, narrow_error(n));
  const Writer writer(d, top, exact);
  const double* exponentials = exact.rounded.data();
  for_each_vector(d, n, [&](std::size_t i, std::size_t count) AUDIT_STEP {
    const auto e = load(d, exponentials + i, count, 0);
    const auto y = e * hi;
    const auto made = rounding(d, {y, fused(e, lo, fused_less(e, hi, y))}, y * error);
    writer.write(made, hn::Eq(e, hn::Set(d, at_the_top)), i, count);
  });
  exact.bits = 53;
}

template <class Scores>
void pair_softmax(const Logits<Scores>& logits, double perturbation, Exact& exact) {
  const hn::ScalableTag<double> d;
  using V = hn::Vec<decltype(d)>;
  const std::size_t n = logits.size();
  const Sum s = pair_sum(d, logits, exact.rounded.data(), exact.rest.data());
  Pair<double> inverse = reciprocal(total(s));
  inverse.lo += inverse.hi * perturbation;
  const PairRounding rounding(exact.format, scale);
  const double of_logits = logits.error() * u * u;
  const One top = decide_top(rounding, exact.format, s, inverse,
                             [&](double part) { return pair_sum_error(n, part) + of_logits * part; });
  const auto hi = hn::Set(d, inverse.hi), lo = hn::Set(d, inverse.lo);
  const auto error = hn::Set(d, pair_error(n) + 2 * of_logits), zero = hn::Zero(d);
  const auto at_top = hn::Set(d, at_the_top * scaled);
  const Writer writer(d, top, exact);
  const double* his = exact.rounded.data();
  const double* los = exact.rest.data();
  for_each_vector(d, n, [&](std::size_t i, std::size_t count) AUDIT_STEP {
    const auto e = load(d, his + i, count, 0), rest = load(d, los + i, count, 0);
    const Pair<V> y = product(Pair<V>{e, rest}, Pair<V>{hi, lo});
    auto made = rounding(d, y, y.hi * error);
    const auto masked = hn::Eq(e, zero);
    made.rest = hn::IfThenZeroElse(masked, made.rest);
    made.decided = hn::Or(made.decided, masked);
    writer.write(made, hn::Eq(e, at_top), i, count);
  });
  exact.bits = 106;
}

}  // namespace audit::reference::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
