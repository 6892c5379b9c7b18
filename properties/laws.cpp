#include "properties/laws.hpp"

#include <algorithm>

#include "properties/law_tables.hpp"

namespace audit::properties {

const std::vector<Law>& laws() {
  static const std::vector<Law> all = [] {
    std::vector<Law> made;
    for (const auto& table : {value_laws(), mass_laws(), consistency_laws(), sparsemax_laws(), sampling_laws(),
                              invariance_laws(), promise_laws(), layout_laws(), manner_laws(), special_laws()})
      made.insert(made.end(), table.begin(), table.end());
    return made;
  }();
  return all;
}

const Law& law_named(std::string_view name) { return *std::ranges::find(laws(), name, &Law::name); }

}  // namespace audit::properties
