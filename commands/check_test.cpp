// What `check` is for, tried on the program itself: every mutant of properties/mutants/ dies of the law that its first
// lines name, on a small row, and no honest target is accused.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "commands/program.hpp"
#include "properties/measured.hpp"
#include "reference/cases.hpp"

namespace audit::properties {

/// What googletest prints instead of the bytes.
void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.name; }

}  // namespace audit::properties

namespace audit::commands {
namespace {

using nlohmann::json;
using properties::Mutant;

class Check : public Program {
 protected:
  /// The findings that --json names, of all targets.
  [[nodiscard]] std::vector<json> findings() const {
    std::istringstream in(read("found.json"));
    std::vector<json> all;
    for (std::string line; std::getline(in, line);) {
      const json target = json::parse(line);
      std::ranges::copy(target.at("findings"), std::back_inserter(all));
    }
    return all;
  }
};

std::size_t length(const json& finding) {
  return reference::rebuild(finding.at("case").get<std::string>()).row.x.size();
}

class Mutants : public Check, public testing::WithParamInterface<Mutant> {};

TEST_P(Mutants, Die) {
  const auto& [name, law, smallest_n] = GetParam();
  ASSERT_FALSE(law.empty()) << name << ".cpp does not say \"Caught by: LAW, n ≤ N\"";
  if (law == "one core" && std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "there is one core";
  const auto ended = run(fmt::format("check '{}/{}.so' --timeout 5 --json found.json", MUTANT_OBJECTS, name));
  ASSERT_EQ(ended.status, 1) << "it lives\n" << ended.out << ended.err;
  std::size_t shortest = SIZE_MAX;
  for (const json& finding : findings())
    if (finding.at("law") == law) shortest = std::min(shortest, length(finding));
  EXPECT_LE(shortest, smallest_n) << law << " has to catch it; what does:\n" << ended.out;
}

INSTANTIATE_TEST_SUITE_P(Check, Mutants, testing::ValuesIn(properties::mutants(MUTANT_SOURCES)),
                         [](const auto& parameters) { return parameters.param.name; });

/// What is asked together, so that exact answers are shared: all of the catalogue of one map, or a plugin.
struct Honest {
  std::string name;
  std::vector<std::string> targets;
};

void PrintTo(const Honest& honest, std::ostream* out) { *out << honest.name; }

std::vector<Honest> honest() {
  std::vector<Honest> all;
  for (const impls::MapTraits& map : impls::maps) {
    Honest made{std::string(map.name), {}};
    for (const auto& target : impls::catalogue())
      if (target.absent.empty() && target.map == map.map) made.targets.push_back(target.name);
    all.push_back(made);
  }
  for (const char* plugin : {"honest", "kernels"}) all.push_back({plugin, {fmt::format("{}/{}.so", PLUGINS, plugin)}});
  all.push_back({"unmutated", {fmt::format("{}/unmutated.so", MUTANT_OBJECTS)}});
  return all;
}

class HonestTargets : public Check, public testing::WithParamInterface<Honest> {};

TEST_P(HonestTargets, LiveUnderThreeSeeds) {
  const auto& [name, targets] = GetParam();
  ASSERT_FALSE(targets.empty());
  const auto ended = run(fmt::format("check '{}' --seed 1 --seed 2 --seed 3", fmt::join(targets, "' '")));
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
}

INSTANTIATE_TEST_SUITE_P(Check, HonestTargets, testing::ValuesIn(honest()),
                         [](const auto& parameters) { return parameters.param.name; });

}  // namespace
}  // namespace audit::commands
