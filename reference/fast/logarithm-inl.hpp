// L = log Σ e^z, and with it log_softmax y_j = z_j - L and logsumexp y = x_max + L. Proof: proof.md, section 8.
#if defined(AUDIT_FAST_LOGARITHM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_FAST_LOGARITHM_INL
#undef AUDIT_FAST_LOGARITHM_INL
#else
#define AUDIT_FAST_LOGARITHM_INL
#endif

#include "reference/fast/softmax-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::reference::fast::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// One step of Newton's: log S where S = e^guess·(1 + t); NaN, which decides nothing, where the guess is a bad one.
HWY_INLINE Pair<double> newton(double guess, double t, double size) {
  if (!(std::abs(t) <= 8 * u * size)) return {NAN, NAN};
  return two_sum(guess, t - t * t / 2);
}

/// log(1 + rest), 0 < rest ≤ 0.375, by e^guess - 1.
inline Pair<double> logarithm_near_1(Pair<double> rest) {
  const hn::CappedTag<double, 1> d;
  const double guess = std::log1p(rest.hi);
  const auto steep = slope(d, {hn::Set(d, guess), hn::Zero(d)});
  const Pair<double> e = product(Pair<double>{guess, 0}, Pair<double>{hn::GetLane(steep.hi), hn::GetLane(steep.lo)});
  const Pair<double> missing = two_difference(rest.hi, e.hi);
  return newton(guess, (missing.hi + (missing.lo + (rest.lo - e.lo))) / (1 + e.hi), guess);
}

/// log S, S ≥ 1.375, by the exponential of a guess.
inline Pair<double> logarithm(Pair<double> s) {
  const hn::CappedTag<double, 1> d;
  const double guess = std::log(s.hi);
  const auto e = pair_exponential(d, {hn::Set(d, -guess), hn::Zero(d)}, 0);
  const Pair<double> ratio = product(s, Pair<double>{hn::GetLane(e.hi), hn::GetLane(e.lo)});
  return newton(guess, (ratio.hi - 1) + ratio.lo, 1 + guess);
}

/// L·2^scale, relative error ≤ logarithm_error u² beside that of the rest; 0 only for a single entry.
inline Pair<double> logarithm_of(const Sum& s) {
  if (s.tops == 1 && s.rest.hi <= scaled * 0x1p-200) return s.rest;
  const Pair<double> rest{s.rest.hi * unscaled, s.rest.lo * unscaled};
  const Pair<double> l = s.tops == 1 && rest.hi <= 0.375 ? logarithm_near_1(rest) : logarithm(total(s));
  return {l.hi * scaled, l.lo * scaled};
}

/// L with its error, and L·2^scale for where it stands alone and may be tiny.
struct Logarithm {
  Pair<double> scaled, value;
  double error;  ///< relative
};
template <class Scores>
Logarithm logarithm_of(const Logits<Scores>& logits, bool narrow, double perturbation) {
  const hn::ScalableTag<double> d;
  const std::size_t n = logits.size();
  const Sum s = narrow ? narrow_sum(d, logits, nullptr) : pair_sum(d, logits, nullptr, nullptr);
  Pair<double> l = logarithm_of(s);
  l.lo += l.hi * perturbation;
  // A logarithm too small for a double keeps its sign.
  const double hi = l.hi == 0 ? 0 : std::max(l.hi * unscaled, std::numeric_limits<double>::denorm_min());
  const Pair<double> value{std::isnan(l.hi) ? l.hi : hi, l.lo * unscaled};
  const double error = narrow ? narrow_logarithm_error(n, std::max(value.hi, 0x1p-900))
                              : pair_logarithm_error(n) + logits.error() * u * u;
  return {l, value, error};
}

/// a + b as the rounding takes it, with an error of at most u·abs(last).
template <class V>
struct Sum3 {
  Triple<V> y;
  V last;
};
template <class V>
HWY_INLINE Sum3<V> added(Pair<V> a, Pair<V> b) {
  const Pair<V> high = two_sum(a.hi, b.hi), low = two_sum(a.lo, b.lo), middle = two_sum(high.lo, low.hi);
  const V last = middle.lo + low.lo;
  const Pair<V> y = two_sum(high.hi, middle.hi), rest = two_sum(y.lo, last);
  return {{y.hi, rest.hi, rest.lo}, last};
}

/// L where it stands alone.
inline One decide_alone(const Exact& exact, const Logarithm& l) {
  if (l.scaled.hi == 0) return {0, 0, true};
  const Pair<double> y = quick_two_sum(l.scaled.hi, l.scaled.lo);
  return decide(PairRounding(exact.format, scale), {y.hi, y.lo, 0}, y.hi * l.error);
}

/// Decides y = L - z ≥ 0 for vectors of z ≤ 0; for narrow formats by hi and lo alone where they do.
template <class D>
class Distance {
  using V = hn::Vec<D>;

 public:
  Distance(D d, const impls::Format& format, const Logarithm& l, bool z_is_exact)
      : d_(d),
        narrow_(format.precision <= 24),
        in_double_(format),
        in_pairs_(format, 0),
        hi_(hn::Set(d, l.value.hi)),
        lo_(hn::Set(d, l.value.lo)),
        error_(hn::Set(d, l.value.hi * l.error)),
        of_z_(hn::Set(d, z_is_exact ? 0 : 13 * u * u)),
        of_rest_(hn::Set(d, 4 * u)),
        largest_(hn::Set(d, impls::largest_finite(format))) {}

  HWY_INLINE Decision<D> operator()(const Shifted<D>& s) const {
    if (narrow_) {
      const Decision<D> made = roughly(s.z);
      if (HWY_LIKELY(hn::AllTrue(d_, hn::Or(made.decided, hn::Or(s.masked, s.top))))) return made;
    }
    const auto [y, last] = added(Pair<V>{hi_, lo_}, Pair<V>{hn::Neg(s.z.hi), hn::Neg(s.z.lo)});
    return in_pairs_(d_, y, error_ + (of_z_ * y.hi + of_rest_ * hn::Abs(last)));
  }

 private:
  HWY_INLINE Decision<D> roughly(const Pair<V>& z) const {
    const Pair<V> high = two_difference(hi_, z.hi);
    const V low = lo_ - z.lo;
    const V error = error_ + (of_z_ * high.hi + of_rest_ * (hn::Abs(high.lo) + hn::Abs(low)));
    Decision<D> made = in_double_(d_, {high.hi, high.lo + low}, error);
    made.decided = hn::And(made.decided, hn::Le(high.hi, largest_));
    return made;
  }

  D d_;
  bool narrow_;
  NarrowRounding in_double_;
  PairRounding in_pairs_;
  V hi_, lo_, error_, of_z_, of_rest_, largest_;
};

template <class Scores>
void log_softmax(const Logits<Scores>& logits, bool narrow, double perturbation, Exact& exact) {
  const hn::ScalableTag<double> d;
  const Logarithm l = logarithm_of(logits, narrow, perturbation);
  const Distance distance(d, exact.format, l, logits.exact());
  One top = decide_alone(exact, l);
  top.rounded = l.scaled.hi == 0 ? 0 : -top.rounded;
  top.rest = -top.rest;
  const Writer writer(d, top, exact);
  for_each_vector(d, logits.size(), [&](std::size_t i, std::size_t count) AUDIT_STEP {
    const auto s = logits.shifted(d, i, count);
    auto made = distance(s);
    made.rounded = hn::IfThenElse(s.masked, hn::Set(d, -INFINITY), hn::Neg(made.rounded));
    made.rest = hn::IfThenZeroElse(s.masked, hn::Neg(made.rest));
    made.decided = hn::Or(made.decided, s.masked);
    writer.write(made, s.top, i, count);
  });
  exact.bits = narrow ? 53 : 106;
}

/// y = top + L, or L alone where top is 0.
template <class Scores>
One decide_logsumexp(const Logits<Scores>& logits, const Exact& exact, const Logarithm& l) {
  const double top = logits.top();
  if (l.scaled.hi == 0) return {top + 0.0, 0, true};  // an exact 0 is +0
  if (top == 0) return decide_alone(exact, l);
  auto [y, last] = added(l.value, Pair<double>{top, 0});
  if (!(std::abs(y.hi) >= 0x1p-900)) return {};
  const double error = l.value.hi * l.error + 4 * u * std::abs(last);
  const bool negative = y.hi < 0;
  if (negative) y = {-y.hi, -y.lo, -y.tail};
  One made = decide(PairRounding(exact.format, 0), y, error);
  if (negative) made = {-made.rounded, -made.rest, made.decided};
  return made;
}

template <class Scores>
void logsumexp(const Logits<Scores>& logits, bool narrow, double perturbation, Exact& exact) {
  const One y = decide_logsumexp(logits, exact, logarithm_of(logits, narrow, perturbation));
  exact.rounded[0] = y.rounded;
  exact.rest[0] = y.rest;
  if (!y.decided) exact.undecided.push_back(0);
  exact.bits = narrow ? 53 : 106;
}

}  // namespace audit::reference::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
