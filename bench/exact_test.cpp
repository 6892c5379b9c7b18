#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <sstream>

#include "impls/catalogue.hpp"
#include "reference/cases.hpp"
#include "reference/families.hpp"
#include "reference/hard_search.hpp"
#include "reference/oracle.hpp"

// `exact` is correctly rounded, element by element, by every SIMD target, on what the families and the hard rows have
// to offer. The oracle is asked with the target that this machine would choose.

namespace audit::bench {
namespace {

using impls::Format;
using impls::Map;
using reference::Case;

void choose(std::int64_t target) {
  hwy::SetSupportedTargetsForTest(target);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

class Exact : public ::testing::Test {
 protected:
  const impls::Implementation* exact = impls::find("exact");
  std::size_t elements = 0;

  void SetUp() override {
    ASSERT_NE(exact, nullptr);
    if (!exact->prepare) GTEST_SKIP() << exact->absent;
  }
  void TearDown() override { choose(0); }

  /// Fails where an answer is not RN(y), by any target, in place too.
  void hold(const Case& c) {
    choose(0);
    const reference::Exact want = reference::certify(c.map, c.format, c.row);
    ASSERT_EQ(want.special, reference::Special::none) << reference::id(c);
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
      choose(target);
      impls::Layout layout = impls::contiguous(c.map, 1, want.size());
      for (const bool in_place : {false, true}) {
        layout.in_place = in_place;
        const impls::Answers got = impls::ask(*exact, c.format, {c.row}, layout);
        ASSERT_EQ(got.status, 0);
        for (std::size_t j = 0; j < want.size(); ++j, ++elements) {
          const double y = got.row(0).y[j];
          ASSERT_EQ(std::bit_cast<std::uint64_t>(y), std::bit_cast<std::uint64_t>(want.rounded[j]))
              << hwy::TargetName(target) << ' ' << reference::id(c) << '#' << j << ": " << y << ", " << want.rounded[j];
        }
      }
    }
  }
};

TEST_F(Exact, IsTheOracleOnEveryFamily) {
  for (const Format& format : exact->formats)
    for (const reference::Family& family : reference::families())
      for (const std::size_t n : {1, 2, 3, 8, 17, 100, 300}) {
        if (family.fixed_n != 0 && (n > 1 || family.fixed_n > 2000)) continue;
        hold(reference::draw(Map::softmax, format, family.name, family.fixed_n ? family.fixed_n : n, 6, n));
        if (HasFatalFailure()) return;
      }
  EXPECT_GT(elements, 100000U);
}

// Which enclosures of up to 120 bits leave open.
TEST_F(Exact, IsTheOracleOnTheHardestPairs) {
  for (const Format& format : exact->formats) {
    const std::string path = std::string(HARD_ROWS) + "/softmax_" + std::string(format.name) + ".txt";
    if (!std::ifstream(path)) continue;
    for (const reference::HardLine& line : reference::read_hard_rows(path)) {
      hold(line.question);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GT(elements, 100U);
}

// A temperature of any size: the quotients (x - max)/τ are not exact.
TEST_F(Exact, IsTheOracleAtEveryTemperature) {
  for (const Format& format : exact->formats)
    for (std::uint64_t index = 0; index < 300; ++index) {
      impls::Row row =
          reference::draw(Map::softmax, format, index % 2 ? "wide" : "normal", 1 + index % 40, 7, index).row;
      const double decades = format == impls::f64 ? 300 : format == impls::f16 ? 4 : 37;
      const double spread = index % 3 == 0 ? decades : 1;
      const double temperature = std::pow(10.0, spread * std::sin(static_cast<double>(index)));
      row.temperature = std::max(impls::round_to(format, temperature), impls::smallest_subnormal(format));
      hold(reference::spelled_out(Map::softmax, format, row));
      if (HasFatalFailure()) return;
    }
}

// Differences that overflow, quotients that do not; logits and temperatures that are subnormal.
TEST_F(Exact, IsTheOracleOnAwkwardRows) {
  for (const Format& format : exact->formats) {
    const double most = impls::largest_finite(format), least = impls::smallest_subnormal(format);
    const double tenth = impls::round_to(format, most / 10), hundredth = impls::round_to(format, most / 100);
    const std::vector<std::vector<double>> rows{
        {most, -most, tenth, 0},
        {most, most, -most},
        {-most, -tenth, -hundredth, -most},
        {least, 0, 3 * least, -7 * least},
        {1, least, -least, 0.5},
        {most, least, 5 * least, -INFINITY},
        {20, least, 19.75, -most, 3 * least, -50, -88, -95, -103, -104, -16, -17}};
    for (const std::vector<double>& x : rows)
      for (const double temperature : {1.0, 0.5, 3.0, most, tenth, hundredth, impls::round_to(format, most / 700),
                                       least, 3 * least, impls::smallest_normal(format)}) {
        hold(reference::spelled_out(Map::softmax, format, {.x = x, .temperature = temperature}));
        if (HasFatalFailure()) return;
      }
  }
}

}  // namespace
}  // namespace audit::bench
