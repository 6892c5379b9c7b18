#pragma once

#include <cstddef>
#include <cstdint>

#include "impls/contract.hpp"
#include "impls/foreign/protocol.hpp"

namespace audit::impls::foreign {

/// What a signal that ended a worker says: a trespass where it touched the memory around an array of the call, or wrote
/// to an input; a crash elsewhere. `element_bytes` is the size of an element of x, operand and y.
Accident last_words(const Control& control, std::size_t element_bytes);

/// The trespass of who wrote to y in its region, so many bytes from its start, below 0 before it.
Accident wrote_beside_y(const Control& control, std::int64_t bytes, std::size_t element_bytes);

}  // namespace audit::impls::foreign
