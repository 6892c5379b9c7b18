#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "impls/catalogue.hpp"
#include "reports/record.hpp"

namespace audit::bench {

/// What to time: calls of about half an L2 cache of rows, of these lengths. In cache, a call finds its data where the
/// last one left it; out of cache, it goes on through a memory of four times the last cache, shared by all that is
/// timed, so that it only meets what was touched longest ago.
struct SpeedPlan {
  std::vector<std::size_t> in_cache;
  std::vector<std::size_t> out_of_cache;
  std::vector<impls::Format> formats;
  int repetitions = 5;    ///< of every benchmark, those of a size interleaved at random
  double seconds = 0.02;  ///< least time of one repetition
  bool oracle = false;    ///< in cache, also the suite's own oracle ("oracle") beside plain MPFR ("mpfr_128")
};

/// Times every target of a map of logits, and noise, that gives an answer within its claim on the very data to be timed
/// (a wrong answer has no speed: such a target gets a record with a finding and no times), interleaved in one run with
/// a copy of the same bytes (target and map "copy"), the roofline. One run for each format × n × in/out of cache, on
/// this thread. Times are of the process on its processors, so that what else the machine does is left out. One record
/// for each target in each run; of a run that `stop` cut short, none. Google Benchmark's state is the process's: not
/// for two threads at once.
std::vector<reports::Record> speed(const std::vector<const impls::Implementation*>& targets, const SpeedPlan& plan,
                                   const std::function<void(std::size_t done, std::size_t total)>& progress,
                                   const std::stop_token& stop = {});

}  // namespace audit::bench
