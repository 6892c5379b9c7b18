#include "impls/catalogue.hpp"

#include <algorithm>

#include "catalogue_entries.hpp"

namespace audit::impls {

const std::vector<Implementation>& catalogue() {
  static const std::vector<Implementation> all = [] {
    std::vector<Implementation> made;
    for (const Entry& entry : entries) {
      Implementation implementation = entry.make ? entry.make() : Implementation{};
      implementation.name = entry.name;
      implementation.absent = entry.absent;
      made.push_back(std::move(implementation));
    }
    return made;
  }();
  return all;
}

const Implementation* find(std::string_view name) {
  const auto& all = catalogue();
  const auto it = std::ranges::find(all, name, &Implementation::name);
  return it == all.end() ? nullptr : &*it;
}

}  // namespace audit::impls
