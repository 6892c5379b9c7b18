#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <numbers>

// What the exponentials of `exact` are made of; checked by exact_test.cpp, used as exact.md says.

namespace audit::impls::correctly_rounded {

/// An unevaluated sum hi + lo. V: double, or a SIMD vector of doubles.
template <class V>
struct Pair {
  V hi, lo;
};

/// 2^(i/16), good to 2^-107.
inline constexpr std::array<Pair<double>, 16> sixteenths{{
    {0x1p+0, 0},
    {0x1.0b5586cf9890fp+0, 0x1.8a62e4adc610bp-54},
    {0x1.172b83c7d517bp+0, -0x1.19041b9d78a76p-55},
    {0x1.2387a6e756238p+0, 0x1.9b07eb6c70573p-54},
    {0x1.306fe0a31b715p+0, 0x1.6f46ad23182e4p-55},
    {0x1.3dea64c123422p+0, 0x1.ada0911f09ebcp-55},
    {0x1.4bfdad5362a27p+0, 0x1.d4397afec42e2p-56},
    {0x1.5ab07dd485429p+0, 0x1.6324c054647adp-54},
    {std::numbers::sqrt2, -0x1.bdd3413b26456p-54},
    {0x1.7a11473eb0187p+0, -0x1.41577ee04992fp-55},
    {0x1.8ace5422aa0dbp+0, 0x1.6e9f156864b27p-54},
    {0x1.9c49182a3f090p+0, 0x1.c7c46b071f2bep-56},
    {0x1.ae89f995ad3adp+0, 0x1.7a1cd345dcc81p-54},
    {0x1.c199bdd85529cp+0, 0x1.11065895048ddp-55},
    {0x1.d5818dcfba487p+0, 0x1.2ed02d75b3707p-55},
    {0x1.ea4afa2a490dap+0, -0x1.e9c23179c2893p-54},
}};

/// A part of them as a table to look numbers up in.
template <class Part>
constexpr std::array<double, 16> table_of(Part part) {
  std::array<double, 16> made{};
  for (std::uint64_t i = 0; i < 16; ++i) made[i] = part(i);
  return made;
}
/// hi of 2^(i/16) with i·2^48 taken from its bits: plus k·2^48 they are those of 2^(k/16), where i = k mod 16.
alignas(64) inline constexpr std::array<double, 16> powers = table_of([](std::uint64_t i) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(sixteenths[i].hi) - (i << 48));
});
alignas(64) inline constexpr std::array<double, 16> powers_hi = table_of([](std::uint64_t i) {
  return sixteenths[i].hi;
});
alignas(64) inline constexpr std::array<double, 16> powers_lo = table_of([](std::uint64_t i) {
  return sixteenths[i].lo;
});

/// log(2)/16 = high + middle + low, good to 2^-140; k·high and k·middle are exact for integers abs(k) < 2^15.
struct StepOfLog {
  double high = 0x1.62e42fefap-5;        // a multiple of 2^-42
  double middle = 0x1.cf79abc9ep-44;     // a multiple of 2^-80
  double low = 0x1.d9cc01f97b57ap-83;    // rounded
  double tail = 0x1.cf79abc9e3b3ap-44;   // middle + low, rounded
  double inverse = 0x1.71547652b82fep4;  // 16/log 2, rounded
};
inline constexpr StepOfLog step_of_log;

/// (e^r - 1)/r ≈ Σ c_i r^i for abs(r) ≤ log(2)/32·(1 + 2^-30), interpolated at the nodes of Chebyshev: 1 + r·(that) is
/// e^r to a relative error below 2^-56.
inline constexpr std::array slope{0x1.0000000000003p+0, 0x1.0000000000001p-1, 0x1.555555547d378p-3,
                                  0x1.55555554e9468p-5, 0x1.11123cf1dbad0p-7, 0x1.6c17ed4cc48cap-10};

/// 1/k!, good to 2^-106 of it.
inline constexpr std::array<Pair<double>, 14> taylor{{
    {1, 0},
    {1, 0},
    {0.5, 0},
    {0x1.5555555555555p-3, 0x1.5555555555555p-57},
    {0x1.5555555555555p-5, 0x1.5555555555555p-59},
    {0x1.1111111111111p-7, 0x1.1111111111111p-63},
    {0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65},
    {0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-73},
    {0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-76},
    {0x1.71de3a556c734p-19, -0x1.c154f8ddc6c00p-73},
    {0x1.27e4fb7789f5cp-22, 0x1.cbbc05b4fa99ap-76},
    {0x1.ae64567f544e4p-26, -0x1.c062e06d1f209p-80},
    {0x1.1eed8eff8d898p-29, -0x1.2aec959e14c06p-83},
    {0x1.6124613a86d09p-33, 0x1.f28e0cc748ebep-87},
}};

}  // namespace audit::impls::correctly_rounded
