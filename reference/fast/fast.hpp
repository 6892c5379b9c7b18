#pragma once

#include "impls/contract.hpp"
#include "reference/exact.hpp"

namespace audit::reference::fast {

enum class Status {
  certified,  ///< every element is, but for those that Exact::undecided names
  special,    ///< the row holds NaN, +inf, or nothing but masks
  off,        ///< this row, map or format is none for the fast path: nothing was decided
};

/// Certifies a row in SIMD: for formats of at most 24 bits in double arithmetic, the elements that it leaves open and
/// f64 in pairs of doubles; what stays open is named in exact.undecided. exact.format is given, and the sizes of its
/// arrays are set here. Every bound is proved in proof.md. softmax, gumbel_softmax, log_softmax, logsumexp.
/// `perturbation` is for the test of the tests: it multiplies every result by 1 + perturbation before it is rounded.
Status try_certify(impls::Map map, const impls::Row& row, Exact& exact, double perturbation = 0);

}  // namespace audit::reference::fast
