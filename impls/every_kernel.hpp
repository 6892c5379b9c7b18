#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "impls/catalogue.hpp"

namespace audit::impls::testing {

/// A row of these logits as the target's map takes it.
inline Row row_for(const Implementation& target, std::vector<double> x) {
  Row row{std::move(x), 1, {}};
  if (traits(target.map).takes_operand) row.operand.assign(row.x.size(), 0.25);
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
