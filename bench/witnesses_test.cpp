// The table of witnesses in impls/bounds.md: the row on which each claim is used most.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "bench/tally.hpp"
#include "impls/catalogue.hpp"

namespace audit::bench {
namespace {

struct Witness {
  std::string target;
  double used = 0;
  std::string element;  ///< CASE#ELEMENT
};

std::vector<Witness> witnesses() {
  std::vector<Witness> all;
  std::ifstream proofs(PROOFS);
  const std::regex line(R"(\| `(\w+)` \| ([0-9.]+) \| `([^`]*#\d+)` \|)");
  std::smatch parts;
  for (std::string text; std::getline(proofs, text);)
    if (std::regex_match(text, parts, line)) all.push_back({parts[1], std::stod(parts[2]), parts[3]});
  return all;
}

/// How much of its claim the target uses on an element.
double used(const impls::Implementation& target, const std::string& element) {
  const auto at = element.find('#');
  const reference::Case question = reference::rebuild(element.substr(0, at));
  const auto exact = reference::certify(question.map, question.format, question.row);
  const Trial trial = judge(target, question, exact, impls::ask(target, question.format, question.row));
  return trial.standings.at(std::stoul(element.substr(at + 1))).utilisation;
}

// A libm or a vector length of another machine gives other last bits, so a tenth is left.
TEST(Witnesses, UseWhatTheTableSays) {
  for (const Witness& witness : witnesses()) {
    const impls::Implementation* target = impls::find(witness.target);
    ASSERT_NE(target, nullptr) << witness.target;
    if (!target->absent.empty()) continue;
    EXPECT_NEAR(used(*target, witness.element), witness.used, 0.1 * witness.used) << witness.target;
  }
}

TEST(Witnesses, EveryBoundHasOneThatUsesATenthOfIt) {
  const auto all = witnesses();
  for (const impls::Implementation& target : impls::catalogue()) {
    const auto its = std::ranges::find(all, target.name, &Witness::target);
    EXPECT_EQ(its != all.end(), static_cast<bool>(target.claim.bounds)) << target.name;
    if (its == all.end()) continue;
    EXPECT_GE(its->used, 0.1) << target.name << ": tighten the bound";
    EXPECT_LE(its->used, 1) << target.name << ": the bound is false";
  }
}

}  // namespace
}  // namespace audit::bench
