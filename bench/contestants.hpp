#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench/batch.hpp"
#include "bench/verifier.hpp"
#include "impls/catalogue.hpp"
#include "reports/record.hpp"

namespace audit::bench {

/// One size to time: everything in a cell is interleaved in one run and compared.
struct Cell {
  impls::Format format;
  std::size_t n;
  bool in_cache;
};

/// Every length of each format in its turn, in cache, then out.
std::vector<Cell> cells_of(const std::vector<impls::Format>& formats, const std::vector<std::size_t>& in_cache,
                           const std::vector<std::size_t>& out_of_cache);

/// Rows of a call: x and y take half of L2.
std::size_t rows_of(const Cell& cell);

/// Stretches of memory for the calls: one that stays in L2, or so many that x and y take four times the last cache.
std::size_t stretches_of(const Cell& cell);

/// Whether a target can be timed in a format: what a batch holds is logits, and noise.
bool offers(const impls::Implementation& target, const impls::Format& format);

/// A speed record of a cell without times.
reports::Record blank(const Cell& cell, std::string target, std::string map);

/// One of those timed: the record that the times go into, and what to run: one call here, or many in another process.
struct Contestant {
  reports::Record record;
  const impls::Implementation* target;  ///< null: the copy, an oracle
  std::function<void()> run;            ///< empty: it is not to be timed, and the record says why
  impls::Stopwatch elsewhere{};
  std::optional<impls::Accident> accident{};  ///< while it was timed
};

/// One target in a cell, its kernel (or its process) prepared anew and its answer verified.
Contestant contestant_of(const Cell& cell, const impls::Implementation& target, Batch& batch, Verifier& verifier);

/// Of a target that was not timed: why.
void mark(reports::Record& record, const impls::Implementation& target, const Batch& batch, const impls::Accident& met);

/// Processor seconds that so many calls take, of this process or of the target's own. Throws Accident.
double seconds_of(const Contestant& contestant, std::size_t calls);

/// How many calls take `seconds`, from a few of them. Throws Accident.
std::size_t calls_in(double seconds, const Contestant& contestant);

/// Puts these times of a call, in nanoseconds, into the record: the least, the median and the most an element, and
/// GB/s.
void take_times(reports::Record& record, std::vector<double> times);

}  // namespace audit::bench
