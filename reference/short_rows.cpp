// Softmax of short rows, from tables of exponentials. The proof of what is decided:
//
// a is the largest entry, k the number of entries equal to it, t_j = a - x_j the gaps of the others, E_j = e^-t_j and
// R = Σ E_j over those. Then y = 1/(k + R) at a, and E_j/(k + R) elsewhere. u = 2^-53; the formats' values are doubles.
//
// 1. E_j is the product of two table entries, both correctly rounded: 3u. Gaps beyond `far` stand for each other: their
//    exponentials are less than half of any subnormal, and 2^-1000 in their place changes nothing but numbers that are
//    rounded to 0, or to 1 from below, on the same side.
// 2. R has at most three terms: 5u. Relative to it, k + R is off by 6u, R/(k + R) by 12u, and E_j/(k + R) by 10u.
// 3. y is taken as base + s, base a power of two or 0, s with a relative error of at most `error` = 2^-49 > 12u +
// O(u²):
//    a third answer to ties, 1/(3 + R), is none, base = 0; 1/(k + R) with k = 1, 2, 4 and R ≤ k/2 is
//    1/k - (R/k)/(k + R): however small R is, the side of 1/k is known.
//    Two entries less than 2^-20 apart are 1/2 ± t/4, off by t²/12 < 2^-43 = error_near_half of t/4, the rounding of t
//    included.
// 4. In units of ulp(y), s is v, off by at most error·abs(v). The nearest integer r to v decides RN(y) = base + r
// ulp(y)
//    unless v is that near to a midpoint; and the side of RN(y), and the binade of y, unless v is that near to r. Then
//    it is left open. abs(v) ≤ 2^24, so that the residual is good to 2^-25.
#include "reference/short_rows.hpp"

#include <mpfr.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace audit::reference {
namespace {

constexpr double error = 0x1p-49, error_near_half = 0x1p-43;
constexpr double near_half = 0x1p-20;  ///< gaps below this are
constexpr double far = 512;
constexpr double of_far = 0x1p-1000;

/// A gap of f32 is split: its significand to 2^-11, and the rest, in the binades from near_half to far.
constexpr int fine_bits = 12, first_binade = -20, last_binade = 8;

/// From here on the numbers of a 16-bit format are further than `far` apart: only equal ones, or none, need their e^x.
constexpr double sparse = 0x1p20;

/// e^x by MPFR, into [1, 2) · 2^exponent, correctly rounded.
double power(double x, int& exponent) {
  mpfr_t y;
  mpfr_init2(y, 53);
  mpfr_set_d(y, x, MPFR_RNDN);
  mpfr_exp(y, y, MPFR_RNDN);
  long e = 0;
  const double half = mpfr_get_d_2exp(&e, y, MPFR_RNDN);
  mpfr_clear(y);
  exponent = static_cast<int>(e) - 1;
  return 2 * half;
}

double power(double x) {
  int exponent = 0;
  const double significand = power(x, exponent);
  return std::ldexp(significand, exponent);
}

/// 2^e as a double.
double power_of_two(int e) { return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52); }
/// floor(log2 v) of a normal v > 0.
int exponent_of(double v) { return static_cast<int>(std::bit_cast<std::uint64_t>(v) >> 52) - 1023; }

/// y = base + s, relative_error that of s.
struct Sum {
  double base, s, relative_error;
};

/// The answer at the maximum, of k entries equal to it.
Sum at_top(double k, double rest) {
  const bool dyadic = k != 3 && rest <= k / 2;
  return dyadic ? Sum{1 / k, -(rest / k) / (k + rest), error} : Sum{0, 1 / (k + rest), error};
}
Sum below_top(double e, double k, double rest) { return {0, e / (k + rest), error}; }
/// Of two entries, this one larger by `gap`.
Sum around_half(double gap) { return {0.5, gap / 4, error_near_half}; }

/// Decides elements of a format, one after another.
class Decider {
 public:
  explicit Decider(ShortAnswers& answers)
      : answers_(answers), precision_(answers.format.precision), emin_(answers.format.emin) {}

  void put(std::size_t i, const Sum& y) {
    const int binade = y.base == 0 ? exponent_of(y.s) : exponent_of(y.base) - (y.s < 0 ? 1 : 0);
    const int ulp = std::max(binade, emin_) - precision_ + 1;
    const double v = y.s * power_of_two(-ulp);
    const double r = (v + to_integer) - to_integer;
    const double fraction = std::abs(v - r), doubt = y.relative_error * std::abs(v);
    put(i, y.base + r * power_of_two(ulp), r - v);
    const bool open = fraction <= doubt || std::abs(fraction - 0.5) <= doubt;
    if (open && y.s != 0) answers_.open.push_back(i);
  }
  void put_masked(std::size_t i) { put(i, 0, 0); }
  void put_special(std::size_t i) { put(i, std::numeric_limits<double>::quiet_NaN(), 0); }

 private:
  static constexpr double to_integer = 0x1.8p52;

  void put(std::size_t i, double rounded, double residual) {
    answers_.rounded[i] = rounded;
    answers_.residual[i] = residual;
  }

  ShortAnswers& answers_;
  int precision_, emin_;
};

}  // namespace

Element ShortAnswers::element(std::size_t i) const {
  Element y;
  y.rounded = rounded[i];
  y.residual = residual[i];
  y.side = (residual[i] > 0) - (residual[i] < 0);
  // The next double towards 0 from RN(y) lies in the binade of a y that is nearer to 0.
  const bool nearer_to_0 = y.side * y.rounded > 0;
  y.ulp_exponent = impls::ulp_exponent(format, nearer_to_0 ? std::nextafter(y.rounded, 0) : y.rounded);
  y.units = std::ldexp(y.rounded, -y.ulp_exponent);
  return y;
}

void ShortAnswers::set(std::size_t i, const Element& y) {
  rounded[i] = y.rounded;
  residual[i] = y.residual == 0 ? y.side * std::numeric_limits<double>::min() : y.residual;
}

ShortRows::ShortRows(const impls::Format& format) : format_(format) {
  if (format == impls::f32) {
    constexpr std::size_t coarse_in_binade = std::size_t{1} << (23 - fine_bits);
    constexpr std::size_t fine_in_binade = std::size_t{1} << fine_bits;
    for (int e = first_binade; e <= last_binade; ++e) {
      for (std::size_t i = 0; i < coarse_in_binade; ++i)
        coarse_.push_back(power(-std::ldexp(1 + static_cast<double>(i) / coarse_in_binade, e)));
      for (std::size_t i = 0; i < fine_in_binade; ++i)
        fine_.push_back(power(-std::ldexp(static_cast<double>(i), e - 23)));
    }
    return;
  }
  if (format.bytes > 2) throw std::invalid_argument("short rows: f32 or a format of at most 16 bits");
  for (std::uint32_t bits = 0; bits < 1U << (8 * format.bytes); ++bits) {
    values_.push_back(impls::decode(format, bits));
    Power p{1, 0};
    if (std::abs(values_.back()) < sparse) p.significand = power(values_.back(), p.exponent);
    powers_.push_back(p);
  }
}

/// e^(x - top), x < top.
double ShortRows::exponential(std::uint32_t x, std::uint32_t top) const {
  const double gap = values_[top] - values_[x];
  const std::uint32_t sign = 1U << (8 * format_.bytes - 1);
  const Power &a = powers_[x], &b = powers_[top ^ sign];
  const int exponent = std::clamp(a.exponent + b.exponent, -1000, 0);
  return gap == INFINITY ? 0 : gap > far ? of_far : a.significand * b.significand * power_of_two(exponent);
}

template <std::size_t n>
void ShortRows::certify_rows(std::span<const std::uint32_t> patterns, ShortAnswers& answers) const {
  Decider decider(answers);
  for (std::size_t row = 0; row < patterns.size(); row += n) {
    const std::uint32_t* x = patterns.data() + row;
    std::uint32_t top = x[0];
    bool special = false;
    for (std::size_t j = 0; j < n; ++j) {
      if (values_[x[j]] > values_[top]) top = x[j];
      special = special || std::isnan(values_[x[j]]);
    }
    const double a = values_[top];
    if (special || std::isinf(a)) {
      for (std::size_t j = 0; j < n; ++j) decider.put_special(row + j);
      continue;
    }
    const double gap = values_[x[1]] - values_[x[0]];
    if (n == 2 && gap != 0 && std::abs(gap) < near_half) {
      decider.put(row, around_half(-gap));
      decider.put(row + 1, around_half(gap));
      continue;
    }
    double ties = 0, rest = 0;
    std::array<double, n> e;
    for (std::size_t j = 0; j < n; ++j) {
      const bool tie = values_[x[j]] == a;
      e[j] = tie ? 0 : exponential(x[j], top);
      ties += tie ? 1 : 0;
      rest += e[j];
    }
    for (std::size_t j = 0; j < n; ++j) {
      if (values_[x[j]] == a) {
        decider.put(row + j, at_top(ties, rest));
      } else if (e[j] == 0) {
        decider.put_masked(row + j);
      } else {
        decider.put(row + j, below_top(e[j], ties, rest));
      }
    }
  }
}

/// e^-gap, a gap of f32 of at least near_half.
double ShortRows::exponential(float gap) const {
  if (gap == INFINITY) return 0;
  if (gap >= far) return of_far;
  const auto bits = std::bit_cast<std::uint32_t>(gap) - (static_cast<std::uint32_t>(first_binade + 127) << 23);
  const std::uint32_t fine_mask = (1U << fine_bits) - 1;
  return coarse_[bits >> fine_bits] * fine_[bits >> 23 << fine_bits | (bits & fine_mask)];
}

void ShortRows::certify_differences(std::span<const std::uint32_t> patterns, ShortAnswers& answers) const {
  Decider decider(answers);
  for (std::size_t row = 0; row < patterns.size(); row += 2) {
    const auto d = std::bit_cast<float>(patterns[row + 1]);
    if (std::isnan(d) || d == INFINITY) {
      for (const std::size_t j : {0, 1}) decider.put_special(row + j);
    } else if (std::abs(d) < near_half) {
      decider.put(row, around_half(-static_cast<double>(d)));
      decider.put(row + 1, around_half(d));
    } else {
      const double e = exponential(std::abs(d));
      for (const std::size_t j : {0, 1}) {
        if ((j == 1) == (d > 0)) {
          decider.put(row + j, at_top(1, e));
        } else if (e == 0) {
          decider.put_masked(row + j);
        } else {
          decider.put(row + j, below_top(e, 1, e));
        }
      }
    }
  }
}

void ShortRows::certify(std::size_t n, std::span<const std::uint32_t> patterns, ShortAnswers& answers) const {
  answers.format = format_;
  answers.rounded.resize(patterns.size());
  answers.residual.resize(patterns.size());
  answers.open.clear();
  if (format_ == impls::f32) return certify_differences(patterns, answers);
  switch (n) {
    case 2:
      return certify_rows<2>(patterns, answers);
    case 3:
      return certify_rows<3>(patterns, answers);
    case 4:
      return certify_rows<4>(patterns, answers);
    default:
      throw std::invalid_argument("short rows: of 2, 3 or 4 entries");
  }
}

}  // namespace audit::reference
