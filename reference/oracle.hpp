#pragma once

#include <span>

#include "impls/contract.hpp"
#include "reference/exact.hpp"

namespace audit::reference {

/// Certifies a row: by the fast path where there is one (reference/fast), and what that leaves open by MPFR.
/// Precondition: the row is a row of the format.
Exact certify(impls::Map map, const impls::Format& format, const impls::Row& row);
/// The same, into the arrays of an answer that is there already: nothing is allocated when they are large enough.
void certify_into(impls::Map map, const impls::Format& format, const impls::Row& row, Exact& exact);

/// Whether there is a fast path for a map: an element then takes nanoseconds, as a rule, and not microseconds.
bool certified_fast(impls::Map map);

/// Certifies a row by Ziv's strategy alone: enclose every element by interval arithmetic (MPFI), round both ends, and
/// double the precision until they agree (numerics.md section 2). It knows nothing of the fast path, which it judges.
Exact certify_by_mpfr(impls::Map map, const impls::Format& format, const impls::Row& row);

/// Certifies the mean of the cross entropies of several rows, one number. Special as the first row that is.
Exact certify_mean_cross_entropy(const impls::Format& format, std::span<const impls::Row> rows);

/// What kind of row it is to a map, by its entries x and the operand that goes with them. An infinite score is nothing
/// special to hierarchical_softmax.
Special special(impls::Map map, const impls::Row& row);

/// y / ulp(y), as a double: good to 2^-20, and to a relative 2^-53.
double in_own_ulps(const Element& element);

}  // namespace audit::reference
