#pragma once

#include <vector>

#include "impls/formats.hpp"
#include "reference/oracle.hpp"

namespace audit::reference {

/// sparsemax(x) = max(x - τ, 0), τ = (Σ_{j ≤ k} x_(j) - 1)/k and k the largest with 1 + k·x_(k) > Σ_{j ≤ k} x_(j), in
/// exact rational arithmetic. x has finite and masked entries, one at least finite.
/// Source: Martins & Astudillo, "From Softmax to Sparsemax", ICML 2016, algorithm 1.
std::vector<Element> sparsemax(const impls::Format& format, const std::vector<double>& x);

}  // namespace audit::reference
