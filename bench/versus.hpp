#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "bench/contestants.hpp"

namespace audit::bench {

/// A target, and the one that it is compared with: of one map.
struct Pair {
  const impls::Implementation* target;
  const impls::Implementation* other;
};

/// How a target is compared with another. An instance prepares the target twice and the other once, anew, on one core,
/// each instance on the next: kernels, arrays, and, of foreign targets, processes. A round of an instance times each of
/// the three for `seconds`, in a random order and then in the opposite one, so that a steady drift is in all of them
/// alike. After looks[0] instances it is looked whether the intervals say anything, and if not, after looks[1] … again,
/// and with the last look it ends; each look has its share of the 5 %, so that all of them together have 95 %
/// (Bonferroni).
///
/// Measured on two cores at load averages of 10 to 19.5, 86 cells (.ci/versus): intervals are 0.7 to 3.4 % wide, half
/// of them less than 1.3 %. Without a difference, controls included, none reached beyond 1.9 %, of 5 % none began below
/// 2.9 %: the threshold lies between the two. Where processes chose their core, the medians of instances of one
/// function scattered by 5 to 9 %; on one core by 1 % at most.
struct VersusPlan {
  std::vector<Cell> cells;
  double threshold = 0.02;
  double seconds = 0.002;
  int rounds = 20;
  std::vector<std::size_t> looks{12, 24, 48};
};

/// Times each pair in every cell whose format both offer, once both have answered rightly there, as speed() does:
/// processor time, of calls on the same data. Gives the record of the target with its comparison, and that of the other
/// one. The comparison has a ratio only where the control, the target against its own second instance, says "no
/// difference" by the same rule. A record with a finding has none, and nor have those of a pair that `stop` cut short.
std::vector<reports::Record> versus(const std::vector<Pair>& pairs, const VersusPlan& plan,
                                    const std::function<void(std::size_t done, std::size_t total)>& progress,
                                    const std::stop_token& stop = {});

}  // namespace audit::bench
