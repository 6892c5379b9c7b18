#include "reference/oracle.hpp"

#include <algorithm>
#include <boost/multiprecision/mpfi.hpp>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>

#include "reference/enclosures.hpp"
#include "reference/entmax.hpp"
#include "reference/fast/fast.hpp"
#include "reference/gradients.hpp"
#include "reference/rounding.hpp"
#include "reference/sparsemax.hpp"

namespace audit::reference {
namespace {

using impls::Format;
using impls::Map;
using impls::Row;
using impls::traits;

/// Precision is a type: nothing here depends on a global default, so rows are certified on any number of threads.
template <unsigned digits10>
using Interval =
    boost::multiprecision::number<boost::multiprecision::mpfi_float_backend<digits10>, boost::multiprecision::et_off>;

/// What a map is asked: one row, or for cross_entropy a batch of them.
using Rows = std::span<const Row>;

template <class I>
std::vector<std::optional<I>> enclose(Map map, Rows rows) {
  const Row& row = rows.front();
  switch (map) {
    case Map::softmax:
    case Map::gumbel_softmax:
      return softmax<I>(row);
    case Map::log_softmax:
      return log_softmax<I>(row);
    case Map::logsumexp:
      return logsumexp<I>(row);
    case Map::cross_entropy:
      return cross_entropy<I>(rows);
    case Map::hierarchical_softmax:
      return hierarchical_softmax<I>(row);
    case Map::softmax_vjp:
      return softmax_vjp<I>(row);
    case Map::log_softmax_vjp:
      return log_softmax_vjp<I>(row);
    case Map::cross_entropy_vjp:
      return cross_entropy_vjp<I>(row);
    case Map::entmax15:
      return entmax15<I>(row);
    case Map::sparsemax:
    case Map::sparsemax_vjp:
      break;
  }
  throw std::out_of_range("no enclosure for this map");
}

/// What an entry without an enclosure gives, a masked one or one outside of the support: 0, log 0, or as a target
/// -log 0.
Element excluded(Map map, const Format& format) {
  Element y;
  y.rounded = map == Map::log_softmax ? -INFINITY : map == Map::cross_entropy ? INFINITY : 0;
  y.ulp_exponent = impls::ulp_exponent(format, 0);
  return y;
}

/// One step of Ziv's strategy: decides what this precision can of the elements that are still open.
template <unsigned digits10>
void decide_at(Map map, const Format& format, Rows rows, Exact& exact) {
  const auto enclosures = enclose<Interval<digits10>>(map, rows);
  std::erase_if(exact.undecided, [&](std::size_t j) {
    if (!enclosures[j]) {
      exact.set(j, excluded(map, format));
      return true;
    }
    const mpfi_srcptr ends = enclosures[j]->backend().data();
    exact.bits = std::max(exact.bits, static_cast<int>(mpfi_get_prec(ends)));
    const auto decided = decide(format, &ends->left, &ends->right);
    if (decided) exact.set(j, *decided);
    return decided.has_value();
  });
}

/// Ziv's ladder, doubling from 95 to 4098 bits. It ends for the maps here: by Lindemann–Weierstrass an element is
/// irrational, hence no boundary of a rounding, unless
///   softmax, gumbel_softmax: all finite logits are equal, then it is 1/k, enclosed by a point or no dyadic number;
///   log_softmax, logsumexp: one finite logit, then it is 0 or that logit, enclosed by a point as log1p(0) = 0.
/// (e^a for distinct rational a are linearly independent over the rationals; 1/y_j = Σ e^(z_i - z_j), and
/// Σ e^(x_i) = e^q for rational q needs one term. Of the other maps, their enclosures say when it ends.) 4098 bits hold
/// every difference of two doubles exactly.
constexpr auto ladder = {decide_at<28>,  decide_at<57>,  decide_at<115>, decide_at<231>,
                         decide_at<462>, decide_at<924>, decide_at<1233>};

/// Decides the open outputs of what is not always rational.
void climb(Map map, const Format& format, Rows rows, Exact& exact) {
  exact.fallbacks = exact.undecided.size();
  for (const auto step : ladder) {
    step(map, format, rows, exact);
    if (exact.undecided.empty()) break;
  }
}

Exact open(const Format& format, Special special, std::size_t outputs) {
  Exact exact;
  exact.format = format;
  exact.special = special;
  if (special != Special::none) return exact;
  exact.rounded.resize(outputs);
  exact.rest.resize(outputs);
  exact.undecided.resize(outputs);
  std::iota(exact.undecided.begin(), exact.undecided.end(), std::size_t{0});
  return exact;
}

}  // namespace

bool certified_fast(Map map) {
  return map == Map::softmax || map == Map::gumbel_softmax || map == Map::log_softmax || map == Map::logsumexp ||
         map == Map::cross_entropy;
}

Special special(Map map, const Row& row) {
  const auto is_nan = [](double v) { return std::isnan(v); };
  const bool tree = traits(map).takes_tree;
  if (tree) return std::ranges::any_of(row.x, is_nan) ? Special::nan : Special::none;
  if (row.x.empty()) return Special::empty;
  bool any_finite = false, infinite = false;
  for (std::size_t i = 0; i < row.x.size(); ++i) {
    const double x = row.operand.empty() ? row.x[i] : row.x[i] + row.operand[i];
    if (std::isnan(row.x[i]) || std::isnan(x)) return Special::nan;
    infinite = infinite || row.x[i] == INFINITY || (!row.operand.empty() && std::isinf(row.operand[i]));
    any_finite = any_finite || std::isfinite(row.x[i]);
  }
  if (infinite) return Special::plus_infinity;
  return any_finite ? Special::none : Special::all_masked;
}

namespace {

/// The cross entropy of a row by the log_softmax of its target, which it is less the sign: rounding to nearest knows
/// none. False where that is not to be had.
bool certify_loss(const Row& row, Exact& exact) {
  const auto target = static_cast<std::size_t>(row.target[0]);
  Exact all;
  all.format = exact.format;
  if (row.x[target] == -INFINITY) return false;
  if (fast::try_certify(Map::log_softmax, Row{.x = row.x}, all) != fast::Status::certified) return false;
  exact.rounded = {0 - all.rounded[target]};  // an exact 0 is +0
  exact.rest = {-all.rest[target]};
  exact.undecided.clear();
  if (std::ranges::binary_search(all.undecided, target)) exact.undecided.push_back(0);
  exact.bits = all.bits;
  return true;
}

bool certify_fast(Map map, const Row& row, Exact& exact) {
  if (map == Map::cross_entropy) return certify_loss(row, exact);
  return fast::try_certify(map, row, exact) == fast::Status::certified;
}

}  // namespace

void certify_into(Map map, const Format& format, const Row& row, Exact& exact) {
  exact.format = format;
  exact.special = Special::none;
  exact.fallbacks = 0;
  if (certify_fast(map, row, exact)) {
    if (!exact.undecided.empty()) climb(map, format, {&row, 1}, exact);
  } else {
    exact = certify_by_mpfr(map, format, row);
  }
}

Exact certify(Map map, const Format& format, const Row& row) {
  Exact exact;
  certify_into(map, format, row, exact);
  return exact;
}

Exact certify_by_mpfr(Map map, const Format& format, const Row& row) {
  Exact exact = open(format, special(map, row), outputs(map, length(map, row)));
  if (exact.special != Special::none) return exact;
  if (map == Map::sparsemax || map == Map::sparsemax_vjp) {
    const auto elements = map == Map::sparsemax ? sparsemax(format, row.x) : sparsemax_vjp(format, row.x, row.operand);
    for (std::size_t j = 0; j < elements.size(); ++j) exact.set(j, elements[j]);
    exact.undecided.clear();
    return exact;
  }
  climb(map, format, {&row, 1}, exact);
  return exact;
}

Exact certify_mean_cross_entropy(const Format& format, Rows rows) {
  Special kind = rows.empty() ? Special::empty : Special::none;
  for (const Row& row : rows)
    if (kind == Special::none) kind = special(Map::cross_entropy, row);
  Exact exact = open(format, kind, 1);
  if (kind == Special::none) climb(Map::cross_entropy, format, rows, exact);
  return exact;
}

double in_own_ulps(const Element& element) { return element.units - element.residual; }

}  // namespace audit::reference
