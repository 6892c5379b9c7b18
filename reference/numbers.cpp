#include "reference/numbers.hpp"

#include <fmt/format.h>
#include <mpfr.h>

#include <cctype>
#include <cmath>

#include "reference/rounding.hpp"

namespace audit::reference {
namespace {

/// MPFR reads forms that nobody means here: "@nan@", digits after white space, a number with a tail.
bool looks_like_a_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && (std::isalnum(static_cast<unsigned char>(text[0])) || text[0] == '.');
}

/// Enough bits that a decimal of a few hundred digits is a point, or decides like one.
constexpr mpfr_prec_t bits = 4096;

}  // namespace

std::optional<ReadNumber> read_number(const impls::Format& format, const std::string& written) {
  constexpr std::string_view minus = "\u2212";
  const std::string text = written.starts_with(minus) ? "-" + written.substr(minus.size()) : written;
  if (!looks_like_a_number(text)) return std::nullopt;
  mpfr_t low, high;
  mpfr_inits2(bits, low, high, nullptr);
  char* end = nullptr;
  mpfr_strtofr(low, text.c_str(), &end, 0, MPFR_RNDD);
  mpfr_strtofr(high, text.c_str(), nullptr, 0, MPFR_RNDU);
  std::optional<ReadNumber> read;
  if (end == text.c_str() + text.size()) {
    const double sign = mpfr_signbit(low) ? -1 : 1;
    if (mpfr_nan_p(low)) {
      read = ReadNumber{NAN, false};
    } else if (mpfr_inf_p(low) || mpfr_inf_p(high)) {
      const bool infinite_itself = mpfr_inf_p(low) && mpfr_inf_p(high);
      read = ReadNumber{impls::round_to(format, sign * INFINITY), !infinite_itself || !format.infinities};
    } else if (const auto y = decide(format, low, high)) {
      read = ReadNumber{impls::round_to(format, std::copysign(y->rounded, sign)), y->side != 0};
    }
  }
  mpfr_clears(low, high, nullptr);
  return read;
}

std::string shortest(const impls::Format& format, double value) {
  if (std::isnan(value)) return "nan";
  for (int digits = 1; digits < 17; ++digits) {
    const std::string text = fmt::format("{:.{}g}", value, digits);
    if (read_number(format, text)->value == value) return text;
  }
  return fmt::format("{:.17g}", value);
}

}  // namespace audit::reference
