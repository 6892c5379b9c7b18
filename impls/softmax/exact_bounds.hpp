#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

// The errors that exact.md proves, by the names it gives them.

namespace audit::impls::correctly_rounded {

/// In double no exponential is taken of less: e^-110 < 2^-158, and what is below 2^-150 is 0 in every format of at most
/// 24 bits. In pairs of less than this: e^-746 < 2^-1076.
inline constexpr double least_z = -110, least_pair_z = -746;

/// 2^e, a normal double.
constexpr double power_of_two(int e) { return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + e) << 52); }

/// Relative errors of e^z, in double and in pairs.
inline constexpr double exponential_error = 2.3 * 0x1p-53, pair_exponential_error = 0x1p-94;

/// Of y in double, in units of its last bit; otherwise where x - max, or its quotient by τ, is rounded.
constexpr std::uint32_t units_of_error(bool exact_logits) { return exact_logits ? 24 : 24 + 460; }

/// Exponentials in pairs carry 2^pair_scale, so that the smallest of them are normal numbers.
inline constexpr int pair_scale = 600;

/// The relative error of y in pairs.
constexpr double pair_error(std::size_t n) { return 0x1p-90 + static_cast<double>(n) * 0x1p-104; }

/// Where a difference to the maximum may overflow: the logits are halved, exactly, but for those that are nothing
/// beside such a maximum.
constexpr bool needs_halving(double max, double temperature) { return max >= 0x1p969 && temperature != 1; }

/// The steps of a decision, each for what the one before leaves open. The tests ask for later ones alone.
enum class Step { in_double, in_pairs, in_integers };

}  // namespace audit::impls::correctly_rounded
