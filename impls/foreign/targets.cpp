#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "impls/catalogue.hpp"
#include "impls/foreign/plugin.h"
#include "impls/foreign/workers.hpp"

namespace audit::impls {

using foreign::Described;
using foreign::Description;
using foreign::Function;
using foreign::Workers;

namespace {

/// Formats that plugin.h has a number for.
constexpr int foreign_formats = SOFTMAX_AUDIT_BF16 + 1;

/// The worker stands beside the program; the test programs are one directory further down.
std::string worker_program() {
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  for (const auto& directory : {here, here.parent_path()})
    if (auto program = directory / "softmax-audit-worker"; std::filesystem::exists(program)) return program.string();
  throw std::runtime_error(
      fmt::format("softmax-audit-worker is not in {}; install it beside the program", here.string()));
}

/// A target as the user names it, taken apart.
struct Parts {
  std::string owner;                 ///< FILE.so or python:MODULE
  std::string function;              ///< empty: all that it offers
  std::vector<std::string> command;  ///< of its worker

  /// Whether the function is declared here, as signature.hpp says, not described by its library.
  [[nodiscard]] bool is_declared() const { return command[1] == "symbol"; }
};

constexpr std::string_view python = "python:";

/// python:MODULE or python:MODULE:FUNCTION.
Parts python_parts(const std::string& target) {
  const std::string named = target.substr(python.size());
  const std::size_t colon = std::min(named.rfind(':'), named.size());
  const std::string module = named.substr(0, colon), function = named.substr(std::min(colon + 1, named.size()));
  if (module.empty())
    throw std::runtime_error(
        fmt::format("{}: names no module; give python:MODULE:FUNCTION or python:FILE.py:FUNCTION", target));
  return {fmt::format("{}{}", python, module), function, {worker_program(), "python", module, function}};
}

/// FILE.so, FILE.so:NAME or FILE.so:DECLARATION. The shortest file there is, up to a colon or the end: names of
/// functions may have colons.
Parts library_parts(const std::string& target) {
  const auto parts = [](const std::string& file, const std::string& function) {
    const std::string path = std::filesystem::absolute(file).string();
    if (function.find('(') == std::string::npos) return Parts{file, function, {worker_program(), "plugin", path}};
    return Parts{file, function, {worker_program(), "symbol", path, function}};
  };
  for (std::size_t colon = target.find(':'); colon != std::string::npos; colon = target.find(':', colon + 1))
    if (std::filesystem::is_regular_file(target.substr(0, colon)))
      return parts(target.substr(0, colon), target.substr(colon + 1));
  if (std::filesystem::is_regular_file(target)) return parts(target, "");
  throw std::runtime_error(fmt::format("{}: no such file; give a shared object, FILE.so or FILE.so:FUNCTION", target));
}

Parts take_apart(const std::string& target) {
  return target.starts_with(python) ? python_parts(target) : library_parts(target);
}

/// What is wrong with a function as it describes itself, and what to do; nullopt: nothing.
std::optional<std::string> objection(const Described& described) {
  const std::string_view all_masked = described.all_masked.data();
  if (described.name[0] == '\0') return "has no name; give it one";
  if (described.map < 0 || std::cmp_greater_equal(described.map, maps.size()))
    return fmt::format("map {} is none; plugin.h has 0 to {}", described.map, maps.size() - 1);
  if (described.format < 0 || described.format >= foreign_formats)
    return fmt::format("format {} is none; plugin.h has 0 to {}", described.format, foreign_formats - 1);
  if (!all_masked.empty() && all_masked != "nan" && all_masked != "zero" && all_masked != "uniform")
    return fmt::format("all_masked '{}' is none; say nan, zero or uniform", all_masked);
  if (!(described.max_ulp >= 0) || std::isinf(described.max_ulp))
    return fmt::format("max_ulp {} is no bound; give a number of ulps, 0 to claim nothing", described.max_ulp);
  return std::nullopt;
}

bool same_question(const Described& a, const Described& b) {
  return a.map == b.map && std::string_view(a.name.data()) == b.name.data();
}

/// Whether two functions are one target in two formats.
bool one_target(const Described& a, const Described& b) {
  return same_question(a, b) && a.promises == b.promises && a.max_ulp == b.max_ulp && a.all_masked == b.all_masked;
}

/// Throws where the description is none.
void check(const std::string& target, const Description& description) {
  const auto refuse = [&](std::uint32_t i, std::string_view what) {
    return std::runtime_error(
        fmt::format("{}: function {} ('{}'): {}", target, i, description.functions[i].name.data(), what));
  };
  if (description.count == 0 || description.count > foreign::most_functions)
    throw std::runtime_error(fmt::format("{}: offers no function; let it offer one at least", target));
  for (std::uint32_t i = 0; i < description.count; ++i) {
    const Described& described = description.functions[i];
    if (const auto what = objection(described)) throw refuse(i, *what);
    for (std::uint32_t j = 0; j < i; ++j)
      if (same_question(described, description.functions[j]) && described.format == description.functions[j].format)
        throw refuse(i,
                     fmt::format("is function {} again: name, map and format are the same; give it another name", j));
  }
}

AllMasked all_masked(const Described& described) {
  const std::string_view text = described.all_masked.data();
  if (text == "uniform") return AllMasked::uniform;
  if (text == "zero") return AllMasked::zero;
  // logsumexp gives -inf, which zero says of it, unless it says nan itself.
  return text.empty() && described.map == SOFTMAX_AUDIT_LOGSUMEXP ? AllMasked::zero : AllMasked::nan;
}

Claim claim_of(const Described& described) {
  Claim claim;
  claim.all_masked = all_masked(described);
  claim.promises = described.promises;
  if (described.max_ulp == 0) return claim;
  claim.bound = fmt::format("{} ulp", described.max_ulp);
  claim.source = "max_ulp, as the target says";
  claim.bounds = [map = static_cast<Map>(described.map), ulps = described.max_ulp](const Row& row, const Format&) {
    return std::vector<Bound>(outputs(map, length(map, row)), Bound{0, 0, ulps});
  };
  return claim;
}

std::vector<Implementation> functions_of(const std::string& owner, const std::shared_ptr<Workers>& workers,
                                         const std::string& name);

Implementation implementation_of(const std::string& owner, const std::shared_ptr<Workers>& workers,
                                 std::uint32_t place) {
  const Description& description = workers->description();
  const Described& described = description.functions[place];
  Implementation made;
  made.name = fmt::format("{}:{}", owner, described.name.data());
  made.map = static_cast<Map>(described.map);
  made.source = description.library.data();
  made.version = fmt::format("{} {}", description.library.data(), description.version.data());
  made.claim = claim_of(described);
  std::vector<Function> functions;
  for (std::uint32_t i = place; i < description.count; ++i)
    if (one_target(described, description.functions[i]))
      functions.push_back({i, made.map, formats[static_cast<std::size_t>(description.functions[i].format)]});
  for (const Function& function : functions) made.formats.push_back(function.format);
  const auto function_of = [functions](const Format& format) {
    return *std::ranges::find(functions, format, &Function::format);
  };
  made.prepare = [workers, function_of](const Format& format, const Shape&) -> Kernel {
    return [workers, function = function_of(format)](const Call& call) { return workers->run(function, call); };
  };
  // The workers outlive the stopwatch's own one, whose nursery is theirs.
  made.stopwatch = [workers, function_of](const Format& format, const Timing& timing) -> Stopwatch {
    return [workers, time = workers->stopwatch(function_of(format), timing)](std::size_t calls) { return time(calls); };
  };
  // A worker for a function of Python knows no other.
  if (!owner.starts_with(python)) made.library = [owner, workers] { return functions_of(owner, workers, ""); };
  return made;
}

/// The functions of that name, or all where it is empty: one for each name and map, of all formats that it promises the
/// same in.
std::vector<Implementation> functions_of(const std::string& owner, const std::shared_ptr<Workers>& workers,
                                         const std::string& name) {
  const Description& description = workers->description();
  std::vector<Implementation> made;
  for (std::uint32_t i = 0; i < description.count; ++i) {
    const Described& described = description.functions[i];
    if (!name.empty() && name != described.name.data()) continue;
    const auto listed_before = std::span(description.functions).first(i);
    if (std::ranges::none_of(listed_before, [&](const Described& d) { return one_target(d, described); }))
      made.push_back(implementation_of(owner, workers, i));
  }
  return made;
}

}  // namespace

bool is_foreign(std::string_view target) {
  return target.starts_with(python) || target.find('/') != std::string_view::npos || target.ends_with(".so") ||
         target.find(".so:") != std::string_view::npos;
}

std::vector<Implementation> load(const std::string& target, const Loading& loading) {
  const Parts parts = take_apart(target);
  const auto& [owner, function, command] = parts;
  const auto workers = std::make_shared<Workers>(foreign::Origin{command, owner, foreign::Seconds(loading.timeout)});
  check(owner, workers->description());
  if (parts.is_declared()) {
    std::vector<Implementation> declared{implementation_of(owner, workers, 0)};
    declared.front().name = target;
    return declared;
  }
  auto loaded = functions_of(owner, workers, function);
  if (loaded.empty())
    throw std::runtime_error(fmt::format(
        "{}: offers no function '{}'; 'softmax-audit list {}' names all that it offers", owner, function, owner));
  return loaded;
}

}  // namespace audit::impls
