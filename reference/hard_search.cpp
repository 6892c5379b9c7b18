#include "reference/hard_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/multiprecision/mpfi.hpp>
#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>

#include "reference/enclosures.hpp"

namespace audit::reference {
namespace {

using impls::Format;
using impls::Map;

/// 191 bits: f64 leaves 138 for the distance.
using Interval =
    boost::multiprecision::number<boost::multiprecision::mpfi_float_backend<57>, boost::multiprecision::et_off>;

impls::Row row_of(Map map, double d) {
  impls::Row row{.x = {0, d}};
  if (map == Map::logsumexp) row.x.push_back(d);
  return row;
}

Interval value(Map map, double d, std::size_t element) {
  const auto row = row_of(map, d);
  if (map == Map::logsumexp) return *logsumexp<Interval>(row)[0];
  return map == Map::softmax ? *softmax<Interval>(row)[element] : *log_softmax<Interval>(row)[element];
}

/// y less the nearest boundary, in ulps of y: boundaries are half an ulp apart.
double offset(const Format& format, const Interval& y) {
  const mpfi_srcptr ends = y.backend().data();
  mpfr_t halves, nearest;
  mpfr_inits2(mpfi_get_prec(ends), halves, nearest, nullptr);
  const int exponent = impls::ulp_exponent(format, mpfr_get_d(&ends->left, MPFR_RNDZ));
  mpfr_mul_2si(halves, &ends->left, 1 - exponent, MPFR_RNDN);
  mpfr_round(nearest, halves);
  mpfr_sub(halves, halves, nearest, MPFR_RNDN);
  const double half_ulps = mpfr_get_d(halves, MPFR_RNDN);
  mpfr_clears(halves, nearest, nullptr);
  return half_ulps / 2;
}

/// The derivative of f by d.
double slope(Map map, double d, std::size_t element) {
  if (map == Map::logsumexp) return 2 / (2 + std::exp(-d));
  const double second = 1 / (1 + std::exp(-d)), sign = element == 0 ? -1 : 1;
  if (map == Map::softmax) return sign * second * (1 - second);
  return element == 0 ? -second : 1 - second;
}

HardRow hard_row(Map map, const Format& format, double d, std::size_t element) {
  return {spelled_out(map, format, row_of(map, d)), element, std::abs(offset(format, value(map, d, element)))};
}

void keep_hardest(std::vector<HardRow>& rows, std::size_t count) {
  std::ranges::sort(rows, {}, &HardRow::distance);
  rows.resize(std::min(rows.size(), count));
}

/// Both values of (0, d), d < 0, in double precision; of logsumexp those of (0, d, d) and (0, -d, -d).
std::array<double, 2> values(Map map, double d) {
  const double e = std::exp(d);
  if (map == Map::softmax) return {1 / (1 + e), e / (1 + e)};
  if (map == Map::logsumexp) return {std::log1p(2 * e), std::log(2 + e) - d};
  const double log_sum = std::log1p(e);
  return {-log_sum, d - log_sum};
}

}  // namespace

int bits_needed(const Format& format, double distance) {
  return format.precision - static_cast<int>(std::floor(std::log2(distance)));
}

std::vector<HardRow> hardest_pairs(Map map, const Format& format, double least, std::size_t count) {
  const double near = std::ldexp(1.0, 2 - format.precision);
  std::vector<HardRow> found;
  double d = -least;
  while (d >= -format.precision * std::numbers::ln2) {
    const auto y = values(map, d);
    for (const std::size_t i : {0U, 1U}) {
      const double halves = std::ldexp(y[i], 1 - impls::ulp_exponent(format, y[i]));
      if (std::abs(halves - std::nearbyint(halves)) > 2 * near) continue;
      const bool sum = map == Map::logsumexp;
      found.push_back(hard_row(map, format, sum && i == 1 ? -d : d, sum ? 0 : i));
    }
    d = impls::next_down(format, d);
  }
  keep_hardest(found, count);
  return found;
}

std::vector<HardRow> hard_pairs(Map map, const Format& format, std::size_t count, std::size_t tries,
                                std::uint64_t seed) {
  std::vector<HardRow> found;
  for (std::size_t binade = 0; binade < count; ++binade) {
    const Stream stream("hard", format, binade, seed, 0);
    HardRow hardest;
    hardest.distance = 1;
    for (std::size_t i = 0; i < tries; ++i) {
      const double sign = map == Map::logsumexp && stream.bits(i, 1) & 1 ? 1 : -1;
      const std::size_t element = map == Map::logsumexp ? 0 : stream.bits(i, 2) & 1;
      const double start = sign * std::ldexp(1 + std::ldexp(static_cast<double>(stream.bits(i) >> 12), -52),
                                             -2 * static_cast<int>(binade));
      const Interval y = value(map, start, element);
      const double ulp = std::ldexp(1.0, impls::ulp_exponent(format, static_cast<double>(upper(y))));
      const double d = impls::round_to(format, start - offset(format, y) * ulp / slope(map, start, element));
      HardRow tried = hard_row(map, format, d, element);
      if (tried.distance < hardest.distance) hardest = std::move(tried);
    }
    found.push_back(std::move(hardest));
  }
  keep_hardest(found, count);
  return found;
}

std::string hard_line(const HardRow& hard) {
  return fmt::format("{} {} {}", id(hard.question), hard.element, bits_needed(hard.question.format, hard.distance));
}

std::vector<HardLine> read_hard_rows(const std::string& path) {
  std::ifstream file(path);
  std::vector<HardLine> lines;
  for (std::string text; std::getline(file, text);) {
    if (text.empty() || text[0] == '#') continue;
    std::istringstream words(text);
    std::string question;
    HardLine line;
    words >> question >> line.element >> line.bits;
    if (!words) throw BadCase(fmt::format("{}: '{}' is no line CASE ELEMENT BITS", path, text));
    line.question = rebuild(question);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace audit::reference
