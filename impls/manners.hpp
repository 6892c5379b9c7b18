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
  std::function<std::span<const std::byte>(std::size_t row)> result;  ///< what stands in y for it
};

/// What became of it.
struct Made {
  int status = 0;             ///< the first that was not 0, or 0
  std::uint32_t changed = 0;  ///< bits of Changed, machine_state.hpp; they are put back
};

/// Makes a call in a manner, in this process: in the caller's modes and on one core, or all its rows at once. A library
/// should have answered the call in the ordinary manner before: threads that it starts then, and keeps, inherit the
/// modes and the cores of who makes the first call.
Made make(const Making& call, const Manner& manner);

}  // namespace audit::impls
