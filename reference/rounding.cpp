#include "reference/rounding.hpp"

#include <algorithm>
#include <cmath>

namespace audit::reference {
namespace {

/// A temporary of a given precision.
class Number {
 public:
  explicit Number(mpfr_prec_t bits) { mpfr_init2(value_, bits); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  ~Number() { mpfr_clear(value_); }
  operator mpfr_ptr() { return value_; }  // NOLINT(google-explicit-constructor): it is one

 private:
  mpfr_t value_;
};

/// The binade, floor(log2 m), of the magnitudes just above m (or m itself) and just below it; emin at the least.
int binade_above(const impls::Format& format, mpfr_srcptr m) {
  if (mpfr_zero_p(m)) return format.emin;
  return static_cast<int>(std::max<mpfr_exp_t>(mpfr_get_exp(m) - 1, format.emin));
}
int binade_below(const impls::Format& format, mpfr_srcptr m) {
  const bool power_of_two = mpfr_min_prec(m) == 1;
  return static_cast<int>(std::max<mpfr_exp_t>(mpfr_get_exp(m) - (power_of_two ? 2 : 1), format.emin));
}

/// Whether x is an odd multiple of a half.
bool is_midpoint(mpfr_srcptr x, mpfr_ptr scratch) {
  mpfr_mul_2si(scratch, x, 1, MPFR_RNDN);
  return mpfr_integer_p(scratch) && !mpfr_integer_p(x);
}

/// Decides magnitudes 0 ≤ low ≤ high; a point, or the open interval between them.
std::optional<Element> decide_magnitude(const impls::Format& format, mpfr_srcptr low, mpfr_srcptr high) {
  const bool point = mpfr_equal_p(low, high) != 0;
  const int binade = binade_above(format, low);
  if (!point && binade_below(format, high) != binade) return std::nullopt;

  Element y;
  y.ulp_exponent = binade - format.precision + 1;
  const mpfr_prec_t bits = std::max(mpfr_get_prec(low), mpfr_get_prec(high)) + 2;
  Number a(bits), b(bits), n(bits), n_high(bits), scratch(bits);
  mpfr_mul_2si(a, low, -y.ulp_exponent, MPFR_RNDN);
  mpfr_mul_2si(b, high, -y.ulp_exponent, MPFR_RNDN);
  mpfr_roundeven(n, a);
  mpfr_roundeven(n_high, b);
  if (!point) {
    if (is_midpoint(a, scratch)) mpfr_ceil(n, a);
    if (is_midpoint(b, scratch)) mpfr_floor(n_high, b);
  }
  if (!mpfr_equal_p(n, n_high)) return std::nullopt;

  mpfr_sub(scratch, b, a, MPFR_RNDU);
  if (mpfr_cmp_d(scratch, 0x1p-20) > 0) return std::nullopt;
  if (mpfr_cmp(n, b) >= 0) y.side = 1;
  if (mpfr_cmp(n, a) <= 0) y.side = -1;
  if (point) y.side = mpfr_cmp(n, a) > 0 ? 1 : mpfr_cmp(n, a) < 0 ? -1 : 0;
  if (!point && y.side == 0) return std::nullopt;

  mpfr_sub(scratch, n, y.side < 0 ? b : a, MPFR_RNDN);
  y.residual = mpfr_get_d(scratch, MPFR_RNDN);
  y.units = mpfr_get_d(n, MPFR_RNDN);
  y.rounded = std::ldexp(y.units, y.ulp_exponent);
  if (y.rounded > impls::largest_finite(format)) {
    const double first_overflow = overflow_units(format, y.ulp_exponent);
    y.residual += first_overflow - y.units;
    y.units = first_overflow;
    y.rounded = INFINITY;
    y.side = 1;
  }
  return y;
}

Element negated(Element y) {
  y.rounded = -y.rounded;
  y.units = -y.units;
  y.residual = -y.residual;
  y.side = -y.side;
  return y;
}

}  // namespace

std::optional<Element> decide(const impls::Format& format, mpfr_srcptr lower, mpfr_srcptr upper) {
  if (mpfr_nan_p(lower) || mpfr_nan_p(upper) || mpfr_inf_p(lower) || mpfr_inf_p(upper)) return std::nullopt;
  if (mpfr_sgn(lower) >= 0) return decide_magnitude(format, lower, upper);
  if (mpfr_sgn(upper) > 0) return std::nullopt;
  const mpfr_prec_t bits = std::max(mpfr_get_prec(lower), mpfr_get_prec(upper));
  Number low(bits), high(bits);
  mpfr_neg(low, upper, MPFR_RNDN);
  mpfr_neg(high, lower, MPFR_RNDN);
  const auto magnitude = decide_magnitude(format, low, high);
  return magnitude ? std::optional(negated(*magnitude)) : std::nullopt;
}

}  // namespace audit::reference
