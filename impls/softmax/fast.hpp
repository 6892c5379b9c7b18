#pragma once

#include <cstddef>

namespace audit::impls {

/// Results of a call as large as this go past the caches: with the logits they would fill 32 MiB, about what one core
/// can have of a last cache. (What the system tells may be all that a socket has.)
inline constexpr std::size_t streamed_bytes = std::size_t{1} << 24;

/// Rows up to here keep their exponentials between the passes; of longer ones they are computed twice, which costs less
/// than the way to memory.
inline constexpr std::size_t kept = std::size_t{1} << 20;

}  // namespace audit::impls
