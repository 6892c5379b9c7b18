#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "impls/formats.hpp"

namespace audit::reference {

/// A number as somebody wrote it, rounded once to a format.
struct ReadNumber {
  double value = 0;
  bool changed = false;  ///< whether the rounding changed it
};

/// Reads a decimal or hexadecimal number, inf, infinity or nan, of any length and exponent: exactly, then rounded once
/// to nearest even. The minus sign may be the one that papers print, U+2212. nullopt when the text, or a part of it, is
/// no number.
std::optional<ReadNumber> read_number(const impls::Format& format, const std::string& written);

/// The shortest decimal that read_number takes back to the same value of the format.
std::string shortest(const impls::Format& format, double value);

}  // namespace audit::reference
