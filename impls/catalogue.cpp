#include "impls/catalogue.hpp"

#include <algorithm>
#include <iterator>

#include "catalogue_entries.hpp"

namespace audit::impls {

namespace {

/// What wraps the same version of the same library; the suite's own are one, too.
std::vector<Implementation> of_version(const std::string& version) {
  std::vector<Implementation> made;
  std::ranges::copy_if(catalogue(), std::back_inserter(made),
                       [&](const Implementation& other) { return other.absent.empty() && other.version == version; });
  return made;
}

}  // namespace

const std::vector<Implementation>& catalogue() {
  static const std::vector<Implementation> all = [] {
    std::vector<Implementation> made;
    for (const Entry& entry : entries) {
      Implementation implementation = entry.make ? entry.make() : Implementation{};
      implementation.name = entry.name;
      implementation.absent = entry.absent;
      implementation.library = [version = implementation.version] { return of_version(version); };
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

std::string_view file_of(std::string_view name) {
  const auto* const it =
      std::ranges::find(entries, name, [](const Entry& entry) { return std::string_view(entry.name); });
  return it == std::end(entries) ? "" : it->file;
}

}  // namespace audit::impls
