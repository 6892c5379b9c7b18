// Which calls are asked, and on what row a defect is shown. What the search finds is shown by the mutants.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "properties/check.hpp"
#include "properties/finding_text.hpp"

namespace audit::properties {
namespace {

using impls::f32;

/// A softmax in double that calls `spoil(shape, row, y)` on each of its results, a row of n floats.
template <class Spoil>
impls::Implementation softmax_that(Spoil spoil) {
  impls::Implementation target;
  target.name = "spoilt";
  target.formats = {f32};
  target.prepare = [spoil](const impls::Format&, const impls::Shape& shape) -> impls::Kernel {
    return [spoil, shape](const impls::Call& call) {
      for (std::size_t row = 0; row < shape.outer; ++row) {
        const float* x = static_cast<const float*>(call.x) + row * shape.n;
        float* y = static_cast<float*>(call.y) + row * shape.n;
        double top = -INFINITY, sum = 0;
        for (std::size_t j = 0; j < shape.n; ++j) top = std::isnan(x[j]) || x[j] > top ? x[j] : top;
        const auto exponential = [&](std::size_t j) { return std::exp((x[j] - top) / call.temperature); };
        for (std::size_t j = 0; j < shape.n; ++j) sum += exponential(j);
        for (std::size_t j = 0; j < shape.n; ++j) y[j] = static_cast<float>(exponential(j) / sum);
        spoil(shape, row, y);
      }
      return 0;
    };
  };
  return target;
}

TEST(TryWidths, AsksEveryWidthInTwoRowsAndEveryNumberOfRows) {
  std::set<std::size_t> widths, counts;
  const auto note = [&](const impls::Shape& shape, std::size_t, const float*) {
    if (shape.outer > 1) widths.insert(shape.n);
    if (shape.n == 1 || shape.n == 8) counts.insert(shape.outer);
  };
  const auto record = try_widths(softmax_that(note), f32);
  EXPECT_TRUE(record.findings.empty());
  for (std::size_t n = 1; n <= 130; ++n) EXPECT_TRUE(widths.contains(n)) << n;
  for (std::size_t n = 513; n <= 1023; n += 2) EXPECT_TRUE(widths.contains(n)) << n;
  for (std::size_t power = 1; power <= 4096; power *= 2)
    for (const std::size_t n : {power - 1, power, power + 1}) EXPECT_TRUE(n == 0 || widths.contains(n)) << n;
  for (const std::size_t n : {1536, 3072, 32769, 65537}) EXPECT_TRUE(widths.contains(n)) << n;
  for (std::size_t n = 144; n <= 1024; n += 16) EXPECT_TRUE(widths.contains(n)) << n;
  // Of every remainder by 8, also between powers of two.
  for (const std::size_t low : {130, 257, 1025, 2049})
    for (std::size_t remainder = 0; remainder < 8; ++remainder)
      EXPECT_TRUE(std::ranges::any_of(
          widths, [&](std::size_t n) { return low < n && n < 2 * (low - 2) && n % 8 == remainder; }))
          << low << " " << remainder;
  for (std::size_t rows = 1; rows <= 17; ++rows) EXPECT_TRUE(counts.contains(rows)) << rows;
  for (const std::size_t rows : {31, 32, 33, 63, 64, 65, 255, 256, 257, 1000}) EXPECT_TRUE(counts.contains(rows));
}

struct Defect {
  const char* name;
  bool (*hits)(const impls::Shape& shape, std::size_t row);
  const char* law;
  const char* case_id;
  const char* got;  ///< how its words end
};

class Shown : public testing::TestWithParam<Defect> {};

/// A mass of 0 in the first lane where the defect hits.
TEST_P(Shown, OnTheSmallestRow) {
  const auto& [name, hits, law, case_id, got] = GetParam();
  const auto target = softmax_that([hits = hits](const impls::Shape& shape, std::size_t row, float* y) {
    if (hits(shape, row)) y[0] = 0;
  });
  const auto record = try_widths(target, f32);
  ASSERT_EQ(record.findings.size(), 1U);
  EXPECT_EQ(record.findings[0].law, law) << in_words(record.findings[0], name);
  EXPECT_EQ(record.findings[0].case_id, case_id);
  EXPECT_TRUE(record.findings[0].got.ends_with(got)) << record.findings[0].got;
}

INSTANTIATE_TEST_SUITE_P(
    TryWidths, Shown,
    testing::Values(Defect{"width_7", [](const impls::Shape& s, std::size_t) { return s.n == 7; }, "error within claim",
                           "softmax:f32:row=7@0x0p+0", "0x0p+0"},
                    Defect{"odd_widths", [](const impls::Shape& s, std::size_t) { return s.n > 600 && s.n % 2 == 1; },
                           "error within claim", "softmax:f32:row=601@0x0p+0", "0x0p+0"},
                    Defect{"even_widths", [](const impls::Shape& s, std::size_t) { return s.n > 600 && s.n % 2 == 0; },
                           "error within claim", "softmax:f32:row=602@0x0p+0", "0x0p+0"},
                    Defect{"from_1500", [](const impls::Shape& s, std::size_t) { return s.n >= 1500; },
                           "error within claim", "softmax:f32:row=1500@0x0p+0", "0x0p+0"},
                    Defect{"second_row", [](const impls::Shape& s, std::size_t row) { return s.n > 40 && row == 1; },
                           "batch", "softmax:f32:row=41@0x0p+0", "as row 1 of 2"},
                    Defect{"row_8", [](const impls::Shape&, std::size_t row) { return row == 7; }, "batch",
                           "softmax:f32:row=0x0p+0", "as row 7 of 8"},
                    Defect{"rows_1000",
                           [](const impls::Shape& s, std::size_t row) { return s.outer == 1000 && row == 998; },
                           "batch", "softmax:f32:row=0x0p+0", "as row 998 of 1000"}),
    [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace audit::properties
