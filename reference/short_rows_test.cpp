#include "reference/short_rows.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "reference/oracle.hpp"

namespace audit::reference {
namespace {

using impls::Format;
using impls::Map;
using impls::Row;

Row row_of(const Format& format, std::span<const std::uint32_t> patterns) {
  Row row;
  for (const std::uint32_t bits : patterns) row.x.push_back(impls::decode(format, bits));
  return row;
}

/// What the comparison with certify() has seen.
struct Seen {
  std::size_t elements = 0;
  std::size_t open = 0;
  std::size_t special = 0;
};

/// Fails where an answer is not that of certify(): RN(y), the side and ulp(y) to the bit, the residual to 2^-20.
Seen compare(const Format& format, std::size_t n, const std::vector<std::uint32_t>& patterns) {
  ShortAnswers answers;
  ShortRows(format).certify(n, patterns, answers);
  Seen seen{.open = answers.open.size()};
  auto open = answers.open.begin();
  for (std::size_t row = 0; row * n < patterns.size(); ++row) {
    const Row question = row_of(format, std::span(patterns).subspan(row * n, n));
    const Exact exact = certify(Map::softmax, format, question);
    for (std::size_t j = 0; j < n; ++j) {
      const std::size_t i = row * n + j;
      if (open != answers.open.end() && *open == i) {
        ++open;
        continue;
      }
      const std::string what = ::testing::PrintToString(question.x) + "#" + std::to_string(j);
      if (exact.special != Special::none) {
        ++seen.special;
        EXPECT_TRUE(std::isnan(answers.rounded[i])) << what;
        continue;
      }
      ++seen.elements;
      const Element got = answers.element(i), want = exact.element(j);
      EXPECT_EQ(got.rounded, want.rounded) << what;
      EXPECT_EQ(got.side, want.side) << what;
      EXPECT_EQ(got.ulp_exponent, want.ulp_exponent) << what;
      EXPECT_EQ(got.units, want.units) << what;
      EXPECT_NEAR(got.residual, want.residual, 0x1p-20) << what;
      if (::testing::Test::HasFailure()) return seen;
    }
  }
  EXPECT_EQ(open, answers.open.end());
  return seen;
}

/// Patterns at random: of any number, of numbers that are near each other, and of small ones.
std::vector<std::uint32_t> drawn(const Format& format, std::size_t n, std::size_t rows) {
  std::mt19937 random(1);
  const std::uint32_t patterns = 1U << (8 * format.bytes);
  std::vector<std::uint32_t> drawn;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint32_t first = static_cast<std::uint32_t>(random()) % patterns;
    for (std::size_t j = 0; j < n; ++j) {
      const std::uint32_t any = static_cast<std::uint32_t>(random()) % patterns;
      const std::uint32_t near = (first + static_cast<std::uint32_t>(random()) % 5) % patterns;
      const double small = static_cast<double>(random()) * 0x1p-32 * 24 - 12;
      drawn.push_back(row % 3 == 0   ? any
                      : row % 3 == 1 ? near
                                     : static_cast<std::uint32_t>(encode(format, round_to(format, small))));
    }
  }
  return drawn;
}

TEST(ShortRows, AreWhatMpfrSays) {
  for (const Format& format : impls::formats) {
    if (format.bytes > 2) continue;
    for (const std::size_t n : {2, 3, 4}) {
      if (n > 2 && format.bytes > 1) continue;
      const Seen seen = compare(format, n, drawn(format, n, 9000));
      EXPECT_GT(seen.elements, 13'000U) << format.name << n;
      EXPECT_GT(seen.special, 0U) << format.name << n;
      EXPECT_LT(seen.open, 20U) << format.name << n;
    }
  }
}

TEST(ShortRows, DifferencesAreWhatMpfrSays) {
  std::vector<std::uint32_t> patterns;
  const auto add = [&](std::uint32_t d) { patterns.insert(patterns.end(), {0, d}); };
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += 0x3FFFF1) add(static_cast<std::uint32_t>(bits));
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    const auto size = static_cast<float>(std::ldexp(1 + static_cast<double>(random()) * 0x1p-32, -27 + i % 36));
    add(std::bit_cast<std::uint32_t>(i % 2 ? size : -size));
  }
  for (const float edge : {0.0F, -0.0F, 0x1p-20F, -0x1p-20F, 0x1.fffffep-21F, 512.0F, 0x1.fffffep8F, HUGE_VALF,
                           -HUGE_VALF, NAN, 103.97F, 16.6355F, -16.6355F})
    add(std::bit_cast<std::uint32_t>(edge));
  const Seen seen = compare(impls::f32, 2, patterns);
  EXPECT_GT(seen.elements, 40'000U);
  EXPECT_LT(seen.open, 5U);
}

TEST(ShortRows, TakeTheAnswersOfMpfr) {
  ShortAnswers answers;
  ShortRows(impls::f16).certify(2, std::vector<std::uint32_t>{0, 0, 0, 0, 0, 0}, answers);
  std::size_t i = 0;
  for (const Row& row : {Row{.x = {0, 3}}, Row{.x = {1, 1}}, Row{.x = {1e4, -1e4}}}) {
    const Exact exact = certify(Map::softmax, impls::f16, row);
    for (std::size_t j = 0; j < 2; ++j, ++i) {
      const Element want = exact.element(j);
      answers.set(i, want);
      const Element got = answers.element(i);
      EXPECT_EQ(got.rounded, want.rounded) << i;
      EXPECT_EQ(got.side, want.side) << i;
      EXPECT_EQ(got.ulp_exponent, want.ulp_exponent) << i;
    }
  }
}

// Equal entries, a large and a small one, nothing but masks: where an answer or the side of it is known exactly.
TEST(ShortRows, KnowWhatIsExact) {
  ShortAnswers answers;
  const auto bits = [](double x) { return static_cast<std::uint32_t>(impls::encode(impls::f16, x)); };
  ShortRows(impls::f16)
      .certify(2,
               std::vector{bits(7), bits(7), bits(0.0), bits(-0.0), bits(-INFINITY), bits(3), bits(65504), bits(-65504),
                           bits(-INFINITY), bits(-INFINITY)},
               answers);
  const std::vector<double> rounded{0.5, 0.5, 0.5, 0.5, 0, 1, 1, 0};
  const std::vector<int> sides{0, 0, 0, 0, 0, 0, 1, -1};
  for (std::size_t i = 0; i < rounded.size(); ++i) {
    EXPECT_EQ(answers.element(i).rounded, rounded[i]) << i;
    EXPECT_EQ(answers.element(i).side, sides[i]) << i;
  }
  EXPECT_TRUE(std::isnan(answers.rounded[8]) && std::isnan(answers.rounded[9]));
  EXPECT_TRUE(answers.open.empty());
}

}  // namespace
}  // namespace audit::reference
