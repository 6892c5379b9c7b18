#include "bench/speed.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/contestants.hpp"
#include "reference/oracle.hpp"
#include "reference/plain_mpfr.hpp"

namespace audit::bench {
namespace {

using impls::Implementation;
using reports::Record;
using Targets = std::vector<const Implementation*>;
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// Takes the repetitions from Google Benchmark: nanoseconds a call, by the name of the benchmark. Prints nothing.
class Collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Iteration && !run.error_occurred)
        times_[run.run_name.function_name].push_back(timed_elsewhere(run) ? run.GetAdjustedRealTime()
                                                                          : run.GetAdjustedCPUTime());
  }
  std::vector<double> times(const std::string& name, int repetitions) {
    if (times_[name].size() != static_cast<std::size_t>(repetitions))
      throw std::runtime_error(fmt::format("{} was timed {} times, not {}", name, times_[name].size(), repetitions));
    return times_[name];
  }

 private:
  static bool timed_elsewhere(const Run& run) { return run.run_name.time_type == "manual_time"; }

  std::map<std::string, std::vector<double>> times_;
};

/// Google Benchmark keeps pointers to its arguments, hence the lifetime.
void interleave_at_random() {
  static char program[] = "softmax-audit", interleaving[] = "--benchmark_enable_random_interleaving=true";
  char* arguments[] = {program, interleaving, nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments);
}

/// One of a kind in a run: several targets may have one name.
std::string name_of(const Contestant& contestant) {
  return fmt::format("{}:{}", contestant.record.target, contestant.record.map);
}

/// One repetition of so many calls.
void repeat(Contestant& contestant, std::size_t calls, benchmark::State& state) try {
  for ([[maybe_unused]] auto iteration : state) {
    if (contestant.elsewhere) {
      state.SetIterationTime(seconds_of(contestant, calls) / static_cast<double>(calls));
    } else {
      contestant.run();
      benchmark::ClobberMemory();
    }
  }
} catch (const impls::Accident& met) {
  contestant.accident = met;
  state.SkipWithError(met.what());
}

/// A fixed number of iterations (one, of all calls, elsewhere): every run of the body is one repetition, which is what
/// progress counts.
void announce(Contestant& contestant, const SpeedPlan& plan, const std::function<void()>& repetition_done,
              const std::stop_token& stop) try {
  const auto calls = calls_in(plan.seconds, contestant);
  const auto body = [&, calls](benchmark::State& state) {
    if (stop.stop_requested()) return state.SkipWithError("stopped");
    repeat(contestant, calls, state);
    repetition_done();
  };
  auto* announced = benchmark::RegisterBenchmark(name_of(contestant).c_str(), body)->Repetitions(plan.repetitions);
  contestant.elsewhere ? announced->Iterations(1)->UseManualTime()
                       : announced->Iterations(static_cast<benchmark::IterationCount>(calls))->MeasureProcessCPUTime();
} catch (const impls::Accident& met) {
  contestant.accident = met;
}

/// Times everything in one interleaved run and fills in the times of the records; false when it was stopped.
bool time(std::vector<Contestant>& contestants, const SpeedPlan& plan, const std::function<void()>& repetition_done,
          const std::stop_token& stop) {
  for (Contestant& contestant : contestants) announce(contestant, plan, repetition_done, stop);
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  benchmark::ClearRegisteredBenchmarks();
  if (stop.stop_requested()) return false;
  for (Contestant& contestant : contestants)
    if (!contestant.accident) take_times(contestant.record, collector.times(name_of(contestant), plan.repetitions));
  return true;
}

/// What is timed in a cell: the copy, and every target that answers rightly. The others go to `records` as they are.
std::vector<Contestant> contestants_of(const Cell& cell, const Targets& targets, Batch& batch,
                                       std::vector<Record>& records) {
  std::vector<Contestant> contestants;
  contestants.push_back({blank(cell, "copy", "copy"), nullptr, [&batch] { batch.copy(); }});
  contestants.front().record.rows = batch.rows();
  Verifier verifier(batch);
  for (const Implementation* target : targets) {
    if (!offers(*target, cell.format)) continue;
    Contestant made = contestant_of(cell, *target, batch, verifier);
    if (made.run)
      contestants.push_back(std::move(made));
    else
      records.push_back(std::move(made.record));
  }
  return contestants;
}

/// The oracle certifying a row of softmax, and plain MPFR computing it (reference/plain_mpfr.hpp).
void add_oracle(const Cell& cell, const Batch& batch, std::vector<Contestant>& contestants) {
  const auto asked = std::make_shared<const reference::Case>(batch.question(impls::Map::softmax, 0));
  const auto add = [&](const char* name, std::function<void()> run) {
    contestants.push_back({blank(cell, name, "softmax"), nullptr, std::move(run)});
    contestants.back().record.rows = 1;
  };
  add("oracle", [asked, exact = reference::Exact()]() mutable {
    reference::certify_into(asked->map, asked->format, asked->row, exact);
  });
  add("mpfr_128", [asked, plain = std::make_shared<reference::PlainMpfr>(cell.n)] { plain->softmax(asked->row.x); });
}

/// Against the copy, which comes first.
void compare(std::vector<Contestant>& contestants) {
  const double copy = *contestants.front().record.ns_median;
  for (Contestant& contestant : contestants)
    if (const auto& median = contestant.record.ns_median) contestant.record.roofline_fraction = copy / *median;
}

}  // namespace

std::vector<Record> speed(const Targets& targets, const SpeedPlan& plan, const Progress& progress,
                          const std::stop_token& stop) {
  interleave_at_random();
  const std::vector<Cell> cells = cells_of(plan.formats, plan.in_cache, plan.out_of_cache);
  const auto repetitions = static_cast<std::size_t>(plan.repetitions);
  const auto with_oracle = [&](const Cell& cell) { return plan.oracle && cell.in_cache; };
  const auto offered = [&](const Cell& cell) {
    return 1 + (with_oracle(cell) ? 2 : 0) +
           std::ranges::count_if(targets, [&](const Implementation* target) { return offers(*target, cell.format); });
  };
  std::size_t done = 0, total = 0;
  for (const Cell& cell : cells) total += offered(cell) * repetitions;

  std::vector<Record> records;
  for (const Cell& cell : cells) {
    if (stop.stop_requested()) break;
    const bool with_operand = std::ranges::any_of(
        targets, [&](const Implementation* target) { return impls::traits(target->map).takes_operand; });
    Batch batch(cell.format, cell.n, rows_of(cell), stretches_of(cell), with_operand);
    std::vector<Record> of_cell;
    std::vector<Contestant> contestants = contestants_of(cell, targets, batch, of_cell);
    if (with_oracle(cell)) add_oracle(cell, batch, contestants);
    done += of_cell.size() * repetitions;
    const auto repetition_done = [&] {
      ++done;
      if (progress) progress(done, total);
    };
    if (!time(contestants, plan, repetition_done, stop)) break;
    for (Contestant& contestant : contestants)
      if (contestant.accident) mark(contestant.record, *contestant.target, batch, *contestant.accident);
    compare(contestants);
    for (Contestant& contestant : contestants) records.push_back(std::move(contestant.record));
    std::ranges::move(of_cell, std::back_inserter(records));
  }
  return records;
}

}  // namespace audit::bench
