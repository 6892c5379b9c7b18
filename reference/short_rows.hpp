#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "impls/formats.hpp"
#include "reference/exact.hpp"

namespace audit::reference {

/// The exact answers to many short rows, one after another. Structure of arrays: an element's index is row · n + j.
struct ShortAnswers {
  impls::Format format = impls::f32;
  std::vector<double> rounded;    ///< RN(y); NaN in a special row. Of an infinite one nothing else is known
  std::vector<double> residual;   ///< (RN(y) - y) / ulp(y), good to 2^-20; its sign is right; 0: y is exact
  std::vector<std::size_t> open;  ///< ascending: nothing is decided about these; they are for certify()

  [[nodiscard]] Element element(std::size_t i) const;
  /// Makes y_i what an element says.
  void set(std::size_t i, const Element& y);
};

/// Certifies softmax, τ = 1, of rows so short that they can all be asked: n = 2 … 4 entries of a format of at most 16
/// bits, or rows (0, d) of f32. No exponential is evaluated on the way: each is a product of two entries of tables that
/// MPFR has rounded correctly, so that the error of an answer is that of at most twelve operations. short_rows.cpp has
/// the proof.
class ShortRows {
 public:
  /// Makes the tables, in a second or less.
  explicit ShortRows(const impls::Format& format);

  /// Rows as bit patterns, one after another; those of f32 begin with 0. Sizes the answer.
  void certify(std::size_t n, std::span<const std::uint32_t> patterns, ShortAnswers& answers) const;

 private:
  /// A number e^x = significand · 2^exponent.
  struct Power {
    double significand;
    int exponent;
  };
  template <std::size_t n>
  void certify_rows(std::span<const std::uint32_t> patterns, ShortAnswers& answers) const;
  void certify_differences(std::span<const std::uint32_t> patterns, ShortAnswers& answers) const;
  [[nodiscard]] double exponential(std::uint32_t x, std::uint32_t top) const;
  [[nodiscard]] double exponential(float gap) const;

  impls::Format format_;
  std::vector<double> values_;         ///< by pattern
  std::vector<Power> powers_;          ///< e^x by pattern
  std::vector<double> coarse_, fine_;  ///< f32: e^-d of the high and of the low bits of d
};

}  // namespace audit::reference
