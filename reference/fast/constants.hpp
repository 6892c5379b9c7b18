#pragma once

#include <array>
#include <bit>
#include <cstdint>

/// Asks for the loop over the terms of a series to be written out.
#define AUDIT_UNROLLED _Pragma("GCC unroll 32")

namespace audit::reference::fast {

/// An unevaluated sum hi + lo, abs(lo) ≤ ulp(hi)/2 (a "double-double") where nothing else is said. V: double, or a SIMD
/// vector of doubles.
template <class V>
struct Pair {
  V hi, lo;
};

/// u = 2^-53, the largest relative error of one operation.
inline constexpr double u = 0x1p-53;

/// 2^e, a normal double.
constexpr double power_of_two(int e) { return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + e) << 52); }

/// Sums and exponentials in pairs carry 2^scale, so that the smallest of them are normal numbers.
inline constexpr int scale = 600;
inline constexpr double scaled = power_of_two(scale), unscaled = power_of_two(-scale);

/// log 2 = high + middle + low, good to 2^-139: k·high and k·middle are exact for integers abs(k) < 2^11. tail is
/// middle + low, rounded.
struct Log2 {
  double high = 0x1.62e42fefa38p-1;      // a multiple of 2^-42
  double middle = 0x1.ef35793c76p-45;    // a multiple of 2^-85
  double low = 0x1.cc01f97b57a08p-87;    // rounded
  double tail = 0x1.ef35793c7673p-45;    // rounded
  double inverse = 0x1.71547652b82fep0;  // 1/log 2, rounded
};
inline constexpr Log2 log2;

/// The Taylor series of e^r runs to r^22/22!, whose k! are all doubles.
inline constexpr int last_term = 22;

namespace detail {
constexpr double factorial(int k) { return k < 2 ? 1 : k * factorial(k - 1); }

/// The upper 26 bits (Veltkamp), so that products of halves are exact.
constexpr double upper_half(double a) {
  const double c = 0x1p27 * a + a;
  return c - (c - a);
}
/// a·b + c, where the result is a double (Dekker's product: no std::fma is constexpr).
constexpr double exact_product_plus(double a, double b, double c) {
  const double a_high = upper_half(a), b_high = upper_half(b), a_low = a - a_high, b_low = b - b_high;
  const double p = a * b, error = ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low;
  return (p + c) + error;
}

/// 1/k!: the quotient, and what is missing of it, an exact remainder divided once.
constexpr std::array<Pair<double>, last_term + 1> inverse_factorials() {
  std::array<Pair<double>, last_term + 1> c{};
  for (int k = 0; k <= last_term; ++k) {
    const double hi = 1 / factorial(k);
    c[k] = {hi, exact_product_plus(-hi, factorial(k), 1) / factorial(k)};
  }
  return c;
}
}  // namespace detail

/// 1/k! for k = 0 … 22, good to 2^-106.
inline constexpr std::array<Pair<double>, last_term + 1> taylor = detail::inverse_factorials();

}  // namespace audit::reference::fast
