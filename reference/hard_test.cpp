// The hard rows of reference/hard. They were found by Hard.DISABLED_Search:
//   reference_test --gtest_filter=Hard.DISABLED_Search --gtest_also_run_disabled_tests

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "reference/hard_search.hpp"
#include "reference/oracle.hpp"
#include "reference/second_arithmetic.hpp"

namespace audit::reference {
namespace {

using impls::f16;
using impls::f32;
using impls::f64;
using impls::Format;
using impls::Map;
using testing::Real;

constexpr std::array asked{Map::softmax, Map::log_softmax, Map::logsumexp};
constexpr std::size_t count = 20;

std::string path(Map map, const Format& format) {
  return fmt::format("{}/{}_{}.txt", HARD_ROWS, impls::traits(map).name, format.name);
}

/// Half of them where d is large enough for nothing but chance to bring an element near a boundary: 1/2 + d/4 is one of
/// softmax for many a small d, and only d³/48 away.
std::vector<HardRow> search(Map map, const Format& format) {
  if (format == f64) return hard_pairs(map, format, count, 1 << 16, 1);
  auto found = hardest_pairs(map, format, std::ldexp(1.0, -format.precision), count / 2);
  const auto by_chance = hardest_pairs(map, format, std::ldexp(1.0, -format.precision / 3), count);
  const auto known = [&](const HardRow& row) {
    return std::ranges::any_of(found, [&](const HardRow& other) { return hard_line(other) == hard_line(row); });
  };
  for (const HardRow& row : by_chance)
    if (found.size() < count && !known(row)) found.push_back(row);
  return found;
}

const char* how(const Format& format) {
  return format == f64
             ? "the hardest of 2^16 rows in each of 20 binades of d, moved to a boundary by a Newton step"
             : "the 10 hardest of all d from 2^-p to p log 2, and of those from 2^floor(-p/3), by enumeration";
}

TEST(Hard, DISABLED_Search) {
  for (const Map map : asked)
    for (const Format& format : {f16, f32, f64}) {
      std::FILE* file = std::fopen(path(map, format).c_str(), "w");
      ASSERT_NE(file, nullptr);
      fmt::print(file,
                 "# CASE ELEMENT BITS: the element needs that many significant bits to tell it from a boundary.\n");
      fmt::print(file, "# Found by softmax-audit (reference/hard_search.cpp), 2026: {}.\n", how(format));
      for (const HardRow& hard : search(map, format)) fmt::print(file, "{}\n", hard_line(hard));
      std::fclose(file);
    }
}

/// From the nearest number of the format or middle of two, in ulps, by the second arithmetic.
double distance(const Format& format, const Real& y) {
  const int exponent = impls::ulp_exponent(format, static_cast<double>(y));
  const Real halves = ldexp(y, 1 - exponent);
  return static_cast<double>(Real(abs(halves - round(halves)) / 2));
}

TEST(Hard, RowsAreCertifiedAndAsHardAsTheyAreSaidToBe) {
  for (const Map map : asked)
    for (const Format& format : {f16, f32, f64}) {
      const auto lines = read_hard_rows(path(map, format));
      ASSERT_EQ(lines.size(), count) << path(map, format);
      for (const HardLine& line : lines) {
        const std::string what = id(line.question);
        ASSERT_TRUE(line.question.map == map && line.question.format == format) << what;
        const Exact exact = certify(map, format, line.question.row);
        const auto real = testing::textbook(map, line.question.row);
        for (std::size_t j = 0; j < real.size(); ++j) testing::expect_same(format, exact.element(j), real[j], what);
        ASSERT_EQ(bits_needed(format, distance(format, real.at(line.element))), line.bits) << what;
      }
    }
}

// What is enumerated is found again, all of it.
TEST(Hard, TheSearchFindsTheSameRowsAgain) {
  for (const Map map : asked) {
    const auto lines = read_hard_rows(path(map, f16));
    const auto found = search(map, f16);
    ASSERT_EQ(found.size(), lines.size());
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(id(found[i].question), id(lines[i].question));
      EXPECT_EQ(found[i].element, lines[i].element);
    }
  }
}

TEST(Hard, MoreTriesFindHarderRowsAndSmallDAreHarder) {
  const auto few = hard_pairs(Map::softmax, f64, 2, 20, 7), many = hard_pairs(Map::softmax, f64, 2, 200, 7);
  EXPECT_LT(many.front().distance, few.front().distance * 1.0000001);
  EXPECT_LT(hard_pairs(Map::logsumexp, f64, 11, 20, 7).front().distance, 0x1p-20);
}

}  // namespace
}  // namespace audit::reference
