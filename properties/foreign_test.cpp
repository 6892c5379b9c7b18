// What the laws find in foreign targets: nothing in the honest ones, and of a defect exactly that.

#include <gtest/gtest.h>

#include <set>

#include "properties/check.hpp"
#include "properties/finding_text.hpp"

namespace audit::properties {
namespace {

impls::Implementation function(const std::string& target) {
  const double timeout = target == "bad.so:loops" ? 0.5 : 30;
  return impls::load(std::string(PLUGINS) + "/" + target, {.timeout = timeout}).at(0);
}

/// Every record of a target: its widths, and all laws on a few rows.
std::vector<reports::Record> records_of(const impls::Implementation& target) {
  std::vector<reports::Record> records;
  for (const impls::Format& format : target.formats) {
    records.push_back(try_widths(target, format));
    for (const Law& law : laws())
      if (law.holds_for(target.map)) records.push_back(try_law(target, format, law, 12, 1));
  }
  return records;
}

class Honest : public testing::TestWithParam<const char*> {};

TEST_P(Honest, KeepsEveryLaw) {
  const impls::Implementation target = function(GetParam());
  for (const auto& record : records_of(target)) {
    for (const auto& finding : record.findings) ADD_FAILURE() << in_words(finding, target.name);
    EXPECT_TRUE(record.rows > 0 || !record.absent.empty()) << record.family;
  }
}

INSTANTIATE_TEST_SUITE_P(Plugin, Honest,
                         testing::Values("honest.so:three_pass", "honest.so:half", "honest.so:zero",
                                         "honest.so:uniform", "kernels.so:magic_f32", "kernels.so:magic_f64",
                                         "kernels.so:body_and_tail", "kernels.so:locked", "kernels.so:per_thread",
                                         "kernels.so:keeps_modes"),
                         [](const auto& instance) {
                           return std::string(instance.param).substr(std::string(instance.param).find(':') + 1);
                         });

struct Defect {
  const char* function;
  const char* law;
};

class Defective : public testing::TestWithParam<Defect> {};

TEST_P(Defective, HasThatFindingAndNoOther) {
  const auto& [name, law] = GetParam();
  std::set<std::string> found;
  for (const auto& record : records_of(function("bad.so:" + std::string(name))))
    for (const auto& finding : record.findings) {
      found.insert(finding.law);
      EXPECT_NE(finding.replay.find(std::string("bad.so:") + name), std::string::npos);
    }
  EXPECT_EQ(found, std::set<std::string>{law});
}

INSTANTIATE_TEST_SUITE_P(
    Plugin, Defective,
    testing::Values(Defect{"divides_by_zero", "crashed"}, Defect{"aborts", "crashed"}, Defect{"exits", "crashed"},
                    Defect{"loops", "timed out"}, Defect{"writes_past_the_end", "trespassed"},
                    Defect{"reads_before_the_start", "trespassed"}, Defect{"reads_a_whole_vector", "trespassed"},
                    Defect{"changes_its_input", "trespassed"}, Defect{"leaves_ftz", "trespassed"},
                    Defect{"leaves_rounding_up", "trespassed"}, Defect{"blocks_a_signal", "trespassed"},
                    Defect{"writes_of_nothing", "trespassed"}, Defect{"forgets_the_last", "output written, input kept"},
                    Defect{"forgets_the_batch", "batch"}, Defect{"overlooks_strides", "any layout"},
                    Defect{"clears_its_output", "in place"}, Defect{"sums_by_batch", "batch"},
                    Defect{"remembers", "deterministic"}),
    [](const auto& instance) { return std::string(instance.param.function); });

/// Whoever does not promise it may do it: the same defects, nothing promised.
TEST(Defective, BreaksNoPromiseThatItDoesNotGive) {
  for (const char* name : {"overlooks_strides", "clears_its_output", "sums_by_batch", "remembers"}) {
    impls::Implementation target = function("bad.so:" + std::string(name));
    target.claim.promises = impls::subnormals;
    for (const auto& record : records_of(target))
      for (const auto& finding : record.findings) ADD_FAILURE() << in_words(finding, target.name);
  }
}

/// A target with no function for the call is listed, and nothing is held against it.
TEST(Unsupported, IsAbsentWithItsStatus) {
  for (const auto& record : records_of(function("honest.so:unsupported"))) {
    EXPECT_TRUE(record.findings.empty());
    EXPECT_EQ(record.rows, 0U);
    EXPECT_TRUE(record.absent == "not supported, it returns 7" || record.absent == "the target does not promise it" ||
                record.absent == "its library has no function to hold it against")
        << record.family << ": " << record.absent;
  }
}

TEST(TryWidths, ShowsTheSmallestRow) {
  const auto record = try_widths(function("bad.so:forgets_the_last"), impls::f32);
  ASSERT_EQ(record.findings.size(), 1U);
  EXPECT_EQ(record.findings[0].case_id, "softmax:f32:row=3@0x0p+0");
  EXPECT_EQ(record.findings[0].element, 2U);
  EXPECT_EQ(record.findings[0].got, "unwritten");
}

TEST(TryWidths, CountsAccidents) {
  const auto record = try_widths(function("bad.so:leaves_ftz"), impls::f32);
  EXPECT_EQ(record.outcomes, (std::map<std::string, std::uint64_t>{{"trespassed", 1}}));
}

TEST(Hold, ShowsAnAccident) {
  const auto question = reference::rebuild("softmax:f32:row=0x1p+0,0x1p+1");
  const auto holdings = hold(function("bad.so:aborts"), question);
  ASSERT_EQ(holdings.size(), 1U);
  EXPECT_EQ(holdings[0].finding->law, "crashed");
}

}  // namespace
}  // namespace audit::properties
