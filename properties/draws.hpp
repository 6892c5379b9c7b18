#pragma once

#include <rapidcheck/Random.h>

#include <cmath>
#include <cstdint>

#include "impls/formats.hpp"

namespace audit::properties {

/// Numbers drawn from RapidCheck's random stream.
class Draws {
 public:
  Draws(rc::Random random, const impls::Format& format) : random_(random), format_(format) {}

  std::uint64_t bits() { return random_.next(); }
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(bits() % count); }
  bool one_in(std::size_t count) { return below(count) == 0; }
  /// low … high, both included.
  int between(int low, int high) { return low + static_cast<int>(below(static_cast<std::size_t>(high - low) + 1)); }
  double sign() { return bits() & 1 ? -1 : 1; }
  /// On (0, 1), 53 random bits below the leading one's place: every binade has full significands once rounded.
  double unit() { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; }
  /// ±1.f·2^e, f random in every bit of the significand.
  double full(int e) { return round(sign() * std::ldexp(1 + static_cast<double>(bits() >> 12) * 0x1p-52, e)); }
  double round(double value) const { return impls::round_to(format_, value); }

 private:
  rc::Random random_;
  impls::Format format_;
};

}  // namespace audit::properties
