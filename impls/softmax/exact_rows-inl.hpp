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

#include "impls/contract.hpp"
#include "impls/rows.hpp"
#include "impls/softmax/exact_double-inl.hpp"
#include "impls/softmax/exact_wide-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::correctly_rounded::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// A row function for contiguous rows that do not overlap.
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
    if (!look.finite_or_masked || look.max == -std::numeric_limits<double>::infinity()) {
      std::fill_n(y, n_, round_once<at>(std::numeric_limits<double>::quiet_NaN()));
      return;
    }
    const std::vector<std::size_t>& open = believed_ == Step::in_double ? first_.round(x, look, y) : everything_;
    if (!open.empty()) settle(x, look.max, open, y);
  }

 private:
  HWY_NOINLINE void settle(const S* x, double max, const std::vector<std::size_t>& open, S* y) {
    if (!second_) second_.emplace(formats[at], n_, temperature_, believed_);
    wide_.resize(n_);
    for (std::size_t j = 0; j < n_; ++j) wide_[j] = widened(x[j]);
    second_->take(wide_.data(), max);
    for (const std::size_t j : open) y[j] = round_once<at>(second_->round(j));
  }
  static double widened(S x) {
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
int over_contiguous(const Call& call, Step believed) {
  using S = Stored<at>;
  const std::size_t n = call.shape.n;
  Rows<at> row(n, call.temperature, believed);
  std::vector<S> from, to;
  for (std::size_t o = 0; o < call.shape.outer; ++o) {
    for (std::size_t i = 0; i < call.shape.inner; ++i) {
      const auto outer = static_cast<std::ptrdiff_t>(o), inner = static_cast<std::ptrdiff_t>(i);
      const S* x = static_cast<const S*>(call.x) + outer * call.x_stride.outer + inner * call.x_stride.inner;
      S* y = static_cast<S*>(call.y) + outer * call.y_stride.outer + inner * call.y_stride.inner;
      // What is gathered is also out of the way of the result.
      const S* contiguous = x;
      if (call.x_stride.n != 1 || x == y) {
        from.resize(n);
        for (std::size_t j = 0; j < n; ++j) from[j] = x[static_cast<std::ptrdiff_t>(j) * call.x_stride.n];
        contiguous = from.data();
      }
      if (call.y_stride.n == 1) {
        row(contiguous, y);
        continue;
      }
      to.resize(n);
      row(contiguous, to.data());
      for (std::size_t j = 0; j < n; ++j) y[static_cast<std::ptrdiff_t>(j) * call.y_stride.n] = to[j];
    }
  }
  return 0;
}

}  // namespace audit::impls::correctly_rounded::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
