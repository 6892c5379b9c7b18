#pragma once

#include <Random123/philox.h>

#include <cstddef>
#include <cstdint>

#include "impls/contract.hpp"

namespace audit::bench {

/// Random numbers of one try: a function of (seed, number of the try), whoever draws them and when.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t attempt) : key_{{seed, stream}}, attempt_(attempt) {}

  std::uint64_t bits() { return r123::Philox4x64{}({{attempt_, drawn_++, 0, 0}}, key_)[0]; }
  /// One of 0 … size - 1.
  std::size_t below(std::size_t size) { return static_cast<std::size_t>(bits() % size); }

 private:
  static constexpr std::uint64_t stream = 0x68756e74;  // apart from the draws of the families under the same seed

  r123::Philox4x64::key_type key_;
  std::uint64_t attempt_;
  std::uint64_t drawn_ = 0;
};

/// Changes a row of the format into one near it, or not so near: bits of a significand, an ulp or a binade up or down,
/// an entry copied, masked or swapped, a common offset. Half of the changes are at entry `focus`. Finite entries stay
/// finite or become masks.
void mutate(impls::Row& row, std::size_t focus, const impls::Format& format, Dice& dice);

}  // namespace audit::bench
