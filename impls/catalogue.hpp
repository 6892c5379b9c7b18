#pragma once

#include <string_view>
#include <vector>

#include "impls/contract.hpp"

namespace audit::impls {

/// Every implementation of the list in impls/CMakeLists.txt, in its order, absent ones with their reason.
const std::vector<Implementation>& catalogue();

/// The implementation of that name, or nullptr.
const Implementation* find(std::string_view name);

/// What came back from one row: one value for each output element, and whether the kernel wrote it.
struct Answer {
  int status = 0;  ///< what the kernel returned; not 0: not supported, nothing else holds
  std::vector<double> y;
  std::vector<bool> written;
  bool input_changed = false;
};

/// Asks one row, as a contiguous batch of one: packs it into the format's storage, poisons the output, calls, unpacks.
Answer ask(const Implementation& implementation, const Format& format, const Row& row);

}  // namespace audit::impls
