#pragma once

#include <gtest/gtest.h>
#include <mpfr.h>

#include <bit>
#include <cmath>
#include <vector>

#include "reference/cases.hpp"
#include "reference/families.hpp"
#include "reference/fast/bounds.hpp"
#include "reference/fast/fast.hpp"
#include "reference/oracle.hpp"

namespace audit::reference::fast {

/// What a comparison of the fast path with MPFR has seen.
struct Comparison {
  std::size_t rows = 0;
  std::size_t elements = 0;  ///< compared
  std::size_t open = 0;      ///< left open by the fast path
  std::size_t rows_off = 0;
};

inline bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

/// Fails where the fast path says something else than MPFR: rounded value and side to the bit, the rest to 2^-18 ulp.
inline void compare(const Case& c, Comparison& seen) {
  Exact fast;
  fast.format = c.format;
  const Status status = try_certify(c.map, c.row, fast);
  const Exact mpfr = certify_by_mpfr(c.map, c.format, c.row);
  ++seen.rows;
  ASSERT_TRUE(status == Status::off || (status == Status::special) == (mpfr.special != Special::none)) << id(c);
  seen.rows_off += status == Status::off;
  if (status != Status::certified) return;
  ASSERT_EQ(fast.size(), mpfr.size()) << id(c);
  seen.open += fast.undecided.size();
  for (std::size_t j = 0; j < fast.size(); ++j) {
    const Element got = fast.element(j), want = mpfr.element(j);
    if (!got.decided) continue;
    ++seen.elements;
    ASSERT_TRUE(same_bits(got.rounded, want.rounded))
        << id(c) << "#" << j << ": " << got.rounded << ", " << want.rounded;
    ASSERT_EQ(got.side, want.side) << id(c) << "#" << j;
    ASSERT_EQ(got.ulp_exponent, want.ulp_exponent) << id(c) << "#" << j;
    ASSERT_NEAR(got.residual, want.residual, 0x1p-18) << id(c) << "#" << j;
  }
}

/// A row of random bit patterns of the format. Of three, one is of any patterns, one of numbers within 2^±6 where
/// exponentials live, one of those far from 0; a few entries are masked.
inline Case random_bits(impls::Map map, const impls::Format& format, std::size_t n, std::uint64_t index) {
  const Stream stream("random bits", format, n, 1, index);
  const auto number = [&](std::size_t i, std::uint32_t purpose) {
    const std::uint64_t bits = stream.bits(i, purpose) >> (64 - 8 * format.bytes);
    const double any = impls::decode(format, bits);
    if (!std::isfinite(any) || any == 0) return 0.0;
    if (index % 3 == 0) return any;
    const double near = std::ldexp(any, static_cast<int>(stream.bits(i, purpose + 1) % 12) - 6 - std::ilogb(any));
    return impls::round_to(format, index % 3 == 1 ? near : near + std::ldexp(1.0, format.emax / 2));
  };
  impls::Row row;
  for (std::size_t i = 0; i < n; ++i) {
    const bool masked = format.infinities && stream.bits(i, 2) % 16 == 0;
    row.x.push_back(masked ? -INFINITY : number(i, 3));
    if (map == impls::Map::gumbel_softmax) row.operand.push_back(number(i, 5));
  }
  if (impls::traits(map).takes_temperature && index % 2 == 1) {
    const double temperature = std::abs(number(0, 7));
    if (temperature > 0) row.temperature = temperature;
  }
  return spelled_out(map, format, row);
}

/// The largest error of the softmax before it is rounded, over the elements of a row, as a share of the proved bound.
/// y is RN(y) and the rest; the exact one comes from MPFR with 300 bits.
inline double share_of_the_bound(const Case& c, double perturbation) {
  Exact fast;
  fast.format = c.format;
  if (try_certify(c.map, c.row, fast, perturbation) != Status::certified) return 0;
  const std::size_t n = c.row.x.size();
  const double bound = c.format.precision <= 24 ? narrow_error(n) : pair_error(n);
  mpfr_t sum, y, error;
  mpfr_inits2(300, sum, y, error, nullptr);
  mpfr_set_zero(sum, 1);
  for (const double x : c.row.x) {
    mpfr_set_d(y, x, MPFR_RNDN);
    mpfr_exp(y, y, MPFR_RNDN);
    mpfr_add(sum, sum, y, MPFR_RNDN);
  }
  double largest = 0;
  for (std::size_t j = 0; j < n; ++j) {
    if (!std::isfinite(c.row.x[j]) || fast.rounded[j] < 0x1p-400) continue;
    mpfr_set_d(y, c.row.x[j], MPFR_RNDN);
    mpfr_exp(y, y, MPFR_RNDN);
    mpfr_div(y, y, sum, MPFR_RNDN);
    mpfr_set_d(error, fast.rest[j], MPFR_RNDN);
    mpfr_mul_d(error, error, rest_unit(c.format), MPFR_RNDN);
    mpfr_add_d(error, error, fast.rounded[j], MPFR_RNDN);
    mpfr_sub(error, error, y, MPFR_RNDN);
    mpfr_div(error, error, y, MPFR_RNDN);
    largest = std::max(largest, std::abs(mpfr_get_d(error, MPFR_RNDN)));
  }
  mpfr_clears(sum, y, error, nullptr);
  return largest / bound;
}

}  // namespace audit::reference::fast
