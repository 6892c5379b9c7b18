#pragma once

#include "impls/contract.hpp"
#include "reference/exact.hpp"

namespace audit::reference {

/// Certifies a row by Ziv's strategy: enclose every element by interval arithmetic (MPFI), round both ends, and double
/// the precision until they agree (numerics.md section 2). Precondition: the row is a row of the format.
Exact certify(impls::Map map, const impls::Format& format, const impls::Row& row);

/// What kind of row it is, by its entries x (for gumbel_softmax: x + noise).
Special special(const impls::Row& row);

/// y / ulp(y), as a double: good to 2^-20, and to a relative 2^-53.
double in_own_ulps(const Element& element);

}  // namespace audit::reference
