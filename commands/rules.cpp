// What SARIF says of a law, and where it says that a target is.

#include <algorithm>

#include "commands/common.hpp"
#include "properties/laws.hpp"

namespace audit::commands {

std::vector<reports::Rule> rules() {
  std::vector<reports::Rule> all;
  for (const auto& law : properties::laws())
    all.push_back({std::string(law.name), std::string(law.statement), std::string(law.source)});
  using Kind = impls::Accident::Kind;
  for (const Kind kind : {Kind::crashed, Kind::timed_out, Kind::trespassed})
    all.push_back({std::string(impls::label(kind)), std::string(impls::instead_of(kind)), "impls/foreign/plugin.h"});
  return all;
}

std::string file_of(const std::string& target) {
  if (!impls::is_foreign(target)) return std::string(impls::file_of(target));
  const std::string_view python = "python:", shared_object = ".so";
  if (!target.starts_with(python)) {
    const std::size_t end = target.find(".so:");
    return end == std::string::npos ? target : target.substr(0, end + shared_object.size());
  }
  std::string module = target.substr(python.size());
  module = module.substr(0, module.find(':'));
  if (!module.ends_with(".py")) std::ranges::replace(module, '.', '/');
  return module;
}

}  // namespace audit::commands
