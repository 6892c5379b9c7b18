// The eye of the suite: what the committed table says of every mutant of properties/mutants/ is so.

#include <gtest/gtest.h>

#include <algorithm>

#include "properties/finding_text.hpp"
#include "properties/laws.hpp"
#include "properties/measured.hpp"

namespace audit::properties {

/// What googletest prints instead of the bytes.
void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.name; }

namespace {

constexpr const char* anew = " (ninja -C build/release eye writes the table anew)";

impls::Implementation target_of(const std::string& mutant) {
  impls::Implementation target = functions_of(MUTANT_OBJECTS, mutant).at(0);
  target.name = mutant;  // rows are drawn by it: the same wherever the mutant was built
  return target;
}

/// What the committed table says of a mutant.
std::vector<Sight> committed(const std::string& mutant) {
  std::vector<Sight> sights;
  std::ranges::copy_if(eye(), std::back_inserter(sights), [&](const Sight& s) { return s.target == mutant; });
  return sights;
}

/// Whether the table says that such a look showed something.
bool in_table(const Sight& seen) {
  return std::ranges::any_of(eye(), [&](const Sight& said) {
    return !said.row.empty() && said.target == seen.target && said.by == seen.by && said.judge == seen.judge;
  });
}

class Dies : public testing::TestWithParam<Mutant> {};

/// Every row in the table shows what it is there for; what depends on earlier calls does not replay, and of who
/// trespasses nothing else does. That `check` kills every mutant is tried in commands/check_test.cpp.
TEST_P(Dies, AsTheTableSays) {
  const auto& [name, law, smallest_n] = GetParam();
  const impls::Implementation target = target_of(name);
  bool caught = false;
  for (const Sight& sight : committed(name)) {
    caught = caught || (sight.by == Sight::By::law && sight.judge == law);
    if (sight.row.empty() || sight.by == Sight::By::own_rows || law == "deterministic") continue;
    if (law == "trespassed" && sight.by != Sight::By::law) continue;
    EXPECT_TRUE(replays(target, sight)) << to_line(sight) << anew;
  }
  EXPECT_TRUE(caught) << name << " is not caught by " << law << " in the table" << anew;
  for (const Sight& sight : seen_by_tolerances(target_of(name), 30))
    EXPECT_TRUE(sight.row.empty() || in_table(sight)) << to_line(sight) << anew;
}

INSTANTIATE_TEST_SUITE_P(Mutants, Dies, testing::ValuesIn(mutants(MUTANT_SOURCES)),
                         [](const auto& parameters) { return parameters.param.name; });

TEST(Mutants, AreHonestWithoutTheirDefect) {
  const auto functions = functions_of(MUTANT_OBJECTS, "unmutated");
  EXPECT_EQ(functions.size(), 12U);
  for (const impls::Implementation& target : functions)
    for (const auto& finding : findings_of(target, 60)) ADD_FAILURE() << in_words(finding, target.name);
}

TEST(Mutants, AreAtLeastForty) { EXPECT_GE(mutants(MUTANT_SOURCES).size(), 40U); }

/// Each law, taken away, lets a mutant live, or says why it stands.
TEST(Eye, NeedsEveryLaw) {
  for (const Law& law : laws()) {
    EXPECT_FALSE(killed_by(law.name).empty()) << law.name << " kills no mutant" << anew;
    EXPECT_TRUE(!killed_by_it_alone(law.name).empty() || !law.stands.empty())
        << "no mutant needs \"" << law.name << "\", and it does not say why it stands";
  }
}

TEST(Eye, KnowsNoMutantThatIsGone) {
  const auto all = mutants(MUTANT_SOURCES);
  for (const Sight& sight : eye()) {
    const bool is_there =
        sight.honest ? impls::find(sight.target) != nullptr : std::ranges::count(all, sight.target, &Mutant::name) == 1;
    EXPECT_TRUE(is_there) << to_line(sight) << anew;
  }
}

TEST(Eye, ReadsWhatItWrites) {
  for (const Sight& sight : eye()) EXPECT_EQ(sight_of(to_line(sight)), sight);
  for (const std::string line : {"", "a\tb\tmutant\tlaw\torder", "a\tb\tmutant\tnobody\torder\tlives"})
    EXPECT_THROW(sight_of(line), std::invalid_argument) << line;
}

}  // namespace
}  // namespace audit::properties
