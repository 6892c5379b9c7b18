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

/// Below these z every exponential is far less than anything that decides, and stands for what lies beyond: a number
/// about as large as e^-700 and e^-1000.
inline constexpr double least_z = -700, least_exponential = 0x1p-1010;
inline constexpr double least_pair_z = -1000, least_pair_exponential = power_of_two(-1443 + scale);

/// Σ e^z = tops + rest: the number of entries at the maximum, exactly, and rest·2^scale of the others.
struct Sum {
  double tops = 0;
  Pair<double> rest{0, 0};
};

/// The sum of the lanes, in log2 of as many additions one after another.
template <class D, class V = hn::Vec<D>>
Pair<double> over_lanes(D d, Pair<V> lanes) {
  HWY_ALIGN double hi[hn::MaxLanes(d)], lo[hn::MaxLanes(d)];
  hn::Store(lanes.hi, d, hi);
  hn::Store(lanes.lo, d, lo);
  for (std::size_t half = hn::Lanes(d) / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) {
      const Pair<double> both = sum(Pair<double>{hi[i], lo[i]}, Pair<double>{hi[i + half], lo[i + half]});
      hi[i] = both.hi;
      lo[i] = both.lo;
    }
  return {hi[0], lo[0]};
}

/// What stands for the exponential of an entry at the maximum: no e^z with z ≤ 0 is 2.
inline constexpr double at_the_top = 2;

/// The sum in double, compensated; writes e^z, at_the_top or 0 for each entry when it is given where.
template <class D, class Scores>
HWY_INLINE Sum narrow_sum(D d, const Logits<Scores>& logits, double* exponentials) {
  using V = hn::Vec<D>;
  // Every lane's total starts from 1: no less than any term, so that three operations tell what an addition loses.
  const V one = hn::Set(d, 1.0), least = hn::Set(d, least_z), farthest = hn::Set(d, least_exponential);
  V total = one, missing = hn::Zero(d);
  std::size_t tops = 0;
  for_each_vector(d, logits.size(), [&](std::size_t i, std::size_t count) AUDIT_STEP {
    const Shifted<D> s = logits.shifted(d, i, count);
    V e = hn::IfThenElse(hn::Gt(s.z.hi, least), exponential(d, s.z), farthest);
    e = hn::IfThenZeroElse(hn::Or(s.masked, s.top), e);
    const Pair<V> next = quick_two_sum(total, e);
    total = next.hi;
    missing = missing + next.lo;
    tops += hn::CountTrue(d, s.top);
    if (exponentials) store(d, hn::IfThenElse(s.top, hn::Set(d, at_the_top), e), exponentials + i, count);
  });
  const Pair<double> rest = over_lanes(d, two_sum(total - one, missing));
  return {static_cast<double>(tops), {rest.hi * scaled, rest.lo * scaled}};
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
  const V top = hn::Set(d, at_the_top * scaled);
  const V least = hn::Set(d, least_pair_z), farthest = hn::Set(d, least_pair_exponential);
  std::size_t tops = 0;
  PairwiseSum<D> total(d);
  for_each_vector(d, logits.size(), [&](std::size_t i, std::size_t count) AUDIT_STEP {
    const Shifted<D> s = logits.shifted(d, i, count);
    const auto left_out = hn::Or(s.masked, s.top), near = hn::Gt(s.z.hi, least);
    Pair<V> e = pair_exponential(d, s.z, scale);
    e = {hn::IfThenZeroElse(left_out, hn::IfThenElse(near, e.hi, farthest)),
         hn::IfThenElseZero(hn::AndNot(left_out, near), e.lo)};
    total.add(e);
    tops += hn::CountTrue(d, s.top);
    if (!his) return;
    store(d, hn::IfThenElse(s.top, top, e.hi), his + i, count);
    store(d, e.lo, los + i, count);
  });
  return {static_cast<double>(tops), total.total()};
}

}  // namespace audit::reference::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
