#pragma once

#include <algorithm>
#include <cstddef>

namespace audit::impls {

/// How many elements ahead a kernel that goes through rows of n elements, one after another, fetches what comes next:
/// 16 KiB (half or twice of that was as good), or the next row where that is farther; of rows that are no guest of a
/// cache, nothing.
constexpr std::size_t elements_ahead(std::size_t n, std::size_t bytes_of_element) {
  return n * bytes_of_element <= std::size_t{1} << 19 ? std::max(n, 16384 / bytes_of_element) : 0;
}

}  // namespace audit::impls
