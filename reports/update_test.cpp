#include "reports/update.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "reports/test_files.hpp"
#include "reports/test_records.hpp"

namespace audit::reports {
namespace {

constexpr char was[] = "-66.25 ulp at softmax:f32:wide:n=1024:seed=1:index=3#17; 3.125 ulp on average";

std::vector<Record> run() {
  Record other = accuracy_record();
  other.family = "deep_tail";
  return {accuracy_record(), other, law_record(), speed_record(), absent_record()};
}

const Entry& entry(const Update& update, const std::string& family) {
  const auto found = std::ranges::find(update.baseline.entries, family, &Entry::family);
  if (found == update.baseline.entries.end()) throw std::runtime_error("no entry of " + family);
  return *found;
}

std::string complaint(const std::optional<Baseline>& before, const std::vector<Record>& candidate) {
  try {
    update(before, candidate, "");
    return "accepted";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

TEST(Updates, without_a_baseline_all_keys_are_new) {
  const Update made = update(std::nullopt, run(), "");
  EXPECT_EQ(made.added, 3u);
  EXPECT_EQ(made.baseline.platform, platform(accuracy_record()));
  EXPECT_EQ(made.baseline.entries, baseline_of(run()).entries);
}

TEST(Updates, same_figures_change_nothing_and_keep_their_note) {
  Baseline before = baseline_of(run());
  before.entries[0].was = was;
  before.entries[0].because = "a reason";
  const Update made = update(before, run(), "another");
  EXPECT_EQ(made.baseline.entries, before.entries);
  EXPECT_TRUE(made.loosened.empty() && made.improved.empty());
}

TEST(Updates, improvement_needs_no_reason_and_notes_the_figure_before) {
  std::vector<Record> better = run();
  better[0].max_ulp = 12;
  const Update made = update(baseline_of(run()), better, "");
  ASSERT_EQ(made.improved.size(), 1u);
  EXPECT_TRUE(made.loosened.empty());
  EXPECT_EQ(entry(made, "wide").max_ulp, 12);
  EXPECT_EQ(entry(made, "wide").was, was);
  EXPECT_EQ(entry(made, "wide").because, "");
}

TEST(Updates, loosening_notes_the_figure_before_and_the_reason) {
  std::vector<Record> worse = run();
  worse[0].max_ulp = -67.25;
  worse[1].outcomes["flushed"] = 2;
  worse[1].witnesses["flushed"] = "softmax:f32:deep_tail:n=1024:seed=1:index=1#8";
  const Update made = update(baseline_of(run()), worse, "one pass\nfewer");
  ASSERT_EQ(made.loosened.size(), 2u);
  EXPECT_EQ(told(made.loosened),
            "stable softmax f32 deep_tail n=1024: 2 flushed (was 0), as at "
            "softmax:f32:deep_tail:n=1024:seed=1:index=1#8, and 1 more");
  EXPECT_EQ(entry(made, "wide").was, was);
  EXPECT_EQ(entry(made, "wide").because, "one pass fewer");
  EXPECT_FALSE(fails(gate(made.baseline, worse).verdict)) << "what was accepted is green";
  EXPECT_EQ(gate(made.baseline, run()).verdict, Verdict::improved);
}

TEST(Updates, later_note_takes_the_place_of_the_one_before) {
  std::vector<Record> worse = run(), better = run();
  worse[0].max_ulp = -70;
  better[0].max_ulp = 1;
  const Update again = update(update(baseline_of(run()), worse, "a reason").baseline, better, "");
  EXPECT_EQ(entry(again, "wide").was.rfind("-70 ulp at ", 0), 0u) << entry(again, "wide").was;
  EXPECT_EQ(entry(again, "wide").because, "");
}

TEST(Updates, other_rows_are_a_loosening) {
  std::vector<Record> fewer = run();
  fewer[0].rows = 2;
  fewer[2].rows = 9;
  const Update made = update(baseline_of(run()), fewer, "a reason");
  EXPECT_EQ(made.loosened.size(), 2u);
  EXPECT_EQ(entry(made, "wide").was, "4 rows of seed 1, " + std::string(was));
  EXPECT_EQ(entry(made, "range").was, "200 rows of seed 1");
}

TEST(Updates, unasked_keys_stay) {
  std::vector<Record> fewer = run();
  fewer.erase(fewer.begin());
  const Update made = update(baseline_of(run()), fewer, "");
  EXPECT_EQ(made.unasked, 1u);
  EXPECT_EQ(made.baseline.entries, baseline_of(run()).entries);
}

TEST(Updates, records_that_checked_nothing_or_are_undecided_do_not_enter) {
  std::vector<Record> open = run();
  open[0].undecided = 1;
  open[0].max_ulp = 1;
  open[2].rows = 0;
  const Update made = update(baseline_of(run()), open, "");
  EXPECT_EQ(made.baseline.entries, baseline_of(run()).entries);
  EXPECT_TRUE(fails(gate(made.baseline, open).verdict));
}

TEST(Updates, findings_are_no_part_of_a_baseline) {
  std::vector<Record> broken = run();
  broken[0].bound_utilisation = 2;
  broken[0].max_ulp = 80;
  EXPECT_EQ(update(baseline_of(run()), broken, "").loosened.size(), 1u) << "a broken claim hides no loosening";
  EXPECT_EQ(gate(update(baseline_of(run()), broken, "a reason").baseline, broken).verdict, Verdict::broke_claim);
}

TEST(Updates, another_platform_two_platforms_and_nothing_at_all_are_refused) {
  std::vector<Record> elsewhere = run();
  for (Record& record : elsewhere) record.machine.isa = "aarch64 sve";
  EXPECT_EQ(complaint(baseline_of(run()), elsewhere),
            "of another platform (x86-64 avx512f, GNU 12, glibc 2.36; the candidate is of aarch64 sve, GNU 12, glibc "
            "2.36); give another file");
  elsewhere[0] = run()[0];
  EXPECT_NE(complaint({}, elsewhere).find("records of two platforms"), std::string::npos);
  EXPECT_NE(complaint({}, {absent_record()}).find("nothing to keep"), std::string::npos);
}

struct UpdatedFile : TestWithFiles {};

TEST_F(UpdatedFile, hostile_reason_comes_back_on_one_line) {
  std::vector<Record> worse = run();
  worse[0].max_ulp = -70;
  const std::string file = (directory / "b.jsonl").string();
  write_baseline(file, update(baseline_of(run()), worse, hostile).baseline);
  EXPECT_EQ(std::ranges::count(read("b.jsonl"), '\n'), 4);
  const std::vector<Entry> entries = read_baseline(file).entries;
  const auto loosened = std::ranges::find(entries, "wide", &Entry::family);
  EXPECT_NE(loosened->because.find("$(x)"), std::string::npos) << loosened->because;
  EXPECT_EQ(loosened->because.find_first_of("\n\t\x1b"), std::string::npos);
}

TEST_F(UpdatedFile, baseline_without_notes_and_means_is_read) {
  const std::string file = (directory / "b.jsonl").string();
  Baseline old = baseline_of(run());
  for (Entry& entry : old.entries) entry.mean_abs_ulp.reset();
  write_baseline(file, old);
  EXPECT_EQ(read("b.jsonl").find("mean_abs_ulp"), std::string::npos);
  EXPECT_EQ(read("b.jsonl").find("\"was\""), std::string::npos);
  EXPECT_EQ(gate(read_baseline(file), run()).verdict, Verdict::unchanged);
  const Update made = update(read_baseline(file), run(), "");
  EXPECT_TRUE(made.loosened.empty());
  EXPECT_EQ(entry(made, "wide").mean_abs_ulp, 3.125) << "the update adds the mean";
}

}  // namespace
}  // namespace audit::reports
