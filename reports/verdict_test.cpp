#include "reports/verdict.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "reports/test_records.hpp"

namespace audit::reports {
namespace {

using enum Verdict;

TEST(Verdicts, words_and_what_fails) {
  const struct {
    Verdict verdict;
    const char* word;
    bool fails;
  } table[]{{absent, "absent", false},      {vacuous, "vacuous", true},
            {undecided, "undecided", true}, {crashed, "crashed", true},
            {timed_out, "timed out", true}, {trespassed, "trespassed", true},
            {broke_law, "broke law", true}, {broke_claim, "broke claim", true},
            {regressed, "regressed", true}, {improved, "improved", false},
            {fresh, "new", false},          {unchanged, "unchanged", false}};
  for (const auto& [verdict, word, fail] : table) {
    EXPECT_EQ(label(verdict), word);
    EXPECT_EQ(fails(verdict), fail) << word;
    EXPECT_EQ(find_verdict(word), verdict);
  }
  EXPECT_EQ(find_verdict("fine"), std::nullopt);
}

// Faults are added from the last verdict of the order to the first: each must win over all those before it.
TEST(Verdicts, first_match_wins) {
  const Record baseline = accuracy_record();
  Record record = baseline;
  EXPECT_EQ(judge(record, &baseline), unchanged);
  EXPECT_EQ(judge(record, nullptr), fresh);
  record.max_ulp = -66;
  EXPECT_EQ(judge(record, &baseline), improved);
  record.outcomes["spurious nan"] = 1;
  EXPECT_EQ(judge(record, &baseline), regressed);
  record.bound_utilisation = 1.5;
  EXPECT_EQ(judge(record, &baseline), broke_claim);
  record.kind = "law";
  record.findings = {a_finding()};
  EXPECT_EQ(judge(record, &baseline), broke_law);
  record.outcomes["trespassed"] = 1;
  EXPECT_EQ(judge(record, &baseline), trespassed);
  record.outcomes["timed out"] = 1;
  EXPECT_EQ(judge(record, &baseline), timed_out);
  record.outcomes["crashed"] = 1;
  EXPECT_EQ(judge(record, &baseline), crashed);
  record.undecided = 1;
  EXPECT_EQ(judge(record, &baseline), undecided);
  record.rows = 0;
  EXPECT_EQ(judge(record, &baseline), vacuous);
  record.absent = "no such library";
  EXPECT_EQ(judge(record, &baseline), absent);
}

TEST(Verdicts, claim_is_broken_by_a_finding_or_by_any_use_above_one) {
  Record record = accuracy_record();
  record.findings = {a_finding()};
  EXPECT_EQ(judge(record, nullptr), broke_claim);
  record.findings.clear();
  for (const double used : {std::nextafter(1.0, 2.0), std::numeric_limits<double>::infinity(), std::nan("")}) {
    record.bound_utilisation = used;
    EXPECT_EQ(judge(record, nullptr), broke_claim) << used;
  }
  record.bound_utilisation = 1;
  EXPECT_EQ(judge(record, nullptr), fresh);
  record.bound_utilisation.reset();
  EXPECT_EQ(judge(record, nullptr), fresh);
}

TEST(Verdicts, accuracy_has_no_tolerance) {
  const Record baseline = accuracy_record();
  const auto verdict = [&baseline](const std::function<void(Record&)>& change) {
    Record record = baseline;
    change(record);
    return judge(record, &baseline);
  };
  EXPECT_EQ(verdict([](Record& r) { r.max_ulp = std::nextafter(-66.25, -67); }), regressed);
  EXPECT_EQ(verdict([](Record& r) { r.max_ulp = std::nextafter(-66.25, 0); }), improved);
  EXPECT_EQ(verdict([](Record& r) { r.max_ulp = 66.25; }), unchanged);
  EXPECT_EQ(verdict([](Record& r) { r.max_ulp = std::nan(""); }), regressed);
  EXPECT_EQ(verdict([](Record& r) { r.outcomes["off"] += 7; }), unchanged);
  EXPECT_EQ(verdict([](Record& r) { r.outcomes["flushed"] = 1; }), regressed);
  EXPECT_EQ(verdict([](Record& r) { r.rows = 5, r.max_ulp = 1000; }), fresh);
  EXPECT_EQ(verdict([](Record& r) { r.seed = 2, r.max_ulp = 1000; }), fresh);
}

TEST(Verdicts, worse_in_one_and_better_in_another_is_worse) {
  Record baseline = accuracy_record();
  baseline.outcomes["flushed"] = 5;
  baseline.outcomes["spurious nan"] = 5;
  Record record = baseline;
  record.outcomes["flushed"] = 4;
  EXPECT_EQ(judge(record, &baseline), improved);
  record.outcomes["spurious nan"] = 6;
  EXPECT_EQ(judge(record, &baseline), regressed);
  record.outcomes["spurious nan"] = 5;
  record.max_ulp = -67;
  EXPECT_EQ(judge(record, &baseline), regressed);
}

TEST(Verdicts, numbers_gained_and_lost_are_told_by_the_outcomes) {
  Record numbers = accuracy_record();
  Record none = numbers;
  none.max_ulp.reset();
  none.outcomes = {{"spurious nan", 4096}};
  EXPECT_EQ(judge(none, &numbers), regressed);
  EXPECT_EQ(judge(numbers, &none), improved);
}

TEST(Verdicts, speed_has_a_claim_but_no_baseline) {
  Record record = speed_record();
  Record slower = record;
  slower.ns_median = 100;
  EXPECT_EQ(judge(record, nullptr), fresh);
  EXPECT_EQ(judge(slower, &record), unchanged);
  record.ns_median.reset();
  EXPECT_EQ(judge(record, nullptr), broke_claim);
  record.rows = 0;
  EXPECT_EQ(judge(record, nullptr), vacuous);
}

TEST(Verdicts, speed_is_compared_within_its_run_and_fails_where_the_whole_interval_is_beyond_the_threshold) {
  Record record = compared_record();
  EXPECT_EQ(judge(record, nullptr), fresh);
  record.comparison->ratio = 1.05;
  record.comparison->ratio_low = 1.02;
  record.comparison->ratio_high = 1.08;
  EXPECT_EQ(judge(record, nullptr), fresh);
  record.comparison->ratio_low = 1.0201;
  EXPECT_EQ(judge(record, nullptr), regressed);
  EXPECT_EQ(judge(record, &record), regressed);
  record.comparison->threshold = 0.03;
  EXPECT_EQ(judge(record, nullptr), fresh);
  record.comparison->ratio_low = 0.5;
  record.comparison->ratio_high = 0.9;
  EXPECT_EQ(judge(record, nullptr), improved);
  record.comparison->ratio = record.comparison->ratio_low = record.comparison->ratio_high = std::nullopt;
  EXPECT_EQ(judge(record, nullptr), fresh);
}

TEST(Verdicts, law_tried_on_no_row_is_vacuous_and_a_mended_one_improved) {
  Record kept = law_record();
  EXPECT_EQ(judge(kept, &kept), unchanged);
  Record broken = kept;
  broken.findings = {a_finding()};
  EXPECT_EQ(judge(kept, &broken), improved);
  kept.rows = 0;
  EXPECT_EQ(judge(kept, nullptr), vacuous);
}

TEST(Verdicts, of_a_run_is_its_first_failure) {
  EXPECT_EQ(overall({}), vacuous);
  EXPECT_EQ(overall({absent, absent}), vacuous);
  EXPECT_EQ(overall({absent, unchanged}), unchanged);
  EXPECT_EQ(overall({unchanged, fresh, improved}), improved);
  EXPECT_EQ(overall({regressed, unchanged, broke_law, absent}), broke_law);
}

}  // namespace
}  // namespace audit::reports
