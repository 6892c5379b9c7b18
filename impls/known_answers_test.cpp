#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "impls/catalogue.hpp"
#include "impls/every_kernel.hpp"

// Rows with an answer that is known, by name.

namespace audit::impls {
namespace {

constexpr double inf = INFINITY;

std::vector<double> values(const char* name, const Format& format, const Row& row) {
  return ask(*find(name), format, row).y;
}

using testing::row_for;

bool is_nan(double v) { return std::isnan(v); }

// numerics: Blanchard, Higham & Higham 2021, section 1; 25 digits from MPFR.
TEST(KnownAnswers, SoftmaxOfThreeNeighbours) {
  const std::vector<double> want{0.09003057317038045799, 0.24472847105479764247, 0.66524095577482189953};
  for (const char* name : {"stable", "stable_fastmath", "online", "log_sum_exp", "two_pass", "pairwise", "compensated",
                           "temperature_first", "gumbel_softmax"}) {
    for (const std::vector<double>& x : {std::vector<double>{1000, 1001, 1002}, {0, 1, 2}}) {
      const std::vector<double> got = values(name, f64, row_for(*find(name), x));
      for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(got[j], want[j], 1e-12) << name;
    }
  }
}

TEST(KnownAnswers, NaiveOverflowsOutsideItsDomain) {
  const Row row{{1000, 1001, 1002}, 1, {}};
  EXPECT_TRUE(std::ranges::all_of(values("naive", f64, row), is_nan));
  EXPECT_FALSE(in_domain(find("naive")->claim, row, f64));
  EXPECT_DOUBLE_EQ(values("naive", f64, {{0, 1, 2}, 1, {}})[2], 0.66524095577482189953);
}

// SciPy before 1.15 gave 0.
TEST(KnownAnswers, LogsumexpOfADominatedSum) {
  EXPECT_EQ(values("logsumexp_log1p", f64, {{0, -40}, 1, {}})[0], 4.248354255291589e-18);
  EXPECT_EQ(values("logsumexp_log1p", f64, {{-7.5}, 1, {}})[0], -7.5);
}

TEST(KnownAnswers, LogSoftmaxOfADeepRow) {
  const std::vector<double> y = values("log_softmax_log1p", f32, {{0, -200}, 1, {}});
  EXPECT_EQ(y[0], 0);
  EXPECT_EQ(y[1], -200);
  EXPECT_EQ(values("log_softmax_log1p", f32, {{1e8, 1e8}, 1, {}})[0], static_cast<double>(-std::log(2.0F)));
}

TEST(KnownAnswers, SparsemaxOfTwoEqualMaxima) {
  const std::vector<double> want{0.5, 0.5, 0};
  for (const char* name : {"sparsemax_sort", "sparsemax_condat"}) {
    EXPECT_EQ(values(name, f64, {{0.5, 0.5, -1}, 1, {}}), want);
    EXPECT_EQ(values(name, f64, {{1e8 + 0.5, 1e8 + 0.5, 1e8 - 1}, 1, {}}), want);
    // An entry exactly on the threshold is outside: tau = 0 of [1, 0].
    EXPECT_EQ(values(name, f32, {{1, 0}, 1, {}}), (std::vector<double>{1, 0}));
    EXPECT_EQ(values(name, f32, {{0.25, 0, -1}, 1, {}}), (std::vector<double>{0.625, 0.375, 0}));
  }
}

// mpmath 1.3, 60 digits, the threshold by 220 halvings; and by hand: (0.75, 0.5, 0.25 …)/2 - 0 are roots of 49, 9, 4, 1
// and 1 of 64.
TEST(KnownAnswers, EntmaxOfOrder15) {
  const std::vector<double> x{0.3, 0.2, -1, -2.5},
      want{0.5320669610288011436433565, 0.4616240408083437696655533, 0.006308998162855086691090246, 0};
  for (const char* name : {"entmax15_sort", "entmax15_bisect"}) {
    const std::vector<double> got = values(name, f64, {x, 1, {}});
    for (std::size_t j = 0; j < 4; ++j) EXPECT_NEAR(got[j], want[j], 1e-15) << name;
    const std::vector<double> rational = values(name, f32, {{1.75, 0.75, 0.5, 0.25, 0.25, -inf}, 1, {}});
    for (std::size_t j = 0; j < 6; ++j)
      EXPECT_NEAR(rational[j], std::vector<double>({49, 9, 4, 1, 1, 0})[j] / 64, 1e-6) << name;
    EXPECT_EQ(values(name, f32, {{1e8, 1e8, 1e8, 1e8}, 1, {}}), std::vector<double>(4, 0.25)) << name;
    EXPECT_EQ(values(name, f64, {{2, 0}, 1, {}}), (std::vector<double>{1, 0}))
        << "an entry at the threshold is outside";
  }
}

// sparsemax [0.5, 0, -0.5] = 0.75, 0.25, 0; the mean of 3 and 1 is 2.
TEST(KnownAnswers, GradientOfSparsemax) {
  const Row row{{0.5, 0, -0.5, -inf}, 1, {3, 1, 7, 9}};
  EXPECT_EQ(values("sparsemax_vjp", f64, row), (std::vector<double>{1, -1, 0, 0}));
}

// mpmath 1.3, 60 digits; softmax - 1 has none of them.
TEST(KnownAnswers, GradientOfALossKeepsItsDigitsAtTheTarget) {
  const std::vector<double> got = values("cross_entropy_vjp", f64, {.x = {0, -40}, .target = {0}});
  EXPECT_EQ(got[0], -4.248354255291588977280721e-18);
  EXPECT_EQ(got[1], 4.248354255291588977280721e-18);
  EXPECT_EQ(values("cross_entropy_vjp", f64, {.x = {3, 3, -inf, 3, 3}, .target = {1}}),
            (std::vector<double>{0.25, -0.75, 0, 0.25, 0.25}));
}

// A row well classified: what a naive composition loses.
TEST(KnownAnswers, CrossEntropyOfASureClass) {
  const Row sure{.x = {0, -40}, .target = {0}}, masked{.x = {0, -inf}, .target = {1}};
  EXPECT_EQ(values("cross_entropy_log1p", f64, sure)[0], 4.248354255291589e-18);
  EXPECT_EQ(values("nll_of_softmax", f64, sure)[0], 0);
  for (const char* name : {"cross_entropy_log1p", "nll_of_softmax"}) EXPECT_EQ(values(name, f32, masked)[0], inf);
}

// The sum of 2^12 ones stops at 2^11 in f16, at 2^8 in bf16.
TEST(KnownAnswers, SumIn16BitsStops) {
  const Row ones{std::vector<double>(4096, 1.0), 1, {}};
  EXPECT_EQ(values("sum_16bit", f16, ones)[0], 0x1p-11);
  EXPECT_EQ(values("sum_16bit", bf16, ones)[0], 0x1p-8);
}

// softmax [0, log 3] = 1/4, 3/4; the gradient of its second element is -3/16, 3/16, of its logarithm -1/4, 1/4.
TEST(KnownAnswers, GradientsOfTwoEntries) {
  const Row second{{0, std::log(3.0), -inf}, 1, {0, 1, 9}};
  const std::vector<double> of_softmax = values("softmax_vjp", f64, second),
                            of_log = values("log_softmax_vjp", f64, second);
  EXPECT_NEAR(of_softmax[0], -3.0 / 16, 1e-15);
  EXPECT_NEAR(of_softmax[1], 3.0 / 16, 1e-15);
  EXPECT_NEAR(of_log[0], -0.25, 1e-15);
  EXPECT_NEAR(of_log[1], 0.25, 1e-15);
  EXPECT_EQ(of_softmax[2], 0);
  EXPECT_EQ(of_log[2], 0);
}

TEST(KnownAnswers, HierarchicalSoftmaxOfSureAndEvenChoices) {
  EXPECT_EQ(values("hierarchical_softmax", f32, {{0, inf, -inf}, 1}), (std::vector<double>{0, 0.5, 0.5, 0}));
  const Row chain{.x = {0, 0}, .tree = {1, -2, -3, -1}};
  EXPECT_EQ(values("hierarchical_softmax", f32, chain), (std::vector<double>{0.25, 0.5, 0.25}));
}

TEST(KnownAnswers, GumbelIsTheSoftmaxOfTheSums) {
  const std::vector<double> noisy = values("gumbel_softmax", f64, {{1, 2, 3}, 0.5, {2, 0, -2}});
  EXPECT_EQ(noisy, values("stable", f64, {{3, 2, 1}, 0.5, {}}));
  EXPECT_EQ(noisy, values("stable", f64, {{6, 4, 2}, 1, {}}));
}

}  // namespace
}  // namespace audit::impls
