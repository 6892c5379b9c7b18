#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "impls/contract.hpp"

namespace audit::impls {

/// A call that can be made whole, or row by row of its outer axis.
struct Making {
  std::function<int()> whole;
  std::size_t rows = 0;
  std::function<int(std::size_t row)> row;
  std::function<int(std::size_t row)> unlike;  ///< the same row in a call of other arguments, see other_arguments
  std::function<std::span<const std::byte>(std::size_t row)> result;  ///< what stands in y for it
};

/// What became of it.
struct Made {
  int status = 0;             ///< the first that was not 0, or 0
  std::uint32_t changed = 0;  ///< bits of Changed, machine_state.hpp; they are put back
};

/// Makes the arguments of a call others that are as good: an entry less, where no index counts on it, and temperature
/// 1, which every map takes.
void other_arguments(std::size_t& n, double& temperature, bool has_indices);

/// Makes a call in a manner, in this process: in the caller's modes and on one core, or all its rows at once, of which
/// every other one is in a call of other arguments, unless that is refused: what calls share may be what they are asked
/// for, too. A library
/// should have answered the call in the ordinary manner before: threads that it starts then, and keeps, inherit the
/// modes and the cores of who makes the first call.
Made make(const Making& call, const Manner& manner);

}  // namespace audit::impls
