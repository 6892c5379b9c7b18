#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace audit::reference {

/// The yardstick of the oracle's speed: softmax as anyone would write it in MPFR, at 128 bits: subtract the maximum,
/// mpfr_exp, mpfr_add, mpfr_div. No intervals: it certifies nothing.
class PlainMpfr {
 public:
  static constexpr int bits = 128;

  /// For rows of n ≥ 1 entries.
  explicit PlainMpfr(std::size_t n);
  ~PlainMpfr();

  /// Computes a row of n finite logits, in place of the one before.
  void softmax(std::span<const double> x);
  /// An element of the row, rounded to the nearest double.
  [[nodiscard]] double element(std::size_t j) const;

 private:
  struct Numbers;
  std::unique_ptr<Numbers> numbers_;
};

}  // namespace audit::reference
