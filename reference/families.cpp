#include "reference/families.hpp"

#include <Random123/philox.h>
#include <mpfr.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <numbers>

namespace audit::reference {
namespace {

using impls::Format;
using Logits = std::vector<double>;

/// FNV-1a, 64 bits: the same on every platform, which std::hash is not.
std::uint64_t fnv1a(std::uint64_t hash, std::string_view bytes) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  return hash;
}

/// A uniform on (0, 1) from 64 bits: half of all values in [1/2, 1), a quarter in [1/4, 1/2), …, 52 fraction bits each.
double uniform_of(std::uint64_t exponent_bits, std::uint64_t fraction_bits) {
  const int binade = -1 - std::countl_zero(exponent_bits | 1);
  return std::ldexp(1 + static_cast<double>(fraction_bits >> 12) * 0x1p-52, binade);
}

/// log v, correctly rounded: as extended precision has it, whose error (1 ulp; glibc's manual) leaves no doubt as a
/// rule, or by MPFR.
double rounded_log(double v) {
  const long double log = std::log(static_cast<long double>(v)), off = std::abs(log) * 0x1p-61L;
  const auto low = static_cast<double>(log - off), high = static_cast<double>(log + off);
  if (low == high) return low;
  mpfr_t exact;
  mpfr_init2(exact, 53);
  mpfr_set_d(exact, v, MPFR_RNDN);
  mpfr_log(exact, exact, MPFR_RNDN);
  const double rounded = mpfr_get_d(exact, MPFR_RNDN);
  mpfr_clear(exact);
  return rounded;
}

double signed_unit(const Stream& s, std::size_t i) { return (s.bits(i, 1) & 1 ? -1 : 1) * s.uniform(i); }

/// How far below the maximum a result becomes subnormal: abs(log 2^emin).
double normal_depth(const Format& format) { return -format.emin * std::numbers::ln2; }
/// A shift below the maximum that leaves something to see in every format: 30 for f32.
double outlier(const Format& format) { return 0.34375 * normal_depth(format); }

void fill_normal(const Stream& s, const Format&, Logits& x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = s.normal(i);
}

void fill_normal10(const Stream& s, const Format&, Logits& x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 10 * s.normal(i);
}

void fill_wide(const Stream& s, const Format& format, Logits& x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.6875 * normal_depth(format) * signed_unit(s, i);
}

void fill_binades(const Stream& s, const Format& format, Logits& x) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto exponent = static_cast<int>(s.bits(i, 2) % 26) - 20;
    x[i] = std::ldexp(signed_unit(s, i) + (s.bits(i, 1) & 1 ? -1 : 1), exponent);
    x[i] = std::clamp(x[i], -normal_depth(format), normal_depth(format));
  }
}

/// N(0, 1) and a common offset of 2^3 … 2^(p-6), so that at least five bits of the differences are left.
void fill_offset(const Stream& s, const Format& format, Logits& x, double sign) {
  const int steps = std::min(format.precision - 6, format.emax - 1) - 2;
  const auto exponent = 3 + static_cast<int>(s.index() % static_cast<std::uint64_t>(std::max(steps, 1)));
  const double offset = sign * std::ldexp(1 + s.uniform(0, 7), exponent);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = offset + s.normal(i);
}
void fill_offset_up(const Stream& s, const Format& format, Logits& x) { fill_offset(s, format, x, 1); }
void fill_offset_down(const Stream& s, const Format& format, Logits& x) { fill_offset(s, format, x, -1); }

void fill_negative(const Stream& s, const Format& format, Logits& x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = -outlier(format) - std::abs(10 * s.normal(i));
}

void fill_deep_tail(const Stream& s, const Format& format, Logits& x) {
  const double subnormal_depth = (format.precision - 1) * std::numbers::ln2;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = -normal_depth(format) - (subnormal_depth + 1) * s.uniform(i);
  x[s.bits(0, 7) % x.size()] = s.uniform(0, 8);
}

void fill_equal(const Stream& s, const Format&, Logits& x) { std::ranges::fill(x, 10 * s.normal(0)); }

void fill_two_maxima(const Stream& s, const Format& format, Logits& x) {
  fill_normal(s, format, x);
  const double top = *std::ranges::max_element(x) + 3 * s.uniform(0, 7);
  x[s.bits(0, 8) % x.size()] = top;
  x[s.bits(1, 8) % x.size()] = top;
}

void fill_near_ties(const Stream& s, const Format& format, Logits& x) {
  const double base = 10 * s.normal(0, 7);
  const double ulp = std::ldexp(1.0, impls::ulp_exponent(format, base));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = base + ulp * (static_cast<double>(s.bits(i) % 9) - 4);
}

void put_outlier(const Stream& s, const Format& format, Logits& x, std::size_t at) {
  fill_normal(s, format, x);
  x[at] += outlier(format);
}
void fill_outlier_first(const Stream& s, const Format& format, Logits& x) { put_outlier(s, format, x, 0); }
void fill_outlier_last(const Stream& s, const Format& format, Logits& x) { put_outlier(s, format, x, x.size() - 1); }
/// Last of a block or first of the next one, blocks of 4 … 64 by the row's index.
void fill_outlier_block(const Stream& s, const Format& format, Logits& x) {
  const std::size_t block = std::size_t{4} << (s.index() % 5);
  const std::size_t boundary = block * (1 + s.bits(0, 7) % std::max<std::size_t>(x.size() / block, 1));
  put_outlier(s, format, x, std::min(boundary - (s.index() / 5) % 2, x.size() - 1));
}

void fill_masked_half(const Stream& s, const Format& format, Logits& x) {
  fill_normal(s, format, x);
  const std::size_t kept = s.bits(0, 7) % x.size();
  for (std::size_t i = 0; i < x.size(); ++i)
    if (i != kept && s.bits(i, 8) & 1) x[i] = -INFINITY;
}
/// The first block, of 1 … 64 entries by the row's index, and then a row that is far below zero.
void fill_masked_first_block(const Stream& s, const Format& format, Logits& x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = s.normal(i) - 2 * normal_depth(format);
  const std::size_t block = std::min(std::size_t{1} << (s.index() % 7), x.size() - 1);
  std::fill_n(x.begin(), block, -INFINITY);
}
void fill_masked_all_but_one(const Stream& s, const Format&, Logits& x) {
  const std::size_t kept = s.bits(0, 7) % x.size();
  std::ranges::fill(x, -INFINITY);
  x[kept] = 10 * s.normal(0);
}
void fill_masked_finite(const Stream& s, const Format& format, Logits& x) {
  fill_masked_half(s, format, x);
  std::ranges::replace(x, -INFINITY, -impls::largest_finite(format));
}

void fill_rising(const Stream& s, const Format& format, Logits& x) {
  fill_normal10(s, format, x);
  std::ranges::sort(x);
}
void fill_falling(const Stream& s, const Format& format, Logits& x) {
  fill_normal10(s, format, x);
  std::ranges::sort(x, std::greater());
}

}  // namespace

Stream::Stream(std::string_view family, const Format& format, std::size_t n, std::uint64_t seed, std::uint64_t index)
    : key_(fnv1a(0xcbf29ce484222325U, family)), index_(index) {
  key_ = fnv1a(key_ ^ seed, format.name);
  key_ = (key_ ^ n) * 0x100000001b3U;
}

std::uint64_t Stream::bits(std::size_t entry, std::uint32_t purpose) const {
  const auto low = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
  const auto high = [](std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); };
  const r123::Philox4x32::ctr_type counter = {{low(index_), high(index_) ^ (purpose << 16), low(entry), high(entry)}};
  const r123::Philox4x32::key_type key = {{low(key_), high(key_)}};
  const auto drawn = r123::Philox4x32()(counter, key);
  return std::uint64_t{drawn[1]} << 32 | drawn[0];
}

double Stream::uniform(std::size_t entry, std::uint32_t purpose) const {
  return uniform_of(bits(entry, purpose + 0x100), bits(entry, purpose + 0x200));
}

double Stream::normal(std::size_t entry, std::uint32_t purpose) const {
  double sum = -6;
  for (std::uint32_t i = 0; i < 6; ++i) {
    const std::uint64_t two = bits(entry, purpose + 0x300 + i * 0x100);
    sum += static_cast<double>(two >> 32) * 0x1p-32 + static_cast<double>(two & 0xffffffffU) * 0x1p-32;
  }
  return sum * (1 + uniform(entry, purpose) * 0x1p-20);
}

double Stream::gumbel(std::size_t entry, std::uint32_t purpose) const {
  return -rounded_log(-rounded_log(uniform(entry, purpose)));
}

const std::vector<Synthetic>& synthetic_families() {
  static const std::vector<Synthetic> all{
      {"normal", "the row everybody tests", fill_normal, true},
      {"normal10", "the rounding of x - max", fill_normal10},
      {"wide", "a spread close to all that exp can take", fill_wide, true},
      {"binades", "full significands in 26 binades of both signs", fill_binades},
      {"offset_up", "a shift that is wrong or missing, large positive logits", fill_offset_up},
      {"offset_down", "a maximum that starts at 0, large negative logits", fill_offset_down},
      {"negative", "padding with 0, a maximum that starts at 0", fill_negative, true},
      {"deep_tail", "subnormal results, and those that round to 0", fill_deep_tail},
      {"equal", "sums that stagnate; the answer is 1/n", fill_equal, true},
      {"two_maxima", "code that takes the maximum to be one entry", fill_two_maxima},
      {"near_ties", "order among entries a few ulps apart", fill_near_ties},
      {"outlier_first", "a running maximum that never changes", fill_outlier_first},
      {"outlier_last", "a running maximum that changes at the end, tails of vector loops", fill_outlier_last},
      {"outlier_block", "the ends of blocks of 4 to 64", fill_outlier_block},
      {"masked_half", "masked entries anywhere", fill_masked_half},
      {"masked_first_block", "a running maximum that starts at -inf", fill_masked_first_block},
      {"masked_all_but_one", "one entry left: exactly 1", fill_masked_all_but_one},
      {"masked_finite", "masks of the most negative finite number", fill_masked_finite},
      {"rising", "a running maximum that changes at every entry", fill_rising},
      {"falling", "a running maximum that never changes, a sum of falling terms", fill_falling, true},
      {"temperature", "division by the temperature, τ from 1/10 to 10", fill_normal10},
  };
  return all;
}

}  // namespace audit::reference
