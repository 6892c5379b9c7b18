// What a sweep, a hunt, a replay and a timing make of calls that gave no answer.

#include <gtest/gtest.h>

#include "bench/accuracy.hpp"
#include "bench/exhaustive.hpp"
#include "bench/hunt.hpp"
#include "bench/likeness.hpp"
#include "bench/replay.hpp"
#include "bench/speed.hpp"
#include "bench/testing.hpp"

namespace audit::bench {
namespace {

using impls::Accident;
using impls::Implementation;
using Kind = Accident::Kind;

/// Correctly rounded, but for rows where `when` says what happens.
Implementation unlucky(std::function<std::optional<Accident>(const impls::Row&)> when) {
  return testing::answering("unlucky", [when](const impls::Format& format, const impls::Row& row) {
    if (const auto met = when(row)) throw *met;
    return testing::rounded(format, row);
  });
}

Implementation always(Kind kind) {
  return unlucky([kind](const impls::Row&) { return Accident(kind, "as it must"); });
}

const Unit unit{impls::Map::softmax, impls::f32, "normal", 3, 8};

TEST(Accidents, AreCountedAndReportedOnce) {
  int calls = 0;
  const Implementation target = unlucky([&](const impls::Row&) {
    return ++calls % 2 ? std::optional(Accident(Kind::crashed, "bang", 1)) : std::nullopt;
  });
  const auto records = measure(unit, {&target}, 1);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].rows, 8U);
  EXPECT_EQ(records[0].outcomes.at("crashed"), 12U);
  ASSERT_EQ(records[0].findings.size(), 1U);
  const auto& finding = records[0].findings[0];
  EXPECT_EQ(finding.law, "crashed");
  EXPECT_EQ(finding.got, "bang");
  EXPECT_EQ(finding.element, 1U);
  EXPECT_EQ(records[0].witnesses.at("crashed"), finding.case_id + "#1");
}

TEST(Accidents, OfOneDoNotHideTheOthers) {
  const Implementation bad = always(Kind::trespassed), good = testing::answering("good", testing::rounded);
  const auto records = measure(unit, {&bad, &good}, 1);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].outcomes.at("trespassed"), 24U);
  EXPECT_EQ(records[1].correctly_rounded, 1);
}

TEST(Accidents, OfOneThatIsGivenUpLeaveNoRecord) {
  const Implementation given_up = always(Kind::given_up), good = testing::answering("good", testing::rounded);
  const auto records = measure(unit, {&given_up, &good}, 1);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].target, "good");
}

TEST(Accidents, EndAHuntThatHasNobodyLeftToAsk) {
  const Implementation target = always(Kind::given_up);
  EXPECT_EQ(hunt(target, impls::f32, 4, 3600, 1, {}).rows, 0U);
  const Implementation crashing = always(Kind::crashed);
  const auto record = hunt(crashing, impls::f32, 4, 0.001, 1, {});
  EXPECT_GT(record.outcomes.at("crashed"), 0U);
  EXPECT_EQ(record.findings.at(0).law, "crashed");
}

/// A batch with an accident is left out, its first row that has it alone is named, and the others are asked.
TEST(Accidents, LeaveAnEnumerationUnproved) {
  Implementation target = testing::answering("zero", [](const impls::Format&, const impls::Row& row) {
    if (row.x[0] == 1) throw Accident(Kind::crashed, "bang");
    return testing::Row(row.x.size(), 0 * (row.x[0] + row.x[1]));  // a NaN shows
  });
  target.formats = {impls::f8e4m3};
  const auto record = enumerate(target, {impls::Map::softmax, impls::f8e4m3, std::string(every_row), 2, 65536}, {}, {});
  ASSERT_TRUE(record);
  EXPECT_EQ(record->outcomes.at("crashed"), 2U);
  EXPECT_EQ(record->findings.at(0).law, "crashed");
  EXPECT_EQ(record->findings[0].case_id, "softmax:f8e4m3:row=0x1p+0,0x0p+0");
  EXPECT_EQ(record->rows, 65536U - 4096U + 1);
  EXPECT_FALSE(record->proved_by_enumeration);
}

TEST(Accidents, AreWhatAReplayShows) {
  const auto shown = replay(always(Kind::timed_out), reference::rebuild("softmax:f32:row=0x1p+0"), 40);
  EXPECT_FALSE(shown.kept);
  EXPECT_EQ(shown.table, "timed out: as it must\n");
}

TEST(Accidents, HaveNoSpeed) {
  const Implementation target = always(Kind::crashed);
  Implementation later = testing::answering("later", testing::rounded);
  later.stopwatch = [](const impls::Format&, const impls::Timing&) -> impls::Stopwatch {
    return [](std::size_t) -> double { throw Accident(Kind::timed_out, "too late"); };
  };
  const auto records = speed({&target, &later}, {{16}, {}, {impls::f32}, 2, 1e-4}, {});
  ASSERT_EQ(records.size(), 3U);
  for (const auto& record : records) EXPECT_EQ(record.ns_median.has_value(), record.target == "copy");
  EXPECT_EQ(records[1].findings.at(0).law, "timed out");
  EXPECT_EQ(records[2].findings.at(0).law, "crashed");
}

/// Elsewhere, the clock is the stopwatch's: 3 ns an element here.
TEST(Speed, ComesFromTheStopwatchWhereThereIsOne) {
  Implementation target = testing::answering("elsewhere", testing::rounded);
  target.stopwatch = [](const impls::Format&, const impls::Timing& timing) -> impls::Stopwatch {
    const double elements = static_cast<double>(timing.call.shape.outer * timing.call.shape.n);
    return [elements](std::size_t calls) { return 3e-9 * elements * static_cast<double>(calls); };
  };
  const auto records = speed({&target}, {{16}, {64}, {impls::f32}, 3, 1e-4}, {});
  for (const auto& record : records)
    if (record.target == "elsewhere") {
      EXPECT_NEAR(record.ns_median.value(), 3, 1e-6);
    }
}

TEST(Unwritten, IsOneFindingAndNoBrokenClaim) {
  Implementation target = testing::answering("forgetful", [](const impls::Format& format, const impls::Row& row) {
    auto answer = testing::rounded(format, row);
    answer.back().reset();
    return answer;
  });
  testing::claim(target, 8);
  const auto records = measure(unit, {&target}, 1);
  ASSERT_FALSE(records.at(0).findings.empty());
  for (const auto& finding : records[0].findings) EXPECT_EQ(finding.law, "output written, input kept");
}

std::string likeness_of(const Implementation& target) {
  Likeness likeness(target);
  for (const std::size_t n : {3, 1000})
    for (const char* family : {"normal", "wide", "negative"})
      measure({impls::Map::softmax, impls::f32, family, n, 16}, {&target}, 1, likeness.seen());
  return likeness.in_words();
}

TEST(Likeness, NamesTheStrongestBoundThatWasKept) {
  EXPECT_EQ(likeness_of(testing::answering("rounded", testing::rounded)), "is correctly rounded on all 96 rows asked");
  EXPECT_TRUE(likeness_of(*impls::find("stable")).starts_with("behaves like stable: kept its bound"));
  EXPECT_TRUE(likeness_of(*impls::find("log_sum_exp")).starts_with("behaves like log_sum_exp: kept its bound"));
  const Implementation zero = testing::answering(
      "zero", [](const impls::Format&, const impls::Row& row) { return testing::Row(row.x.size(), 0.0); });
  EXPECT_EQ(likeness_of(zero), "behaves like no other of its map: it kept the bound of none on every row");
  EXPECT_EQ(likeness_of(always(Kind::crashed)), "behaves like nothing: it answered no row");
}

}  // namespace
}  // namespace audit::bench
