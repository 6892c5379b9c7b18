#include <algorithm>
#include <cmath>

#include "impls/bounds.hpp"

namespace audit::impls {
namespace {

/// e^-far is below half the smallest subnormal of any format.
constexpr double far = 800;

/// The smallest and the largest sum x + noise (x itself, where there is no noise) of an unmasked entry.
struct Range {
  double low = INFINITY;
  double high = -INFINITY;

  [[nodiscard]] double spread() const { return high - low; }
  [[nodiscard]] double magnitude() const { return std::max(std::abs(low), std::abs(high)); }
};

Range range(const Row& row) {
  Range found;
  for (std::size_t j = 0; j < row.x.size(); ++j) {
    if (row.x[j] == -INFINITY) continue;
    const double sum = row.operand.empty() ? row.x[j] : row.x[j] + row.operand[j];
    found = {std::min(found.low, sum), std::max(found.high, sum)};
  }
  return found;
}

bool is_narrow(const Format& format) { return format.precision < f32.precision; }

}  // namespace

bool spread_fits(const Row& row, const Format& format) {
  const Range r = range(row);
  const double largest = largest_finite(format);
  const bool sums_fit = r.low >= -largest && r.high <= largest;
  return sums_fit && (r.spread() <= largest / 2 || largest / row.temperature >= far);
}

Domain bounded_spread() {
  return {"finite and masked entries, max - min at most half the largest number, or any with τ below max/800",
          spread_fits};
}

bool logsumexp_fits(const Row& row, const Format& format) {
  const double log_sum = row.temperature * facts(row).log_sum;
  return spread_fits(row, format) && std::abs(range(row).high) + log_sum <= largest_finite(format) / 2;
}

bool log_spread_fits(const Row& row, const Format& format) {
  const double spread = range(row).spread(), half = largest_finite(format) / 2;
  return row.temperature == 1 || (spread <= half && spread / row.temperature <= half);
}

Domain bounded_log_spread() {
  return {"finite and masked entries; with τ ≠ 1 max - min, also over τ, at most half the largest number",
          log_spread_fits};
}

bool exponentials_fit(const Row& row, const Format& format) {
  const Facts f = facts(row);
  const double lowest = range(row).low / row.temperature;
  return lowest >= std::log(smallest_normal(format)) + 1 && f.max + f.log_sum <= std::log(largest_finite(format)) - 1;
}

bool components_fit(const Row& row, const Format& format) {
  const double deepest = range(row).spread() / row.temperature + facts(row).log_sum;
  return log_spread_fits(row, format) && -deepest >= std::log(smallest_normal(format)) + 1;
}

bool target_fits(const Row& row, const Format& format) {
  const Facts f = facts(row);
  return f.gap[static_cast<std::size_t>(row.target.front())] + f.log_sum <= -std::log(smallest_normal(format)) - 1;
}

bool two_exponentials_fit(const Row& row, const Format& format) {
  return row.x.size() > 1 && exponentials_fit(row, format);
}

bool log_softmax_by_logsumexp_fits(const Row& row, const Format& format) {
  return logsumexp_fits(row, format) && log_spread_fits(row, format);
}

bool quotients_small(const Row& row, const Format&) { return range(row).magnitude() / row.temperature <= 2048; }

bool quotients_fit(const Row& row, const Format& format) {
  return range(row).magnitude() / row.temperature <= largest_finite(format) / 2;
}

bool gradients_fit(const Row& row, const Format& format) {
  double total = 0;
  for (const double g : row.operand) total += std::abs(g);
  const double eighth = largest_finite(format) / 8;
  return spread_fits({row.x, row.temperature}, format) && total <= eighth && total / row.temperature <= eighth;
}

bool unmasked(const Row& row, const Format&) { return std::ranges::find(row.x, -INFINITY) == row.x.end(); }

Claim under_options(Claim claim, std::string_view options) {
  if (options.empty()) return claim;
  Claim left;
  left.domain = {"rows of finite entries: nothing masked, no NaN, no infinity", unmasked};
  left.promises = claim.promises & (strided | in_place | thread_safe | deterministic);
  return left;
}

Claim rounded_once(Claim claim) {
  if (claim.domain.contains) {
    claim.domain.contains = [inside = std::move(claim.domain.contains)](const Row& row, const Format& format) {
      return inside(row, is_narrow(format) ? f32 : format);
    };
  }
  if (!claim.bounds) return claim;
  claim.bound += "; in formats below f32 half an ulp, and 3/2 of that with the u of f32";
  claim.bounds = [inside = std::move(claim.bounds)](const Row& row, const Format& format) {
    if (!is_narrow(format)) return inside(row, format);
    std::vector<Bound> bounds = inside(row, f32);
    for (Bound& bound : bounds) bound = rounded_once(bound);
    return bounds;
  };
  return claim;
}

}  // namespace audit::impls
