#include "bench/ratio.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace audit::bench {
namespace {

/// Of so many draws, the largest rank sum w such that a sum of at most w has no more than this probability; -1 when
/// there is none. Every subset of the ranks 1 … draws is equally likely to be that of the positive draws.
long largest_rank_sum(std::size_t draws, double probability) {
  std::vector<double> subsets(draws * (draws + 1) / 2 + 1, 0);  // by their sum
  subsets[0] = 1;
  for (std::size_t rank = 1; rank <= draws; ++rank)
    for (std::size_t sum = subsets.size() - 1; sum >= rank; --sum) subsets[sum] += subsets[sum - rank];
  const double all = std::ldexp(1.0, static_cast<int>(draws));
  long sum = -1;
  for (double below = 0; below <= probability * all; ++sum) below += subsets[static_cast<std::size_t>(sum + 1)];
  return sum - 1;
}

}  // namespace

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Interval centre(const std::vector<double>& draws, double confidence) {
  std::vector<double> means;
  for (std::size_t i = 0; i < draws.size(); ++i)
    for (std::size_t j = i; j < draws.size(); ++j) means.push_back((draws[i] + draws[j]) / 2);
  std::ranges::sort(means);
  const long left_out = largest_rank_sum(draws.size(), (1 - confidence) / 2) + 1;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (left_out == 0) return {median(means), -infinity, infinity};
  return {median(means), *(means.begin() + left_out - 1), *(means.end() - left_out)};
}

Interval ratio(const std::vector<std::vector<Round>>& instances, double confidence) {
  std::vector<double> medians;
  for (const auto& rounds : instances) {
    std::vector<double> logarithms;
    for (const Round& round : rounds) logarithms.push_back(std::log(round.one / round.other));
    medians.push_back(median(std::move(logarithms)));
  }
  const Interval found = centre(medians, confidence);
  return {std::exp(found.estimate), std::exp(found.low), std::exp(found.high)};
}

}  // namespace audit::bench
