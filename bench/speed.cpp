#include "bench/speed.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/batch.hpp"
#include "bench/tally.hpp"
#include "bench/verifier.hpp"
#include "reference/oracle.hpp"
#include "reference/plain_mpfr.hpp"

namespace audit::bench {
namespace {

using impls::Implementation;
using reports::Record;
using Targets = std::vector<const Implementation*>;
using Progress = std::function<void(std::size_t done, std::size_t total)>;

constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// One size to time: everything in a cell is interleaved in one run and compared.
struct Cell {
  impls::Format format;
  std::size_t n;
  bool in_cache;
};

/// One of those timed: the record that the times go into, and what to run: one call here, or many in another process.
struct Contestant {
  Record record;
  const Implementation* target;  ///< null: the copy, an oracle
  std::function<void()> run;
  impls::Stopwatch elsewhere{};
  std::optional<impls::Accident> accident{};  ///< while it was timed
};

/// The size in bytes of the data cache of a level (0: the last one), or a usual size where the system does not tell.
std::size_t cache_size(int level) {
  std::map<int, std::size_t> sizes;
  for (const auto& cache : benchmark::CPUInfo::Get().caches)
    if (cache.type != "Instruction") sizes[cache.level] = static_cast<std::size_t>(cache.size);
  if (sizes.empty()) return level == 0 ? 32 * mebibyte : mebibyte;
  const auto found = level == 0 ? std::prev(sizes.end()) : sizes.find(level);
  return found == sizes.end() ? mebibyte : found->second;
}

/// Rows of a call: x and y take half of L2.
std::size_t rows_of(const Cell& cell) {
  return std::max<std::size_t>(cache_size(2) / 2 / (2 * cell.n * cell.format.bytes), 1);
}

/// Stretches of memory for the calls: one that stays in L2, or so many that x and y take four times the last cache.
std::size_t stretches_of(const Cell& cell) {
  if (cell.in_cache) return 1;
  const std::size_t memory = std::clamp(4 * cache_size(0), 64 * mebibyte, 256 * mebibyte);
  const std::size_t call = rows_of(cell) * 2 * cell.n * cell.format.bytes;
  return (memory + call - 1) / call;
}

/// Whether a target can be timed in a format: what a batch holds is logits, and noise.
bool offers(const Implementation& target, const impls::Format& format) {
  const impls::MapTraits& map = impls::traits(target.map);
  const bool of_logits = !map.takes_target && !map.takes_tree;
  const bool gradient = map.takes_operand && target.map != impls::Map::gumbel_softmax;
  return target.absent.empty() && of_logits && !gradient && std::ranges::count(target.formats, format) > 0;
}

Record blank(const Cell& cell, std::string target, std::string map) {
  Record record;
  record.kind = "speed";
  record.target = std::move(target);
  record.map = std::move(map);
  record.format = cell.format.name;
  record.family = Batch::family;
  record.n = cell.n;
  record.seed = Batch::seed;
  record.cache = cell.in_cache ? "in" : "out";
  return record;
}

Record blank(const Cell& cell, const Implementation& target) {
  Record record = blank(cell, target.name, std::string(impls::traits(target.map).name));
  record.version = target.version;
  record.claim = target.claim.bound;
  return record;
}

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
  std::vector<double> sorted(const std::string& name) {
    std::ranges::sort(times_[name]);
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

/// Seconds that so many calls take.
double seconds_of(const Contestant& contestant, benchmark::IterationCount calls) {
  using Clock = std::chrono::steady_clock;
  if (contestant.elsewhere) return contestant.elsewhere(static_cast<std::size_t>(calls));
  const auto start = Clock::now();
  for (benchmark::IterationCount i = 0; i < calls; ++i) contestant.run();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// How many calls take `seconds`, from a few of them.
benchmark::IterationCount calls_in(double seconds, const Contestant& contestant) {
  for (benchmark::IterationCount calls = 1;; calls *= 2) {
    const double taken = seconds_of(contestant, calls);
    if (taken >= seconds / 8)
      return static_cast<benchmark::IterationCount>(std::ceil(static_cast<double>(calls) * seconds / taken));
  }
}

double median(const std::vector<double>& sorted) {
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/// One of a kind in a run: several targets may have one name.
std::string name_of(const Contestant& contestant) {
  return fmt::format("{}:{}", contestant.record.target, contestant.record.map);
}

/// One repetition of so many calls.
void repeat(Contestant& contestant, benchmark::IterationCount calls, benchmark::State& state) try {
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
  const benchmark::IterationCount calls = calls_in(plan.seconds, contestant);
  const auto body = [&, calls](benchmark::State& state) {
    if (stop.stop_requested()) return state.SkipWithError("stopped");
    repeat(contestant, calls, state);
    repetition_done();
  };
  auto* announced = benchmark::RegisterBenchmark(name_of(contestant).c_str(), body)->Repetitions(plan.repetitions);
  contestant.elsewhere ? announced->Iterations(1)->UseManualTime()
                       : announced->Iterations(calls)->MeasureProcessCPUTime();
} catch (const impls::Accident& met) {
  contestant.accident = met;
}

void take_times(Contestant& contestant, const std::vector<double>& times, int repetitions) {
  Record& record = contestant.record;
  if (times.size() != static_cast<std::size_t>(repetitions))
    throw std::runtime_error(fmt::format("{} was timed {} times, not {}", record.target, times.size(), repetitions));
  const auto elements = static_cast<double>(record.rows * record.n);
  record.ns_min = times.front() / elements;
  record.ns_median = median(times) / elements;
  record.ns_max = times.back() / elements;
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
    if (!contestant.accident) take_times(contestant, collector.sorted(name_of(contestant)), plan.repetitions);
  return true;
}

/// Of a target that was not timed: why.
void mark(Record& record, const Implementation& target, const Batch& batch, const impls::Accident& met) {
  if (met.kind == impls::Accident::Kind::given_up) {
    record.absent = met.what();
    return;
  }
  record.outcomes[std::string(impls::label(met.kind))] = 1;
  record.findings.push_back(accident(target, batch.question(target.map, 0), met));
}

/// One target in a cell: its record, which says why where it cannot be timed, and otherwise what to run.
Contestant contestant_of(const Cell& cell, const Implementation& target, Batch& batch, Verifier& verifier) try {
  const impls::Call call = batch.call(target.map);
  const impls::Kernel kernel = target.prepare(cell.format, call.shape);
  Contestant made{blank(cell, target), &target, {}};
  const Verified verified = verifier.run(target, [&] { return kernel(call); });
  if (verified.supported) made.record.rows = batch.rows();
  if (verified.wrong) made.record.findings.push_back(*verified.wrong);
  if (verified.wrong || !verified.supported) return made;
  made.run = [kernel, call, &batch] { kernel(batch.move_on(call)); };
  if (target.stopwatch) made.elsewhere = target.stopwatch(cell.format, batch.timing(target.map));
  return made;
} catch (const impls::Accident& met) {
  Contestant made{blank(cell, target), &target, {}};
  made.record.rows = batch.rows();
  mark(made.record, target, batch, met);
  return made;
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
void compare(std::vector<Contestant>& contestants, const impls::Format& format) {
  const double copy = *contestants.front().record.ns_median;
  for (Contestant& contestant : contestants) {
    Record& record = contestant.record;
    if (!record.ns_median) continue;
    const bool one_number = contestant.target && impls::traits(contestant.target->map).one_number_out;
    const double written = one_number ? 1 / static_cast<double>(record.n) : 1;
    record.gb_per_s = static_cast<double>(format.bytes) * (1 + written) / *record.ns_median;
    record.roofline_fraction = copy / *record.ns_median;
  }
}

std::vector<Cell> cells_of(const SpeedPlan& plan) {
  std::vector<Cell> cells;
  for (const impls::Format& format : plan.formats) {
    for (const std::size_t n : plan.in_cache) cells.push_back({format, n, true});
    for (const std::size_t n : plan.out_of_cache) cells.push_back({format, n, false});
  }
  return cells;
}

}  // namespace

std::vector<Record> speed(const Targets& targets, const SpeedPlan& plan, const Progress& progress,
                          const std::stop_token& stop) {
  interleave_at_random();
  const std::vector<Cell> cells = cells_of(plan);
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
    compare(contestants, cell.format);
    for (Contestant& contestant : contestants) records.push_back(std::move(contestant.record));
    std::ranges::move(of_cell, std::back_inserter(records));
  }
  return records;
}

}  // namespace audit::bench
