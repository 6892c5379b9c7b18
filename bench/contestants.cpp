#include "bench/contestants.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>

#include "bench/ratio.hpp"
#include "bench/tally.hpp"

namespace audit::bench {
namespace {

using impls::Implementation;
using reports::Record;

constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// The size in bytes of the data cache of a level (0: the last one), or a usual size where the system does not tell.
std::size_t cache_size(int level) {
  std::map<int, std::size_t> sizes;
  for (const auto& cache : benchmark::CPUInfo::Get().caches)
    if (cache.type != "Instruction") sizes[cache.level] = static_cast<std::size_t>(cache.size);
  if (sizes.empty()) return level == 0 ? 32 * mebibyte : mebibyte;
  const auto found = level == 0 ? std::prev(sizes.end()) : sizes.find(level);
  return found == sizes.end() ? mebibyte : found->second;
}

Record blank(const Cell& cell, const Implementation& target) {
  Record record = blank(cell, target.name, std::string(impls::traits(target.map).name));
  record.version = target.version;
  record.claim = target.claim.bound;
  return record;
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

std::vector<Cell> cells_of(const std::vector<impls::Format>& formats, const std::vector<std::size_t>& in_cache,
                           const std::vector<std::size_t>& out_of_cache) {
  std::vector<Cell> cells;
  for (const impls::Format& format : formats) {
    for (const std::size_t n : in_cache) cells.push_back({format, n, true});
    for (const std::size_t n : out_of_cache) cells.push_back({format, n, false});
  }
  return cells;
}

std::size_t rows_of(const Cell& cell) {
  return std::max<std::size_t>(cache_size(2) / 2 / (2 * cell.n * cell.format.bytes), 1);
}

std::size_t stretches_of(const Cell& cell) {
  if (cell.in_cache) return 1;
  const std::size_t memory = std::clamp(4 * cache_size(0), 64 * mebibyte, 256 * mebibyte);
  const std::size_t call = rows_of(cell) * 2 * cell.n * cell.format.bytes;
  return (memory + call - 1) / call;
}

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

void mark(Record& record, const Implementation& target, const Batch& batch, const impls::Accident& met) {
  if (met.kind == impls::Accident::Kind::given_up) {
    record.absent = met.what();
    return;
  }
  record.outcomes[std::string(impls::label(met.kind))] = 1;
  record.findings.push_back(accident(target, batch.question(target.map, 0), met));
}

double seconds_of(const Contestant& contestant, std::size_t calls) {
  if (contestant.elsewhere) return contestant.elsewhere(calls);
  const double start = processor_seconds();
  for (std::size_t i = 0; i < calls; ++i) contestant.run();
  return processor_seconds() - start;
}

std::size_t calls_in(double seconds, const Contestant& contestant) {
  for (std::size_t calls = 1;; calls *= 2) {
    const double taken = seconds_of(contestant, calls);
    if (taken >= seconds / 8) return static_cast<std::size_t>(std::ceil(static_cast<double>(calls) * seconds / taken));
  }
}

void take_times(Record& record, std::vector<double> times) {
  const auto elements = static_cast<double>(record.rows * record.n);
  const auto [least, most] = std::ranges::minmax(times);
  record.ns_min = least / elements;
  record.ns_median = median(std::move(times)) / elements;
  record.ns_max = most / elements;
  const impls::MapTraits* map = impls::find_map(record.map);
  const bool one_number = map && map->one_number_out;
  const double written = one_number ? 1 / static_cast<double>(record.n) : 1;
  const auto bytes = static_cast<double>(impls::find_format(record.format)->bytes);
  record.gb_per_s = bytes * (1 + written) / *record.ns_median;
}

}  // namespace audit::bench
