// The last step of `exact`: on which side of a midpoint m an element e_j/S lies is the sign of e_j - m·S, which
// fixed-point numbers of ever more limbs tell in the end (Ziv, "Fast evaluation of elementary mathematical functions
// with correctly rounded last bit", ACM TOMS 17, 1991). Proof: exact.md, section 6.
#include "impls/softmax/exact_integers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "impls/softmax/exact_bounds.hpp"

namespace audit::impls::correctly_rounded {
namespace {

__extension__ using Double64 = unsigned __int128;

/// A number ≥ 0 of 64-bit limbs, the lowest first. The highest limb is before the point, unless something else is said.
using Fixed = std::vector<std::uint64_t>;

int points(std::size_t limbs) { return 64 * static_cast<int>(limbs - 1); }

void add(Fixed& a, const Fixed& b) {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Double64 sum = Double64{a[i]} + (i < b.size() ? b[i] : 0) + carry;
    a[i] = static_cast<std::uint64_t>(sum);
    carry = static_cast<std::uint64_t>(sum >> 64);
  }
}

/// a ≥ b.
void subtract(Fixed& a, const Fixed& b) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Double64 difference = Double64{a[i]} - (i < b.size() ? b[i] : 0) - borrow;
    a[i] = static_cast<std::uint64_t>(difference);
    borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
  }
}

/// Rounded down, as everything here.
void divide(Fixed& a, std::uint64_t divisor) {
  Double64 rest = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    const Double64 part = rest << 64 | a[i];
    a[i] = static_cast<std::uint64_t>(part / divisor);
    rest = part % divisor;
  }
}

/// All limbs of the product.
Fixed whole_product(const Fixed& a, const Fixed& b) {
  Fixed made(a.size() + b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t k = 0; k < b.size(); ++k) {
      const Double64 part = Double64{a[i]} * b[k] + made[i + k] + carry;
      made[i + k] = static_cast<std::uint64_t>(part);
      carry = static_cast<std::uint64_t>(part >> 64);
    }
    made[i + b.size()] = carry;
  }
  return made;
}
Fixed product(const Fixed& a, const Fixed& b) {
  const Fixed whole = whole_product(a, b);
  const auto from = whole.begin() + static_cast<std::ptrdiff_t>(a.size() - 1);
  return {from, from + static_cast<std::ptrdiff_t>(a.size())};
}

/// integer·2^shift, in so many limbs.
Fixed shifted(const Fixed& integer, int shift, std::size_t limbs) {
  Fixed made(limbs);
  for (std::size_t i = 0; i < limbs; ++i) {
    const int from = 64 * static_cast<int>(i) - shift;  // the bit of `integer` that becomes the lowest of the limb
    const int limb = from >> 6, bits = from & 63;
    const auto at = [&](int k) { return k >= 0 && k < std::ssize(integer) ? integer[static_cast<std::size_t>(k)] : 0; };
    made[i] = at(limb) >> bits | (bits == 0 ? 0 : at(limb + 1) << (64 - bits));
  }
  return made;
}

/// A double as integer·2^exponent.
std::pair<std::int64_t, int> integer_and_exponent(double v) {
  int exponent = 0;
  const double fraction = std::frexp(v, &exponent);
  return {static_cast<std::int64_t>(std::ldexp(fraction, 53)), exponent - 53};
}

/// max - x, halved where need be, is high + low exactly (Knuth).
struct Difference {
  double high, low;
  int halvings;

  Difference(double x, double max, double temperature) : halvings(needs_halving(max, temperature) ? 1 : 0) {
    const double a = std::ldexp(max, -halvings), b = std::ldexp(x, -halvings);
    high = a - b;
    const double of_b = a - high;
    low = (a - (high + of_b)) + (of_b - b);
  }
};

/// t = (max - x)/τ as a Fixed, 3 units below at most; t < 2^64.
Fixed gap(const Difference& difference, double temperature, std::size_t limbs) {
  const auto [divisor, exponent] = integer_and_exponent(temperature);
  const int shift = points(limbs) + difference.halvings - exponent;
  const auto part = [&](double v) {
    const auto [integer, at] = integer_and_exponent(std::abs(v));
    return shifted({static_cast<std::uint64_t>(integer)}, at + shift, limbs + 1);
  };
  Fixed t = part(difference.high);
  difference.low < 0 ? subtract(t, part(difference.low)) : add(t, part(difference.low));
  divide(t, static_cast<std::uint64_t>(divisor));
  t.pop_back();
  return t;
}

int halvings(std::size_t limbs) { return 11 + std::bit_width(static_cast<unsigned>(points(limbs))); }

/// An exponential may be off by 2^this units.
int exponential_error_bits(std::size_t limbs) { return halvings(limbs) + 4; }

/// e^-t for t within 3 units: the series at t/2^h, squared h times.
Fixed exponential(const Fixed& t) {
  const std::size_t limbs = t.size();
  const int h = halvings(limbs);
  const Fixed one = shifted({1}, points(limbs), limbs), r = shifted(t, -h, limbs);
  Fixed e = one;
  for (int i = points(limbs) / 11 + 1; i > 0; --i) {
    Fixed term = product(r, e);
    divide(term, static_cast<std::uint64_t>(i));
    e = one;
    subtract(e, term);
  }
  for (int i = 0; i < h; ++i) e = product(e, e);
  return e;
}

/// e^((x - max)/τ), 0 where it is less than a unit.
Fixed term(double x, double max, double temperature, std::size_t limbs) {
  const Difference difference(x, max, temperature);
  const double t = std::ldexp(difference.high / temperature, difference.halvings);
  return t < 0.7 * points(limbs) ? exponential(gap(difference, temperature, limbs)) : Fixed(limbs);
}

bool less(const Fixed& a, const Fixed& b) {
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

/// The midpoint of a bracket is odd·2^(exponent - 1).
std::uint64_t odd(const Bracket& bracket) { return 2 * bracket.below + 1; }

/// The sign of 1/k - midpoint.
int side_of_share(std::size_t k, const Bracket& bracket) {
  const Double64 scaled = Double64{k} * odd(bracket);  // to be compared with 2^(1 - exponent)
  const int power = 1 - bracket.exponent;
  if (power >= 127) return 1;
  const Double64 one = Double64{1} << power;
  return one > scaled ? 1 : one < scaled ? -1 : 0;
}

}  // namespace

Bracket bracket(const Format& format, Pair<double> scaled_y, int scale, double relative_error) {
  const auto [integer, exponent] = integer_and_exponent(scaled_y.hi);
  // y = at·2^unit, at of 112 or 113 bits, but for `slack`.
  const int unit = exponent - 60 - scale;
  const auto low = static_cast<std::int64_t>(std::ldexp(scaled_y.lo, 60 - exponent));
  const Double64 at = (Double64{static_cast<std::uint64_t>(integer)} << 60) + static_cast<Double64>(low);
  const Double64 slack = static_cast<std::uint64_t>(std::ldexp(relative_error, 113)) + 2;
  const int bits = 64 + static_cast<int>(std::bit_width(static_cast<std::uint64_t>(at >> 64)));
  const int ulp = std::max(unit + bits - 1, format.emin) - format.precision + 1, shift = ulp - unit;
  if (shift > 126) return {0, ulp, -1};
  const Double64 half = Double64{1} << (shift - 1), rest = at & (2 * half - 1);
  return {static_cast<std::uint64_t>(at >> shift), ulp, rest > half + slack ? 1 : rest + slack < half ? -1 : 0};
}

double rounded(const Bracket& bracket) {
  const bool up = bracket.side > 0 || (bracket.side == 0 && (bracket.below & 1));
  return std::ldexp(static_cast<double>(bracket.below + (up ? 1 : 0)), bracket.exponent);
}

Integers::Integers(std::vector<double> x, double temperature)
    : x_(std::move(x)),
      temperature_(temperature),
      max_(*std::ranges::max_element(x_)),
      finite_(x_.size() - static_cast<std::size_t>(std::ranges::count(x_, -INFINITY))),
      tops_(static_cast<std::size_t>(std::ranges::count(x_, max_))) {}

int Integers::side(std::size_t j, const Bracket& bracket) {
  if (x_[j] == max_) {
    // 1/tops itself, or less, were it by a number that no precision shows.
    const int of_share = side_of_share(tops_, bracket);
    if (finite_ == tops_) return of_share;
    if (of_share <= 0) return -1;
  }
  // No tie: e_j/S is then irrational (Lindemann and Weierstrass), so that some precision decides.
  for (std::size_t limbs = 2 + static_cast<std::size_t>(256 - bracket.exponent) / 64;; limbs *= 2) {
    sum_up(limbs);
    const Fixed e = term(x_[j], max_, temperature_, limbs);
    const Fixed boundary = shifted(whole_product(sum_, {odd(bracket)}), bracket.exponent - 1, limbs);
    const bool above = less(boundary, e);
    Fixed apart = above ? e : boundary;
    subtract(apart, above ? boundary : e);
    if (less(shifted({2 * finite_ + 2}, exponential_error_bits(limbs), limbs), apart)) return above ? 1 : -1;
  }
}

void Integers::sum_up(std::size_t limbs) {
  if (sum_.size() == limbs) return;
  sum_.assign(limbs, 0);
  for (const double x : x_)
    if (x != -INFINITY) add(sum_, term(x, max_, temperature_, limbs));
}

}  // namespace audit::impls::correctly_rounded
