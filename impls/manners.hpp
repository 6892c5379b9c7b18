#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "impls/contract.hpp"

namespace audit::impls {

/// A call that can be made whole, or in parts, each some rows of its outer axis.
struct Making {
  std::function<int()> whole;
  std::size_t parts = 0;
  std::function<int(std::size_t part)> part;
  std::function<int(std::size_t part)> unlike;  ///< the same part in a call of other arguments, see other_arguments
  std::function<std::span<const std::byte>(std::size_t part)> result;  ///< what stands in y for it, and between
};

/// The rows of part `part` of an outer axis of that length: the first of them, and how many.
struct Part {
  std::size_t first, rows;
};
constexpr std::size_t rows_of_a_part(std::size_t outer) {
  return std::max((outer + most_at_once - 1) / most_at_once, std::size_t{1});
}
constexpr std::size_t parts_of(std::size_t outer) {
  return (outer + rows_of_a_part(outer) - 1) / rows_of_a_part(outer);
}
constexpr Part part_of(std::size_t outer, std::size_t part) {
  const std::size_t first = part * rows_of_a_part(outer);
  return {first, std::min(rows_of_a_part(outer), outer - first)};
}

/// What became of it.
struct Made {
  int status = 0;             ///< the first that was not 0, or 0
  std::uint32_t changed = 0;  ///< bits of Changed, machine_state.hpp; they are put back
};

/// Makes the arguments of a call others that are as good: an entry less, of a single row where no index counts on it,
/// and temperature 1, which every map takes.
void other_arguments(std::size_t& n, double& temperature, bool has_indices, std::size_t rows);

/// Makes a call in a manner, in this process: in the caller's modes and on one core, or in parts, all at once, of which
/// every other one is in a call of other arguments, unless that is refused: what calls share may be what they are asked
/// for, too. A library
/// should have answered the call in the ordinary manner before: threads that it starts then, and keeps, inherit the
/// modes and the cores of who makes the first call.
Made make(const Making& call, const Manner& manner);

}  // namespace audit::impls
