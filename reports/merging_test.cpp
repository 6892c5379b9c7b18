#include "reports/merging.hpp"

#include <gtest/gtest.h>

#include "reports/gate.hpp"
#include "reports/markdown.hpp"
#include "reports/page.hpp"
#include "reports/summary.hpp"
#include "reports/test_records.hpp"

namespace audit::reports {
namespace {

/// The records of another machine of the same platform, of other families.
std::vector<Record> another_machine() {
  std::vector<Record> records{accuracy_record(), law_record()};
  records[0].family = "normal";
  records[1].family = "order";
  for (Record& record : records) {
    record.machine.cpu = "Another CPU";
    record.build.compiler = "GNU 12.3.0";
  }
  return records;
}

std::string complaint(const std::vector<Record>& one, const std::vector<Record>& two) {
  try {
    merge({{"one", one}, {"two", two}});
    return "merged";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

TEST(Merging, machines_of_one_platform_merge_and_every_reader_names_them) {
  const Merged merged = merge({{"one", {accuracy_record(), law_record()}}, {"two", another_machine()}});
  ASSERT_EQ(merged.records.size(), 4u);
  EXPECT_TRUE(merged.notes.empty());
  EXPECT_EQ(merged.records[0].machine.cpu, "A CPU");
  EXPECT_EQ(merged.records[2].machine.cpu, "Another CPU");
  EXPECT_EQ(provenance(merged.records).machine.cpu, "A CPU; Another CPU");
  EXPECT_EQ(provenance(merged.records).build.compiler, "GNU 12.2.0; GNU 12.3.0");
  EXPECT_NE(page(merged.records).find("A CPU; Another CPU"), std::string::npos);
  EXPECT_NE(markdown(merged.records).find("A CPU; Another CPU"), std::string::npos);
  EXPECT_EQ(baseline_of(merged.records).entries.size(), 4u);
}

TEST(Merging, same_figures_of_two_machines_are_kept_once) {
  std::vector<Record> again{accuracy_record()};
  again[0].machine.cpu = "Another CPU";
  const Merged merged = merge({{"one", {accuracy_record()}}, {"two", again}});
  EXPECT_EQ(merged.records, std::vector{accuracy_record()});
}

TEST(Merging, other_figures_under_one_key_are_refused_with_both) {
  std::vector<Record> other{accuracy_record()};
  other[0].max_ulp = -67.25;
  EXPECT_EQ(complaint({accuracy_record()}, other),
            "two: its accuracy record of stable softmax f32 wide n=1024 differs from that of one: -67.25 ulp at "
            "softmax:f32:wide:n=1024:seed=1:index=3#17, was -66.25 ulp at softmax:f32:wide:n=1024:seed=1:index=3#17; "
            "compare them by 'softmax-audit report one two'");
}

TEST(Merging, another_platform_or_seed_is_refused_and_pointed_to_report) {
  std::vector<Record> other = another_machine();
  for (Record& record : other) record.machine.libm = "glibc 2.41";
  EXPECT_EQ(complaint({accuracy_record()}, other),
            "two: of another platform (x86-64 avx512f, GNU 12, glibc 2.41) than one (x86-64 avx512f, GNU 12, glibc "
            "2.36), where figures differ rightly; compare them by 'softmax-audit report one two'");
  other = another_machine();
  for (Record& record : other) record.seed = 2;
  EXPECT_EQ(complaint({accuracy_record()}, other),
            "two: of seed 2, where one has 1; compare them by 'softmax-audit report one two'");
}

TEST(Merging, times_of_one_run_are_kept_and_wrong_timed_answers_always) {
  Record wrong = speed_record();
  wrong.n = 7;
  wrong.ns_median.reset();
  Record other = speed_record();
  other.ns_median = 9;
  const Merged merged = merge({{"one", {accuracy_record()}}, {"two", {speed_record()}}, {"three", {other, wrong}}});
  ASSERT_EQ(merged.records.size(), 3u);
  EXPECT_EQ(merged.records[1].ns_median, 1.5);
  EXPECT_FALSE(merged.records[2].ns_median);
  ASSERT_EQ(merged.notes.size(), 1u);
  EXPECT_EQ(merged.notes[0], "three: its 1 times are left out: times compare within one run only, and two has some");
}

TEST(Merging, what_is_measured_somewhere_is_not_absent) {
  Record measured = accuracy_record();
  measured.target = "onednn";
  EXPECT_TRUE(overview(merge({{"one", {absent_record()}}, {"two", {measured}}}).records).absent.empty());
  EXPECT_EQ(overview(merge({{"one", {absent_record()}}, {"two", {absent_record()}}}).records).absent.size(), 1u);
}

}  // namespace
}  // namespace audit::reports
