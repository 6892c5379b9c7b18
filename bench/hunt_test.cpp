#include "bench/hunt.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "bench/accuracy.hpp"
#include "bench/mutations.hpp"
#include "bench/testing.hpp"
#include "reference/error.hpp"

namespace audit::bench {
namespace {

using impls::f32;
using impls::Format;
using impls::Implementation;
using impls::Map;
using reports::Record;

constexpr std::uint64_t seed = 3;

/// A hunt that ends by the number of its generations, never by the clock.
Record hunted(const Implementation& target, std::size_t n, int generations, std::uint64_t from = seed) {
  std::stop_source stop;
  int made = 0;
  const auto progress = [&](double, double) {
    if (++made == generations) stop.request_stop();
  };
  return hunt(target, f32, n, 1e9, from, progress, stop.get_token());
}

TEST(Dice, AreAFunctionOfSeedTryAndPlace) {
  Dice dice(1, 7), same(1, 7), seed_apart(2, 7), try_apart(1, 8);
  const std::uint64_t first = dice.bits(), second = dice.bits();
  EXPECT_EQ(first, same.bits());
  EXPECT_NE(first, second);
  EXPECT_NE(first, seed_apart.bits());
  EXPECT_NE(first, try_apart.bits());
}

// From rows at the ends of the format, a thousand changes long.
TEST(Mutations, GiveRowsOfTheFormat) {
  for (const Format& format : impls::formats) {
    const double largest = impls::largest_finite(format), smallest = impls::smallest_subnormal(format);
    impls::Row row{{largest, -largest, smallest, 0, -1, impls::mask(format)}, 1, {}};
    if (format == f32) row.operand = row.x, row.operand.back() = 1;
    bool changed = false;
    for (std::uint64_t attempt = 0; attempt < 1000; ++attempt) {
      Dice dice(seed, attempt);
      impls::Row mutated = row;
      mutate(mutated, attempt % (row.x.size() + row.operand.size()), format, dice);
      changed = changed || mutated != row;
      ASSERT_EQ(mutated.x.size(), row.x.size());
      for (const double x : mutated.x) {
        ASSERT_EQ(impls::round_to(format, x), x) << format.name;
        ASSERT_LT(x, INFINITY);
      }
      for (const double g : mutated.operand) ASSERT_TRUE(std::isfinite(g));
    }
    EXPECT_TRUE(changed);
  }
}

TEST(Hunt, IsAFunctionOfTheSeedAndTheNumberOfTries) {
  Implementation target = testing::answering("t", testing::shifted);
  testing::claim(target, 30);
  const Record record = hunted(target, 5, 12);
  EXPECT_EQ(record, hunted(target, 5, 12));
  EXPECT_NE(record, hunted(target, 5, 12, seed + 1));
  EXPECT_NE(record.rows, hunted(target, 5, 11).rows);
}

TEST(Hunt, FindsWorseThanTheNormalFamily) {
  const Implementation target = testing::answering("t", testing::shifted);
  for (const std::size_t n : {2U, 7U}) {
    const Record normal = measure({Map::softmax, f32, "normal", n, 64}, {&target}, seed).front();
    const Record record = hunted(target, n, 20);
    EXPECT_EQ(record.family, "hunt");
    EXPECT_EQ(record.kind, "accuracy");
    EXPECT_GT(std::abs(*record.max_ulp), 5 * std::abs(*normal.max_ulp)) << n;
  }
}

// The families alone are the first generations: whatever follows must come from changing rows.
TEST(Hunt, ChangesRowsForTheWorse) {
  const Implementation target = testing::answering("t", testing::shifted);
  const Record families = hunted(target, 3, 3), later = hunted(target, 3, 60);
  EXPECT_GT(std::abs(*later.max_ulp), std::abs(*families.max_ulp));
}

TEST(Hunt, TheRecordIsReplayed) {
  Implementation target = testing::answering("t", testing::shifted);
  testing::claim(target, 1e3);
  const Record record = hunted(target, 4, 10);
  const reference::Case question = reference::rebuild(record.max_ulp_case);
  EXPECT_EQ(question.row.x.size(), 4U);
  EXPECT_TRUE(question.family.empty());
  const auto exact = reference::certify(Map::softmax, f32, question.row);
  const impls::Answer answer = impls::ask(target, f32, question.row);
  const auto error =
      reference::measure(f32, answer.y[record.max_ulp_element], true, exact.element(record.max_ulp_element));
  EXPECT_EQ(error.ulp, record.max_ulp);
  EXPECT_LE(record.bound_utilisation.value(), 1);
  EXPECT_TRUE(record.findings.empty());
}

TEST(Hunt, NeverLeavesTheDomain) {
  const auto inside = [](const impls::Row& row, const Format&) { return row.x[0] > 0 && row.x[0] < 20; };
  std::atomic<bool> left = false;
  Implementation target = testing::answering("t", [&](const Format& format, const impls::Row& row) {
    if (!inside(row, format)) left = true;
    return testing::shifted(format, row);
  });
  testing::claim(target, 1, inside);
  const Record record = hunted(target, 3, 30);
  EXPECT_FALSE(left);
  EXPECT_GT(record.rows, 0U);
  EXPECT_EQ(record.rows, record.rows_in_domain);
  EXPECT_TRUE(inside(reference::rebuild(record.max_ulp_case).row, f32));
  ASSERT_FALSE(record.findings.empty());
  EXPECT_TRUE(inside(reference::rebuild(record.findings.front().case_id).row, f32));
}

TEST(Hunt, EndsByTheClock) {
  const Implementation target = testing::answering("t", testing::shifted);
  double last = 0;
  const Record record = hunt(target, f32, 2, 0, seed, [&](double fraction, double) { last = fraction; });
  EXPECT_EQ(last, 1);
  EXPECT_GT(record.rows, 0U);
}

TEST(Hunt, ARowOfNoLengthIsABadCase) {
  const Implementation target = testing::answering("t", testing::shifted);
  EXPECT_THROW(hunt(target, f32, 0, 1, seed, {}), reference::BadCase);
}

}  // namespace
}  // namespace audit::bench
