#include "impls/softmax/fast.hpp"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cmath>
#include <string>
#include <vector>

#include "impls/catalogue.hpp"
#include "impls/every_target.hpp"

// A row is written while the next one is computed, and past the caches in a large call: it must have the bits that it
// has alone. Its claim is in bounds_test.cpp.

namespace audit::impls {
namespace {

/// Rows that differ, with masks where the format has an infinity.
std::vector<Row> waves(const Format& format, std::size_t rows, std::size_t n, double temperature = 1) {
  std::vector<Row> made(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    made[r].temperature = temperature;
    for (std::size_t j = 0; j < n; ++j) {
      const double wave = round_to(format, 4 * std::sin(static_cast<double>(j + 7 * r)));
      const bool masked = format.infinities && j > 0 && (j + r) % 17 == 0;
      made[r].x.push_back(masked ? -INFINITY : wave);
    }
  }
  return made;
}

/// Fails where a row of the call is answered otherwise than alone. `kinds`: how many of the rows differ.
void expect_as_alone(const Format& format, const std::vector<Row>& rows, const Layout& layout, std::size_t kinds) {
  const Implementation& fast = *find("fast");
  const Answers together = ask(fast, format, rows, layout);
  std::vector<std::vector<double>> alone;
  for (std::size_t r = 0; r < kinds; ++r) alone.push_back(ask(fast, format, rows[r]).y);
  for (std::size_t r = 0; r < rows.size(); ++r)
    ASSERT_EQ(together.row(r).y, alone[r % kinds]) << format.name << ", row " << r << " of " << rows[r].x.size();
}

TEST(Fast, RowsOfACallAreAnsweredAsAlone) {
  testing::on_every_target([] {
    for (const Format& format : formats)
      for (const std::size_t n : {1, 3, 16, 63, 64, 65, 130, 1000})
        for (const double temperature : {1.0, 2.0})
          for (const bool in_place : {false, true}) {
            Layout layout = contiguous(Map::softmax, 5, n);
            layout.in_place = in_place;
            expect_as_alone(format, waves(format, 5, n, temperature), layout, 5);
          }
  });
}

// Of what is chosen for this machine: the catalogue is made once.
TEST(InVectors, VersionsNameTheTarget) {
  const std::string target = hwy::TargetName(hwy::SupportedAndGeneratedTargets().front());
  for (const char* name : {"fast", "exact"})
    EXPECT_TRUE(find(name)->version.ends_with(' ' + target)) << find(name)->version;
}

TEST(Fast, LargeCallsAreAnsweredAsSmallOnes) {
  struct Size {
    const Format& format;
    std::size_t n;
  };
  for (const auto& [format, n] : {Size{f32, 1000}, Size{f32, 1024}, Size{bf16, 4096}, Size{f32, kept + 16}}) {
    constexpr std::size_t kinds = 3;
    std::vector<Row> rows = waves(format, kinds, n);
    while (rows.size() * n * format.bytes < streamed_bytes) rows.push_back(rows[rows.size() % kinds]);
    expect_as_alone(format, rows, contiguous(Map::softmax, rows.size(), n), kinds);
  }
}

}  // namespace
}  // namespace audit::impls
