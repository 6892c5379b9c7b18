#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "impls/catalogue.hpp"

namespace audit::impls::testing {

/// A row of these logits as the target's map takes it: its target is the largest one, its tree in heap order.
inline Row row_for(const Implementation& target, std::vector<double> x) {
  Row row{std::move(x), 1, {}};
  if (traits(target.map).takes_operand) row.operand.assign(row.x.size(), 0.25);
  if (traits(target.map).takes_target) row.target = {std::ranges::max_element(row.x) - row.x.begin()};
  return row;
}

/// What the target's claim leaves between two answers to a row, element by element, where the first is `y`.
inline std::vector<double> twice_the_claim(const Implementation& target, const Format& format, const Row& row,
                                           const std::vector<double>& y) {
  std::vector<double> apart;
  for (const Bound& bound : target.claim.bounds(row, format)) {
    const double got = y[apart.size()];
    apart.push_back(2 * (bound.relative * std::abs(got) + bound.absolute));
    if (std::isfinite(got)) apart.back() += 2 * std::ldexp(bound.ulps, ulp_exponent(format, got));
  }
  return apart;
}

/// The present ones of the catalogue that a filter lets through, for ::testing::ValuesIn.
template <class Filter>
std::vector<const Implementation*> kernels(Filter filter) {
  std::vector<const Implementation*> found;
  for (const Implementation& implementation : catalogue())
    if (implementation.prepare && filter(implementation)) found.push_back(&implementation);
  return found;
}

inline bool any(const Implementation&) { return true; }

/// All but the variants under options that blind them to masks, NaN and infinities.
inline bool claims_a_bound(const Implementation& implementation) {
  return static_cast<bool>(implementation.claim.bounds);
}

/// Those whose logits may be masked, and mean nothing but for their differences: scores of a tree are no logits.
inline bool takes_logits(const Implementation& implementation) {
  return claims_a_bound(implementation) && !traits(implementation.map).takes_tree;
}

/// Those of which plugin.h says what rows of +inf, and of nothing but masks, give.
inline bool is_classified(const Implementation& implementation) {
  constexpr std::array measured_only{Map::cross_entropy, Map::softmax_vjp, Map::log_softmax_vjp, Map::sparsemax_vjp,
                                     Map::cross_entropy_vjp};
  return takes_logits(implementation) && std::ranges::count(measured_only, implementation.map) == 0;
}

/// A test over the catalogue, one instance a kernel.
class EveryKernel : public ::testing::TestWithParam<const Implementation*> {
 protected:
  const Implementation& target = *GetParam();
  const bool one_number_out = traits(target.map).one_number_out;

  /// Those of the target's formats in which an entry can be masked, or infinite.
  [[nodiscard]] std::vector<Format> formats_with_infinities() const {
    std::vector<Format> found = target.formats;
    std::erase_if(found, [](const Format& format) { return !format.infinities; });
    return found;
  }

  [[nodiscard]] std::vector<double> answer(const Format& format, std::vector<double> x) const {
    return ask(target, format, row_for(target, std::move(x))).y;
  }
};

inline std::string name_of(const ::testing::TestParamInfo<const Implementation*>& instance) {
  return instance.param->name;
}

}  // namespace audit::impls::testing
