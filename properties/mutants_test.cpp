// The eye of the suite: every mutant of properties/mutants/ dies, of the law that its first lines name, on a small row.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "properties/check.hpp"
#include "properties/finding_text.hpp"

namespace audit::properties {
namespace {

namespace fs = std::filesystem;

struct Mutant {
  std::string name;
  std::string law;             ///< one that must catch it
  std::size_t smallest_n = 0;  ///< it does so on a row of at most so many entries
};

/// From the first lines of its file: "// Caught by: LAW, n ≤ N".
Mutant mutant_of(const fs::path& source) {
  std::ifstream in(source);
  const std::string caught = "// Caught by: ", within = ", n ≤ ";
  for (std::string line; std::getline(in, line) && line.starts_with("//");) {
    const auto at = line.find(within);
    if (line.starts_with(caught) && at != std::string::npos)
      return {source.stem(), line.substr(caught.size(), at - caught.size()),
              std::stoul(line.substr(at + within.size()))};
  }
  return {source.stem(), "", 0};
}

std::vector<Mutant> mutants() {
  std::vector<Mutant> all;
  for (const auto& file : fs::directory_iterator(MUTANT_SOURCES))
    if (file.path().extension() == ".cpp" && file.path().stem() != "unmutated") all.push_back(mutant_of(file));
  std::ranges::sort(all, {}, &Mutant::name);
  return all;
}

std::vector<impls::Implementation> functions_of(const std::string& mutant) {
  return impls::load(fmt::format("{}/{}.so", MUTANT_OBJECTS, mutant), {.timeout = 5});
}

std::vector<reports::Finding> findings_of(const impls::Implementation& target, int rows) {
  std::vector<reports::Finding> all;
  const impls::Format& format = target.formats.back();
  const auto add = [&](const reports::Record& record) { std::ranges::copy(record.findings, std::back_inserter(all)); };
  add(try_widths(target, format));
  for (const Law& law : laws())
    if (law.holds_for(target.map)) add(try_law(target, format, law, rows, 1));
  return all;
}

/// Entries of the row of a finding; of an empty one 0.
std::size_t length(const reports::Finding& finding) { return reference::rebuild(finding.case_id).row.x.size(); }

bool replays(const impls::Implementation& target, const reports::Finding& finding) {
  const auto found = std::ranges::find(laws(), finding.law, &Law::name);
  if (found == laws().end()) return true;  // an accident is shown by asking again
  const auto held = hold(target, reference::rebuild(finding.case_id));
  return std::ranges::any_of(held, [&](const Holding& h) { return h.law == &*found && h.finding; });
}

void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.name; }

class Dies : public testing::TestWithParam<Mutant> {};

TEST_P(Dies, OfTheLawThatItsFileNamesOnASmallRow) {
  const auto& [name, law, smallest_n] = GetParam();
  ASSERT_FALSE(law.empty()) << name << ".cpp does not say \"Caught by: LAW, n ≤ N\"";
  if (law == "one core" && std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "there is one core";
  impls::Implementation target = functions_of(name).at(0);
  target.name = name;  // rows are drawn by it: the same wherever the mutant was built
  std::string shown;
  bool caught = false;
  std::size_t shortest = SIZE_MAX;
  for (const auto& finding : findings_of(target, 100)) {
    shown += in_words(finding, name) + "\n";
    if (finding.law == law) shortest = std::min(shortest, length(finding)), caught = true;
    // What depends on earlier calls does not, and the law for that is the one to name.
    EXPECT_TRUE(law == "deterministic" || replays(target, finding)) << in_words(finding, name);
  }
  EXPECT_TRUE(caught) << shown;
  EXPECT_LE(shortest, smallest_n) << shown;
}

INSTANTIATE_TEST_SUITE_P(Mutants, Dies, testing::ValuesIn(mutants()),
                         [](const auto& parameters) { return parameters.param.name; });

TEST(Mutants, AreHonestWithoutTheirDefect) {
  const auto functions = functions_of("unmutated");
  EXPECT_EQ(functions.size(), 7U);
  for (const impls::Implementation& target : functions)
    for (const auto& finding : findings_of(target, 60)) ADD_FAILURE() << in_words(finding, target.name);
}

TEST(Mutants, AreAtLeastForty) { EXPECT_GE(mutants().size(), 40U); }

}  // namespace
}  // namespace audit::properties
