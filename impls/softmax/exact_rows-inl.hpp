// Every row of a call, wherever it lies. Special rows as `stable` has them: NaN wherever there is one, or +inf, or
// nothing but masks.
#if defined(AUDIT_EXACT_ROWS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_EXACT_ROWS_INL
#undef AUDIT_EXACT_ROWS_INL
#else
#define AUDIT_EXACT_ROWS_INL
#endif

#include <numeric>
#include <vector>

#include "impls/contiguous_rows.hpp"
#include "impls/contract.hpp"
#include "impls/softmax/exact_double-inl.hpp"
#include "impls/softmax/exact_wide-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::correctly_rounded::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Rows of one length, side by side, x and y apart. A row is rounded after the look at the next one: neither waits for
/// the other.
template <std::size_t at>
class Rows {
  using S = Stored<at>;

 public:
  Rows(std::size_t n, double temperature, Step believed)
      : n_(n), temperature_(temperature), believed_(believed), first_(n, temperature) {
    if (believed == Step::in_double) return;
    everything_.resize(n);
    std::iota(everything_.begin(), everything_.end(), std::size_t{0});
  }

  void operator()(const S* x, S* y) {
    const Look look = first_.look(x);
    finish();
    if (!look.finite_or_masked || look.max == -std::numeric_limits<double>::infinity()) {
      std::fill_n(y, n_, round_once<at>(std::numeric_limits<double>::quiet_NaN()));
      return;
    }
    first_.take(x, look);
    waiting_ = {x, look.max, y};
  }

  /// After the last row.
  void finish() {
    if (!waiting_.y) return;
    const std::vector<std::size_t>& open = first_.round(waiting_.y);
    if (believed_ != Step::in_double)
      settle(everything_);
    else if (!open.empty())
      settle(open);
    waiting_.y = nullptr;
  }

 private:
  /// A row taken, and not rounded yet.
  struct Waiting {
    const S* x = nullptr;
    double max = 0;
    S* y = nullptr;
  };

  HWY_NOINLINE void settle(const std::vector<std::size_t>& open) {
    if (!second_) second_.emplace(formats[at], n_, temperature_, believed_);
    wide_.resize(n_);
    for (std::size_t j = 0; j < n_; ++j) wide_[j] = as_double(waiting_.x[j]);
    second_->take(wide_.data(), waiting_.max);
    for (const std::size_t j : open) waiting_.y[j] = round_once<at>(second_->round(j));
  }
  static double as_double(S x) {
    if constexpr (at == f32_at) {
      return x;
    } else {
      return widen<at>(x);
    }
  }

  std::size_t n_;
  double temperature_;
  Step believed_;
  DoubleStep<at> first_;
  Waiting waiting_;
  std::optional<PairStep> second_;
  std::vector<double> wide_;
  std::vector<std::size_t> everything_;
};

template <>
class Rows<f64_at> {
 public:
  Rows(std::size_t n, double temperature, Step believed) : n_(n), pairs_(f64, n, temperature, believed) {}

  void operator()(const double* x, double* y) {
    const double max = largest(x);
    if (!std::isfinite(max)) {
      std::fill_n(y, n_, std::numeric_limits<double>::quiet_NaN());
      return;
    }
    pairs_.take(x, max);
    pairs_.round(y);
  }
  void finish() {}

 private:
  /// NaN where there is one.
  double largest(const double* x) const {
    const Doubles d;
    const std::size_t lanes = hn::Lanes(d), whole = n_ / lanes * lanes;
    Double max = hn::Set(d, -std::numeric_limits<double>::infinity());
    auto numbers = hn::Eq(max, max);
    for (std::size_t i = 0; i < whole; i += lanes) {
      const Double v = hn::LoadU(d, x + i);
      numbers = hn::And(numbers, hn::Eq(v, v));
      max = hn::Max(max, v);
    }
    double found = hn::AllTrue(d, numbers) ? hn::GetLane(hn::MaxOfLanes(d, max)) : NAN;
    for (std::size_t i = whole; i < n_; ++i)
      if (!(x[i] <= found)) found = std::isnan(found) ? found : x[i];
    return found;
  }

  std::size_t n_;
  PairStep pairs_;
};

template <std::size_t at>
int over_rows_in(const Call& call, Step believed) {
  Rows<at> rows(call.shape.n, call.temperature, believed);
  const bool as_they_lie = call.x != call.y && call.x_stride.n == 1 && call.y_stride.n == 1;
  for_each_contiguous_row<Stored<at>, false>(call, [&](const Stored<at>* x, Stored<at>* y) {
    rows(x, y);
    if (!as_they_lie) rows.finish();
  });
  rows.finish();
  return 0;
}

}  // namespace audit::impls::correctly_rounded::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
