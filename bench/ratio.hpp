#pragma once

#include <vector>

namespace audit::bench {

/// An estimate and its confidence interval.
struct Interval {
  double estimate;
  double low;
  double high;
};

/// The middle one of these values, which are one at least, or the mean of the two in the middle.
double median(std::vector<double> values);

/// Where a distribution that is symmetric about a centre, and nothing more is assumed of it, has that centre, from
/// independent draws: the median of the means of all pairs (Hodges & Lehmann 1963), between the two of those means that
/// Wilcoxon's signed-rank test leaves, with its exact distribution. Infinite where there are too few draws for the
/// confidence. Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, 3rd ed., section 3.1 to 3.3.
Interval centre(const std::vector<double>& draws, double confidence);

/// Seconds of two that were timed in one round, in turn.
struct Round {
  double one;
  double other;
};

/// How many times as long the one takes as the other, from the rounds of several instances: the centre of the medians
/// of log(one ÷ other). What slows both in a round is not in its quotient, and the median of an instance is deaf to the
/// rounds that something disturbed. Rounds of an instance share its placement in memory, so only instances are
/// independent draws: the highest level of the experiment decides (Kalibera & Jones, Quantifying Performance Changes
/// with Effect Size Confidence Intervals, arXiv:2007.10899).
Interval ratio(const std::vector<std::vector<Round>>& instances, double confidence);

}  // namespace audit::bench
