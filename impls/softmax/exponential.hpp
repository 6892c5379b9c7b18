#pragma once

namespace audit::impls {

/// Results are lifted by 2^lift, and let down again by the factor that divides by the sum: the only rounding of a
/// subnormal result is the last one.
inline constexpr int lift = 64;

/// The constants of lifted_exponential. magic: adding it leaves k + lift + bias in the low bits of the sum, where the
/// exponent of the result can be shifted from. lowest: there k + lift + bias = 0, which is the exponent of 0. taylor:
/// minimax in the relative error on abs(r) ≤ 0.34658, with p(0) = 1, so that e^0 is exact.
template <class T>
struct Exponential;

template <>
struct Exponential<float> {
  static constexpr int fraction_bits = 23;
  static constexpr float magic = 0x1.8p23F + 127 + lift, lowest = -132.375F;
  static constexpr float inverse = 0x1.715476p0F, log_2 = 0x1.62e43p-1F;
  static constexpr float high = 0x1.62ep-1F, low = 0x1.0bfbe8p-15F;
  /// Within 2^-26.9.
  static constexpr float taylor[] = {
      1, 1, 0x1.fffffcp-2F, 0x1.555494p-3F, 0x1.555898p-5F, 0x1.1232c4p-7F, 0x1.69e2a0p-10F};
};

template <>
struct Exponential<double> {
  static constexpr int fraction_bits = 52;
  static constexpr double magic = 0x1.8p52 + 1023 + lift, lowest = -753.375;
  static constexpr double inverse = 0x1.71547652b82fep0, log_2 = 0x1.62e42fefa39efp-1;
  static constexpr double high = 0x1.62e42fefap-1, low = 0x1.cf79abc9e3b3ap-40;
  /// Within 2^-56.9.
  static constexpr double taylor[] = {1,
                                      1,
                                      0.5,
                                      0x1.555555555555dp-3,
                                      0x1.555555555556cp-5,
                                      0x1.111111110e549p-7,
                                      0x1.6c16c16c0a443p-10,
                                      0x1.a01a01b5f264cp-13,
                                      0x1.a01a01e8199a1p-16,
                                      0x1.71ddeae314162p-19,
                                      0x1.27e44eed498f7p-22,
                                      0x1.af70d7582527bp-26,
                                      0x1.200607bd5c55ep-29};
};

}  // namespace audit::impls
