#pragma once

#include <cstddef>

namespace audit::impls {

/// How far ahead kernels that go through memory row by row fetch what comes next, or the next row where that is
/// farther. Distances of 4 to 64 KiB were as good.
inline constexpr std::size_t bytes_ahead = 16384;

}  // namespace audit::impls
