#pragma once

#include <string>
#include <vector>

#include "reference/npy.hpp"

namespace audit::reference {

/// Real logits, captured where they enter a softmax: bench/logits/README.md says of which models.
struct Pack {
  std::string name;  ///< real_NAME of bench/logits/NAME.npy
  Array logits;      ///< [rows, n]
};

/// Every pack, by name.
const std::vector<Pack>& packs();

}  // namespace audit::reference
