#pragma once

#include <cstdint>
#include <string_view>

#include "impls/contract.hpp"

namespace audit::reference {

/// The stream of random numbers of one row: Philox 4x32-10 (Salmon et al., SC 2011), keyed by what names the row,
/// counted by (row index, entry, purpose). Any entry of any row can be drawn anywhere, in any order.
class Stream {
 public:
  Stream(std::string_view family, const impls::Format& format, std::size_t n, std::uint64_t seed, std::uint64_t index);

  /// 64 random bits, for an entry of the row and a purpose of the family's own.
  [[nodiscard]] std::uint64_t bits(std::size_t entry, std::uint32_t purpose = 0) const;
  /// Uniform on (0, 1), a full significand in every binade: the exponent is drawn before the fraction.
  [[nodiscard]] double uniform(std::size_t entry, std::uint32_t purpose = 0) const;
  /// Nearly N(0, 1): the sum of 12 uniforms less 6, within ±6, its low bits filled so that no grid is left.
  [[nodiscard]] double normal(std::size_t entry, std::uint32_t purpose = 0) const;
  /// Standard Gumbel noise -log(-log u), u uniform(entry, purpose), correctly rounded twice by MPFR: the same on every
  /// platform.
  [[nodiscard]] double gumbel(std::size_t entry, std::uint32_t purpose = 0) const;
  [[nodiscard]] std::uint64_t index() const { return index_; }

 private:
  std::uint64_t key_;
  std::uint64_t index_;
};

/// A synthetic family: fills a row of n logits, unrounded; draw() rounds them to the format.
struct Synthetic {
  std::string_view name;
  std::string_view brings_out;
  void (*fill)(const Stream& stream, const impls::Format& format, std::vector<double>& x);
  bool grows = false;  ///< Family::grows
};

/// The synthetic families, in a fixed order.
const std::vector<Synthetic>& synthetic_families();

}  // namespace audit::reference
