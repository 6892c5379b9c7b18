// σ = Σ e^z over the entries below the maximum, whose number is counted apart. Errors: proof.md, section 5.
#if defined(AUDIT_FAST_SUMS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_FAST_SUMS_INL
#undef AUDIT_FAST_SUMS_INL
#else
#define AUDIT_FAST_SUMS_INL
#endif

#include "reference/fast/exponentials-inl.hpp"
#include "reference/fast/logits-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::reference::fast::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Sums carry 2^scale, so that the smallest of them are normal; so do the exponentials that pair_sum keeps.
inline constexpr int scale = 600;
/// Below these z every exponential is far less than anything that decides: they stand for what lies beyond.
inline constexpr double least_z = -700, least_pair_z = -1000;

/// Σ e^z = tops + rest: the number of entries at the maximum, exactly, and rest·2^scale of the others.
struct Sum {
  double tops = 0;
  Pair<double> rest{0, 0};
};

/// The sum of the lanes of vectors of pairs.
template <class D, class V = hn::Vec<D>>
Pair<double> over_lanes(D d, Pair<V> lanes) {
  HWY_ALIGN double hi[hn::MaxLanes(d)], lo[hn::MaxLanes(d)];
  hn::Store(lanes.hi, d, hi);
  hn::Store(lanes.lo, d, lo);
  Pair<double> total{hi[0], lo[0]};
  for (std::size_t i = 1; i < hn::Lanes(d); ++i) total = sum(total, Pair<double>{hi[i], lo[i]});
  return total;
}
template <class D>
double over_lanes(D d, hn::Vec<D> counts) {
  return hn::GetLane(hn::SumOfLanes(d, counts));
}

/// What stands for the exponential of an entry at the maximum: no e^z with z ≤ 0 is 2.
inline constexpr double at_the_top = 2;

/// The sum in double, compensated; writes e^z, at_the_top or 0 for each entry when it is given where.
template <class D, class Scores>
HWY_INLINE Sum narrow_sum(D d, const Logits<Scores>& logits, double* exponentials) {
  using V = hn::Vec<D>;
  const V zero = hn::Zero(d), one = hn::Set(d, 1.0);
  V total = zero, missing = zero, tops = zero;
  for_each_vector(d, logits.size(), [&](std::size_t i, std::size_t count) AUDIT_STEP {
    const Shifted<D> s = logits.limited(d, i, count, least_z);
    const V e = hn::IfThenZeroElse(hn::Or(s.masked, s.top), exponential(d, s.z));
    const Pair<V> next = two_sum(total, e);
    total = next.hi;
    missing = missing + next.lo;
    tops = tops + hn::IfThenElseZero(s.top, one);
    if (exponentials) store(d, hn::IfThenElse(s.top, hn::Set(d, at_the_top), e), exponentials + i, count);
  });
  const Pair<double> rest = over_lanes(d, quick_two_sum(total, missing));
  const double unit = std::ldexp(1.0, scale);
  return {over_lanes(d, tops), {rest.hi * unit, rest.lo * unit}};
}

/// Sums pairs, each in at most 8 + log2 n additions.
template <class D>
class PairwiseSum {
  using V = hn::Vec<D>;

 public:
  explicit PairwiseSum(D d) : d_(d), block_(none()) {}

  HWY_INLINE void add(Pair<V> term) {
    block_ = sum(block_, term);
    if (++in_block_ == 8) close_block();
  }

  Pair<double> total() {
    Pair<V> all = block_;
    while (depth_ > 0) all = sum(stack_[--depth_], all);
    return over_lanes(d_, all);
  }

 private:
  Pair<V> none() const { return {hn::Zero(d_), hn::Zero(d_)}; }

  /// Like a carry: two sums of equally many blocks become one.
  void close_block() {
    for (std::size_t carries = blocks_++; carries & 1; carries >>= 1) block_ = sum(stack_[--depth_], block_);
    stack_[depth_++] = block_;
    block_ = none();
    in_block_ = 0;
  }

  D d_;
  Pair<V> block_;
  int in_block_ = 0;
  std::size_t blocks_ = 0;
  int depth_ = 0;
  Pair<V> stack_[60];
};

/// The sum in pairs; writes e^z·2^scale, at_the_top·2^scale or 0 as pairs for each entry when it is given where.
template <class D, class Scores>
HWY_INLINE Sum pair_sum(D d, const Logits<Scores>& logits, double* his, double* los) {
  using V = hn::Vec<D>;
  const V zero = hn::Zero(d), one = hn::Set(d, 1.0), top = hn::Set(d, std::ldexp(at_the_top, scale));
  V tops = zero;
  PairwiseSum<D> total(d);
  for_each_vector(d, logits.size(), [&](std::size_t i, std::size_t count) AUDIT_STEP {
    const Shifted<D> s = logits.limited(d, i, count, least_pair_z);
    const auto left_out = hn::Or(s.masked, s.top);
    Pair<V> e = pair_exponential(d, s.z, scale);
    e = {hn::IfThenZeroElse(left_out, e.hi), hn::IfThenZeroElse(left_out, e.lo)};
    total.add(e);
    tops = tops + hn::IfThenElseZero(s.top, one);
    if (!his) return;
    store(d, hn::IfThenElse(s.top, top, e.hi), his + i, count);
    store(d, e.lo, los + i, count);
  });
  return {over_lanes(d, tops), total.total()};
}

}  // namespace audit::reference::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
