#pragma once

#include <vector>

#include "impls/contract.hpp"

namespace audit::properties {

/// Numbers c, at most six, such that x + c is exact in the format for every finite entry: minus the maximum and minus
/// the minimum, powers of two as large as the significands leave room for, and one in between. Derived from the row.
std::vector<double> exact_shifts(const impls::Format& format, const impls::Row& row);

/// Two numbers c, one of each sign, larger than every finite entry, such that x + c rounds but leaves bits to tell
/// entries apart. None where they would come near overflow.
std::vector<double> large_shifts(const impls::Format& format, const impls::Row& row);

/// The row with c added to every finite entry and rounded to the format.
impls::Row shifted(const impls::Format& format, const impls::Row& row, double c);

}  // namespace audit::properties
