#include "properties/shifts.hpp"

#include <algorithm>
#include <cmath>

#include "properties/evidence.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Row;

std::vector<double> finite_entries(const Row& row) {
  std::vector<double> finite;
  std::ranges::copy_if(row.x, std::back_inserter(finite), [](double x) { return std::isfinite(x); });
  return finite;
}

/// Whether x + c is a number of the format, not too near overflow to be divided by the temperature (Knuth's TwoSum).
bool exact_sum(const Format& format, double x, double c, double temperature) {
  const double sum = x + c, back = sum - x;
  const double error = (x - (sum - back)) + (c - back);
  return error == 0 && impls::round_to(format, sum) == sum &&
         std::abs(sum) <= impls::largest_finite(format) / 4 * std::min(temperature, 1.0);
}

/// The exponent of the lowest bit set in x ≠ 0.
int lowest_bit(double x) {
  int exponent = 0;
  double significand = std::ldexp(std::frexp(x, &exponent), 53);
  exponent -= 53;
  for (; std::fmod(significand, 2) == 0; significand /= 2) ++exponent;
  return exponent;
}

/// 2^e, or 0 where the format has no room for it.
double power_in(const Format& format, int e) {
  return e < format.emax && e >= format.emin - format.precision + 1 ? impls::power_of_two(e) : 0;
}

}  // namespace

std::vector<double> exact_shifts(const Format& format, const Row& row) {
  const auto finite = finite_entries(row);
  if (finite.empty()) return {};
  int quantum = format.emax;
  for (const double x : finite)
    if (x != 0) quantum = std::min(quantum, lowest_bit(x));
  if (quantum == format.emax) quantum = 1 - format.precision / 2;

  const int room = quantum + format.precision - 1;
  const auto between = static_cast<int>(fingerprint(row) % static_cast<std::uint64_t>(format.precision));
  std::vector<double> candidates{-*std::ranges::max_element(finite),
                                 -*std::ranges::min_element(finite),
                                 power_in(format, room),
                                 -power_in(format, room),
                                 power_in(format, room - between),
                                 -power_in(format, room - between),
                                 power_in(format, quantum)};
  std::vector<double> shifts;
  for (const double c : candidates) {
    const bool exact = std::ranges::all_of(finite, [&](double x) { return exact_sum(format, x, c, row.temperature); });
    if (c != 0 && exact && std::ranges::find(shifts, c) == shifts.end()) shifts.push_back(c);
  }
  return shifts;
}

std::vector<double> large_shifts(const Format& format, const Row& row) {
  double largest = 0;
  for (const double x : finite_entries(row)) largest = std::max(largest, std::abs(x));
  const int exponent = largest == 0 ? 0 : std::max(std::ilogb(largest), format.emin);
  const std::uint64_t choice = fingerprint(row);
  const double significand = impls::round_to(format, 1 + std::ldexp(static_cast<double>(choice >> 12), -52));
  const auto room = static_cast<std::uint64_t>(std::max(format.precision - 3, 1));
  std::vector<double> shifts;
  for (const double sign : {1.0, -1.0}) {
    const auto step = (sign > 0 ? choice : choice >> 32) % room;
    const double c = sign * std::ldexp(significand, exponent + 1 + static_cast<int>(step));
    if (std::abs(c) <= impls::largest_finite(format) / 8 * std::min(row.temperature, 1.0)) shifts.push_back(c);
  }
  return shifts;
}

Row shifted(const Format& format, const Row& row, double c) {
  Row made = row;
  for (double& x : made.x)
    if (std::isfinite(x)) x = impls::round_to(format, x + c);
  return made;
}

}  // namespace audit::properties
