#include "reference/special_values.hpp"

#include <algorithm>
#include <cmath>

#include "reference/oracle.hpp"

namespace audit::reference {
namespace {

using impls::Map;

bool is_nan(double v) { return std::isnan(v); }

/// NaN in every entry, but that masked ones may be `zero`.
bool is_nan_row(const std::vector<double>& x, const std::vector<double>& y, double zero) {
  bool any = false;
  for (std::size_t j = 0; j < y.size(); ++j) {
    any = any || is_nan(y[j]);
    if (!is_nan(y[j]) && !(x[j] == -INFINITY && y[j] == zero)) return false;
  }
  return any;
}

/// NaN at the +inf entries and `zero` elsewhere.
bool is_nan_lanes(const std::vector<double>& x, const std::vector<double>& y, double zero) {
  for (std::size_t j = 0; j < y.size(); ++j)
    if (!(x[j] == INFINITY ? is_nan(y[j]) : y[j] == zero)) return false;
  return true;
}

/// `one` at a single +inf entry and `zero` elsewhere.
bool is_one_hot(const std::vector<double>& x, const std::vector<double>& y, double one, double zero) {
  std::size_t hot = 0;
  for (std::size_t j = 0; j < y.size(); ++j) {
    if (x[j] == INFINITY && y[j] == one) {
      ++hot;
    } else if (y[j] != zero) {
      return false;
    }
  }
  return hot == 1;
}

/// A loss is the logarithm of a mass of any of these rows, negated.
bool is_loss(double x_of_target, double y) { return is_nan(y) || y == INFINITY || (x_of_target == INFINITY && y == 0); }

std::optional<std::string_view> unlike_plus_infinity(Map map, const impls::Row& row, const std::vector<double>& y) {
  const std::vector<double>& x = row.x;
  if (map == Map::cross_entropy) {
    if (is_loss(x[static_cast<std::size_t>(row.target[0])], y[0])) return std::nullopt;
    return "+inf, NaN or, of a target at +inf, 0";
  }
  if (map == Map::logsumexp) {
    if (y[0] == INFINITY || is_nan(y[0])) return std::nullopt;
    return "+inf or NaN";
  }
  const bool logarithmic = map == Map::log_softmax;
  const double zero = logarithmic ? -INFINITY : 0, one = logarithmic ? 0 : 1;
  if (is_nan_row(x, y, zero) || is_nan_lanes(x, y, zero) || is_one_hot(x, y, one, zero)) return std::nullopt;
  return "a NaN row (but for masks), NaN at the +inf entries alone, or one-hot";
}

}  // namespace

std::optional<std::string_view> unlike_any_policy(Map map, const impls::Row& row, const std::vector<double>& y) {
  const Special kind = special(map, row);
  if (kind == Special::plus_infinity) return unlike_plus_infinity(map, row, y);
  if (kind != Special::nan || std::ranges::any_of(y, is_nan)) return std::nullopt;
  return "a NaN somewhere";
}

}  // namespace audit::reference
