// The first step, for formats of at most 24 bits: e^z and their sum in double, and which y = e/S are certainly rounded
// right. Proof: exact.md, sections 2 to 4.
#if defined(AUDIT_EXACT_DOUBLE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AUDIT_EXACT_DOUBLE_INL
#undef AUDIT_EXACT_DOUBLE_INL
#else
#define AUDIT_EXACT_DOUBLE_INL
#endif

#include <hwy/aligned_allocator.h>
#include <hwy/cache_control.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "impls/prefetch.hpp"
#include "impls/softmax/exact_bounds.hpp"
#include "impls/softmax/exact_formats-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::correctly_rounded::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Groups whose terms are added to each other before they meet those of other blocks.
inline constexpr std::size_t groups_of_block = 8;

/// e^z, -110 ≤ z ≤ 0: a relative error of at most `exponential_error`.
HWY_INLINE Double exponential(Double z) {
  const Doubles d;
  const hn::RebindToUnsigned<Doubles> bits;
  const auto c = [&](double v) HWY_ATTR { return hn::Set(d, v); };
  // Adding 1.5·2^52 leaves an integer in the low bits of the sum.
  const Double magic = c(0x1.8p52), shifted = hn::MulAdd(z, c(step_of_log.inverse), magic), k = shifted - magic;
  const Double r = hn::NegMulAdd(k, c(step_of_log.tail), hn::NegMulAdd(k, c(step_of_log.high), z));
  const Whole steps = hn::BitCast(bits, shifted);
  const Double power = hn::BitCast(d, hn::BitCast(bits, look_up(powers, steps)) + hn::ShiftLeft<48>(steps));
  Double q = hn::MulAdd(c(slope[5]), r, c(slope[4]));
  q = hn::MulAdd(q, r, c(slope[3]));
  q = hn::MulAdd(q, r, c(slope[2]));
  q = hn::MulAdd(q, r, c(slope[1]));
  q = hn::MulAdd(q, r, c(slope[0]));
  return hn::MulAdd(power, q * r, power);
}

/// Σ of blocks, with what each addition loses.
class BlockSum {
 public:
  BlockSum() : total_(hn::Zero(Doubles())), lost_(hn::Zero(Doubles())) {}

  HWY_INLINE void add(Double block) {
    const Double sum = total_ + block, block_in_sum = sum - total_;
    lost_ = lost_ + ((total_ - (sum - block_in_sum)) + (block - block_in_sum));
    total_ = sum;
  }
  HWY_INLINE double total() const {
    const Doubles d;
    return hn::GetLane(hn::SumOfLanes(d, total_)) + hn::GetLane(hn::SumOfLanes(d, lost_));
  }

 private:
  Double total_, lost_;
};

/// What a first look at a row tells.
struct Look {
  double max = -std::numeric_limits<double>::infinity();
  bool finite_or_masked = true;
  bool differences_are_exact = true;  ///< x - max in double, for all within 128 of it
};

/// A difference within 128 of numbers that are multiples of 2^-46 is a double: of all floats that are no smaller, and
/// 0.
inline constexpr float least_multiple = 0x1p-23F;

template <std::size_t at>
class Looker {
 public:
#if HWY_TARGET == HWY_SCALAR
  void operator()(const Stored<at>* x) {
    for (std::size_t i = 0; i < group_size(); ++i) {
      const float v = hn::GetLane(load<at>(HalfFloats(), x + i));
      seen_.max = std::max(seen_.max, static_cast<double>(v));
      seen_.finite_or_masked = seen_.finite_or_masked && v < std::numeric_limits<float>::infinity();
      seen_.differences_are_exact = seen_.differences_are_exact && (v == 0 || std::abs(v) >= least_multiple);
    }
  }
  [[nodiscard]] Look result() const { return seen_; }

 private:
  Look seen_;
#else
  Looker()
      : max_(hn::Set(Floats(), -std::numeric_limits<float>::infinity())),
        least_(hn::Set(Words(), ~0U)),
        below_(hn::Eq(max_, max_)) {}

  HWY_INLINE void operator()(const Stored<at>* x) {
    const Floats d;
    const auto v = load<at>(d, x);
    max_ = hn::Max(max_, v);
    below_ = hn::And(below_, hn::Lt(v, hn::Set(d, std::numeric_limits<float>::infinity())));
    const Word magnitude = hn::ShiftLeft<1>(hn::BitCast(Words(), v));
    least_ = hn::Min(least_, magnitude - hn::Set(Words(), 1));  // 0 becomes the largest of all
  }
  HWY_INLINE Look result() const {
    const Word bound = hn::Set(Words(), 2 * std::bit_cast<std::uint32_t>(least_multiple) - 1);
    return {hn::GetLane(hn::MaxOfLanes(Floats(), max_)), hn::AllTrue(Floats(), below_),
            hn::AllTrue(Words(), hn::Eq(hn::Max(least_, bound), least_))};
  }

 private:
  hn::Vec<Floats> max_;
  Word least_;
  hn::Mask<Floats> below_;
#endif
};

/// Rows of one length, one after another: y where that is certain, and the names of the elements where it is not.
template <std::size_t at>
class DoubleStep {
  using S = Stored<at>;

 public:
  DoubleStep(std::size_t n, double temperature)
      : n_(n),
        whole_(n / group_size() * group_size()),
        temperature_(temperature),
        terms_(hwy::AllocateAligned<double>(n + largest_group)) {}

  Look look(const S* x) {
    Looker<at> looker;
    for (std::size_t i = 0; i < whole_; i += group_size()) looker(x + i);
    if (whole_ < n_) {
      std::fill_n(rest_, largest_group, encoded_mask<at>);
      std::copy(x + whole_, x + n_, rest_);
      looker(rest_);
    }
    return looker.result();
  }

  /// After look(x), of finite and masked entries, one at least finite: the row from now on.
  void take(const S* x, const Look& look) {
    units_ = units_of_error(look.differences_are_exact && temperature_ == 1);
    inverse_ = 1 / (temperature_ == 1 ? sum<false>(x, look.max) : sum<true>(x, look.max));
  }

  /// Every element of the row, rounded, and the names of those that may be wrong.
  const std::vector<std::size_t>& round(S* y) {
    open_.clear();
    write(y);
    return open_;
  }

  /// An element of the row, before that, and by how much it may be off.
  [[nodiscard]] double unrounded(std::size_t j) const { return terms_[j] * inverse_; }
  [[nodiscard]] std::uint32_t units() const { return units_; }

 private:
  /// The terms e^((x - max)/τ), which are kept, added up.
  template <bool divided>
  HWY_INLINE double sum(const S* x, double max) {
    const std::size_t step = group_size(), lanes = hn::Lanes(Doubles());
    const Double shift = hn::Set(Doubles(), max), divisor = hn::Set(Doubles(), temperature_);
    const std::size_t ahead = elements_ahead(n_, sizeof(S));
    const auto term = [&](const S* from, double* kept) HWY_ATTR {
      Double z = hn::PromoteTo(Doubles(), load<at>(HalfFloats(), from)) - shift;
      if constexpr (divided) z = z / divisor;
      const Double e = exponential(hn::Max(z, hn::Set(Doubles(), least_z)));
      hn::Store(e, Doubles(), kept);
      return e;
    };
    BlockSum total;
    double* kept = terms_.get();
    for (std::size_t blocks = whole_ / (groups_of_block * step); blocks > 0; --blocks) {
      Double a = hn::Zero(Doubles()), b = a, c = a, d = a;
      for (std::size_t g = 0; g < groups_of_block; g += 2, x += 2 * step, kept += 2 * step) {
        hwy::Prefetch(x + ahead);
        a = a + term(x, kept);
        b = b + term(x + lanes, kept + lanes);
        hwy::Prefetch(x + ahead + step);
        c = c + term(x + step, kept + step);
        d = d + term(x + step + lanes, kept + step + lanes);
      }
      total.add((a + b) + (c + d));
    }
    for (; kept < terms_.get() + n_; x += step, kept += step) {
      const S* from = kept < terms_.get() + whole_ ? x : rest_;
      total.add(term(from, kept) + term(from + lanes, kept + lanes));
    }
    return total.total();
  }

  HWY_INLINE void write(S* y) {
    const std::size_t step = group_size(), block = groups_of_block * step, ahead = elements_ahead(n_, sizeof(S));
    Rounding<at> rounding(units_);
    for (std::size_t from = 0; from < n_; from += block) {
      const std::size_t to = std::min(from + block, n_);
      for (std::size_t i = from; i < to; i += step) {
        hwy::Prefetch(y + i + ahead);
        round_group(rounding, i, i < whole_ ? y + i : last_);
      }
      if (HWY_LIKELY(!rounding.in_doubt())) continue;
      look_closer(from, to, y);
      rounding.forget();
    }
    std::copy(last_, last_ + (n_ - whole_), y + whole_);
  }

  HWY_INLINE void round_group(Rounding<at>& rounding, std::size_t i, S* y) const {
    const Double factor = hn::Set(Doubles(), inverse_);
    const double* kept = terms_.get() + i;
    rounding(hn::Load(Doubles(), kept) * factor, hn::Load(Doubles(), kept + hn::Lanes(Doubles())) * factor, y);
  }

  /// The elements from … to, of which some may be rounded wrong.
  HWY_NOINLINE void look_closer(std::size_t from, std::size_t to, S* y) {
    for (std::size_t i = from; i < to; i += group_size()) {
      if (is_certain(i)) continue;
      for (std::size_t j = i; j < std::min(i + group_size(), n_); ++j) {
        if (at != f32_at && !may_be_midpoint<at>(static_cast<float>(unrounded(j)))) continue;
        settle(unrounded(j), j, j < whole_ ? y[j] : last_[j - whole_]);
      }
    }
  }

  /// Whether all of a group is rounded right for certain; of f32 by what settle() does, which tells subnormal numbers,
  /// too.
  HWY_INLINE bool is_certain(std::size_t i) const {
    if constexpr (at == f32_at) {
      return ends_agree(i) && ends_agree(i + hn::Lanes(Doubles()));
    } else {
      S unused[largest_group];
      Rounding<at> rounding(units_);
      round_group(rounding, i, unused);
      return !rounding.in_doubt();
    }
  }
  HWY_INLINE bool ends_agree(std::size_t i) const {
    const HalfFloats half;
    const Double y = hn::Load(Doubles(), terms_.get() + i) * hn::Set(Doubles(), inverse_);
    const Double off = y * hn::Set(Doubles(), units_ * 0x1p-52);
    return hn::AllTrue(half, hn::Eq(hn::DemoteTo(half, y - off), hn::DemoteTo(half, y + off)));
  }

  void settle(double value, std::size_t j, S& y) {
    const double off = value * (units_ * 0x1p-52);
    y = round_once<at>(value - off);
    if (y != round_once<at>(value + off)) open_.push_back(j);
  }

  std::size_t n_, whole_;
  double temperature_, inverse_ = 0;
  std::uint32_t units_ = 0;
  hwy::AlignedFreeUniquePtr<double[]> terms_;
  S rest_[largest_group], last_[largest_group];
  std::vector<std::size_t> open_;
};

}  // namespace audit::impls::correctly_rounded::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
