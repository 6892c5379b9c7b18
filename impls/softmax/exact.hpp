#pragma once

#include "impls/contract.hpp"
#include "impls/softmax/exact_bounds.hpp"

namespace audit::impls::correctly_rounded {

/// The softmax of every row of a call, correctly rounded: f64, f32, f16, bf16. Returns 0, or another number for what it
/// does not support. Elements are decided by the step that is `believed` and those after it.
int softmax(const Format& format, const Call& call, Step believed);

}  // namespace audit::impls::correctly_rounded
