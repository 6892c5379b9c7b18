// The second step, in pairs of doubles: whole rows of f64, and of the other formats the elements that the first step
// leaves open. What pairs leave open goes to integers. Proof: exact.md, section 5.
#if defined(AUDIT_EXACT_WIDE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_EXACT_WIDE_INL
#undef AUDIT_EXACT_WIDE_INL
#else
#define AUDIT_EXACT_WIDE_INL
#endif

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "impls/softmax/exact_integers.hpp"
#include "impls/softmax/exact_pairs-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::correctly_rounded::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Rows of one length in doubles, one after another, of finite and masked entries.
class PairStep {
 public:
  PairStep(const Format& format, std::size_t n, double temperature, Step believed)
      : format_(format),
        n_(n),
        lanes_(hn::Lanes(Doubles())),
        whole_(n / lanes_ * lanes_),
        temperature_(temperature),
        error_(pair_error(n)),
        is_believed_(believed != Step::in_integers),
        keeps_terms_(format == f64),
        his_(hwy::AllocateAligned<double>(keeps_terms_ ? n + lanes_ : 1)),
        los_(hwy::AllocateAligned<double>(keeps_terms_ ? n + lanes_ : 1)) {}

  /// The row from now on.
  void take(const double* x, double max) {
    x_ = x;
    logits_ = PairLogits(max, temperature_);
    integers_.reset();
    std::fill_n(rest_, largest_group, -std::numeric_limits<double>::infinity());
    std::copy(x + whole_, x + n_, rest_);
    PairSum sum;
    for (std::size_t i = 0; i < n_; i += lanes_) {
      const Pair<Double> term = pair_exponential(logits_(hn::LoadU(Doubles(), at(i))));
      sum.add(term);
      if (!keeps_terms_) continue;
      hn::Store(term.hi, Doubles(), his_.get() + i);
      hn::Store(term.lo, Doubles(), los_.get() + i);
    }
    constexpr double unscale = power_of_two(-pair_scale);
    const Pair<double> total = sum.total();
    inverse_ = reciprocal({total.hi * unscale, total.lo * unscale});
  }

  /// Every element, rounded, where the format is f64.
  void round(double* y) {
    const Doubles d;
    const Pair<Double> inverse = set(inverse_);
    const Double least_normal = hn::Set(d, power_of_two(f64.emin + 1 + pair_scale));
    const Double certainly_zero = hn::Set(d, power_of_two(f64.emin - f64.precision - 1 + pair_scale));
    for (std::size_t i = 0; i < n_; i += lanes_) {
      const Pair<Double> value = product({hn::Load(d, his_.get() + i), hn::Load(d, los_.get() + i)}, inverse);
      const Double off = value.hi * hn::Set(d, error_);
      const Double low = value.hi + (value.lo - off), high = value.hi + (value.lo + off);
      const auto zero = hn::Lt(value.hi, certainly_zero);
      const Double nearest = hn::IfThenZeroElse(zero, low * hn::Set(d, power_of_two(-pair_scale)));
      if (i < whole_) {
        hn::StoreU(nearest, d, y + i);
      } else {
        hn::StoreU(nearest, d, rest_);
        std::copy(rest_, rest_ + (n_ - whole_), y + whole_);
      }
      const auto sure = hn::Or(zero, hn::And(hn::Eq(low, high), hn::Ge(value.hi, least_normal)));
      if (HWY_UNLIKELY(!is_believed_ || !hn::AllTrue(d, sure))) round_again(value, i, y);
    }
  }

  /// One element of the row, rounded; and before that, times 2^pair_scale.
  double round(std::size_t j) { return closest(j, unrounded(j)); }
  [[nodiscard]] Pair<double> unrounded(std::size_t j) const {
    const Pair<Double> term = pair_exponential(logits_(hn::Set(Doubles(), x_[j])));
    return product(Pair<double>{hn::GetLane(term.hi), hn::GetLane(term.lo)}, inverse_);
  }

 private:
  [[nodiscard]] const double* at(std::size_t i) const { return i < whole_ ? x_ + i : rest_; }

  HWY_NOINLINE void round_again(Pair<Double> values, std::size_t i, double* y) {
    HWY_ALIGN double hi[HWY_MAX_BYTES / sizeof(double)], lo[HWY_MAX_BYTES / sizeof(double)];
    hn::Store(values.hi, Doubles(), hi);
    hn::Store(values.lo, Doubles(), lo);
    for (std::size_t lane = 0; lane < lanes_ && i + lane < n_; ++lane)
      y[i + lane] = closest(i + lane, {hi[lane], lo[lane]});
  }

  /// A value that is y·2^pair_scale to within the error, rounded as y is.
  double closest(std::size_t j, Pair<double> value) {
    if (x_[j] == -std::numeric_limits<double>::infinity()) return 0;
    Bracket found = bracket(format_, value, pair_scale, error_);
    if (is_believed_ && found.side != 0) return rounded(found);
    if (!integers_) integers_.emplace(std::vector<double>(x_, x_ + n_), temperature_);
    found.side = integers_->side(j, found);
    return rounded(found);
  }

  const Format& format_;
  std::size_t n_, lanes_, whole_;
  double temperature_, error_;
  bool is_believed_, keeps_terms_;
  hwy::AlignedFreeUniquePtr<double[]> his_, los_;
  double rest_[largest_group];
  const double* x_ = nullptr;
  PairLogits logits_{0, 1};
  Pair<double> inverse_{};
  std::optional<Integers> integers_;
};

}  // namespace audit::impls::correctly_rounded::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
