#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "impls/bounds.hpp"
#include "impls/cross_entropy/loss.hpp"
#include "impls/hostile_rows.hpp"
#include "impls/true_answers.hpp"

namespace audit::impls {
namespace {

/// A batch of rows of one length, beside the truth about its mean and the bound that is claimed for it.
template <class T>
struct Batch {
  std::size_t n = 0;
  std::vector<T> logits;
  std::vector<std::int64_t> targets;
  long double truth = 0, bound = 0;

  void add(const Format& format, const Row& row) {
    n = row.x.size();
    logits.insert(logits.end(), row.x.begin(), row.x.end());
    targets.push_back(row.target[0]);
    truth += testing::truth(Map::cross_entropy, row)[0];
    bound += shifted_cross_entropy(row, format)[0].absolute;
  }
  void add_ignored() {
    logits.insert(logits.end(), n, T{7});
    targets.push_back(ignored_target);
  }
  /// Divides by the number of rows counted.
  void finish(const Format& format, std::size_t counted) {
    const auto k = static_cast<long double>(counted);
    truth /= k;
    bound = bound / k * (1 + 4 * k * unit_roundoff(format)) + k * unit_roundoff(format) * truth;
  }
};

constexpr std::size_t rows = 3;

template <class T>
double worst_utilisation(const Format& format) {
  testing::HostileRows source(*find_map("cross_entropy"), format, 3);
  double worst = 0;
  for (int batches = 0; batches < 1000;) {
    const Row first = source.next();
    if (std::ranges::count(first.x, -INFINITY) > 0) continue;
    ++batches;
    Batch<T> batch;
    for (std::size_t i = 0; i < rows; ++i) {
      Row row = first;
      std::ranges::rotate(row.x, row.x.begin() + static_cast<std::ptrdiff_t>(i % row.x.size()));
      batch.add(format, row);
      if (i % 2 == 0) batch.add_ignored();
    }
    batch.finish(format, rows);
    const T got = mean_cross_entropy<T>(batch.logits, batch.n, batch.targets);
    if (!std::isfinite(got) || batch.bound == 0) continue;
    EXPECT_LE(std::abs(got - batch.truth), batch.bound * (1 + 0x1p-9L)) << ::testing::PrintToString(first.x);
    worst = std::max(worst, static_cast<double>(std::abs(got - batch.truth) / batch.bound));
  }
  return worst;
}

TEST(MeanCrossEntropy, KeepsItsBoundAndComesNear) {
  EXPECT_GT(worst_utilisation<double>(f64), 0.3);
  EXPECT_GT(worst_utilisation<float>(f32), 0.3);
}

TEST(MeanCrossEntropy, LeavesIgnoredRowsOut) {
  const std::vector<double> logits{0, 0, 1e9, -1e9, 3, 3};
  EXPECT_EQ(mean_cross_entropy<double>(logits, 2, std::vector<std::int64_t>{1, ignored_target, 0}), std::log1p(1.0));
  EXPECT_DOUBLE_EQ(mean_cross_entropy<double>(logits, 2, std::vector<std::int64_t>{0, 1, 0}),
                   (2e9 + 2 * std::log(2.0)) / 3);
}

TEST(MeanCrossEntropy, OfNothingIsNaN) {
  const std::vector<double> logits{0, 1};
  EXPECT_TRUE(std::isnan(mean_cross_entropy<double>(logits, 2, std::vector<std::int64_t>{ignored_target})));
  EXPECT_TRUE(std::isnan(mean_cross_entropy<double>({}, 2, {})));
}

}  // namespace
}  // namespace audit::impls
