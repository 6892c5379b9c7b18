#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "impls/formats.hpp"

namespace audit::reference {

/// An array of a .npy file, in C order; values are exact.
struct Array {
  impls::Format format = impls::f64;
  std::vector<std::size_t> shape;
  std::vector<double> values;

  /// Rows along the last axis.
  [[nodiscard]] std::size_t row_length() const { return shape.empty() ? 1 : shape.back(); }
  [[nodiscard]] std::size_t rows() const { return row_length() == 0 ? 0 : values.size() / row_length(); }
  [[nodiscard]] std::vector<double> row(std::size_t i) const {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i * row_length());
    return {begin, begin + static_cast<std::ptrdiff_t>(row_length())};
  }
};

/// An array of integers of a .npy file, in C order.
struct Integers {
  std::vector<std::size_t> shape;
  std::vector<std::int64_t> values;
};

/// A file that is no array of what was asked for; what() says which file, what is wrong, and what would do.
struct BadNpy : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads the bytes of a .npy file (NumPy's NEP 1, versions 1.0 to 3.0): little-endian float64, float32 or float16 in C
/// order. Written here because xtensor's reader takes a truncated file for whole and knows no float16.
/// Throws BadNpy with `name` in front.
Array parse_npy(std::string_view bytes, std::string_view name);
Array read_npy(const std::string& path);

/// The same for little-endian int64 or int32.
Integers parse_npy_integers(std::string_view bytes, std::string_view name);
Integers read_npy_integers(const std::string& path);

}  // namespace audit::reference
