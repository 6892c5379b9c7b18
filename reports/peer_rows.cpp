#include "reports/peer_rows.hpp"

#include <fmt/format.h>

#include <cmath>

#include "reports/rows.hpp"
#include "reports/summary.hpp"
#include "reports/verdict.hpp"

namespace audit::reports {

void PeerCell::add(const Record& record) {
  if (record.max_ulp && (!worst || std::abs(*record.max_ulp) > std::abs(*worst->max_ulp))) worst = &record;
  if (!first_unnumbered && !record.witnesses.empty()) first_unnumbered = &record;
  for (const auto& [outcome, count] : record.outcomes) {
    elements += count;
    if (!has_number(outcome)) unnumbered[outcome] += count;
    if (outcome == "exact" || outcome == "correctly rounded") rounded += count;
  }
}

std::string PeerCell::unnumbered_text() const {
  std::string text;
  for (const auto& [outcome, count] : unnumbered)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, outcome);
  return text;
}

std::string PeerCell::text() const {
  const std::string number = worst ? digits(*worst->max_ulp, true) : "", other = unnumbered_text();
  return number.empty() || other.empty() ? number + other : number + ", " + other;
}

std::string PeerCell::replay() const {
  if (worst) return replay_line(worst->target, worst->max_ulp_case);
  if (!first_unnumbered) return "";
  const auto& witnesses = first_unnumbered->witnesses;
  const auto gravest = witnesses.find(worst_unnumbered(*first_unnumbered));
  return replay_line(first_unnumbered->target, (gravest == witnesses.end() ? witnesses.begin() : gravest)->second);
}

std::vector<PeerLibrary> peer_libraries(const std::vector<Record>& records) {
  std::vector<PeerLibrary> libraries;
  for (const Record& record : records) {
    if (record.kind != "accuracy" || record.rows == 0) continue;
    PeerLibrary& library = found_or_added(libraries, [&](const auto& known) { return known.name == record.version; },
                                          {.name = record.version, .rows = {}, .families = {}});
    const std::string function = record.target.substr(record.target.rfind(':') + 1);
    PeerRow& row = found_or_added(
        library.rows, [&](const auto& known) { return known.function == function && known.format == record.format; },
        {.function = function, .map = record.map, .format = record.format, .all = {}, .by_family = {}});
    row.all.add(record);
    row.by_family[record.family].add(record);
    found_or_added(library.families, [&](const auto& known) { return known == record.family; }, record.family);
  }
  return libraries;
}

std::string peers_preface(const std::vector<Record>& records, const std::string& date) {
  const Overview all = overview(records);
  std::string text = fmt::format(
      "The largest error of each function, signed, in units in the last place (0 exact, ±0.5 the best that rounding "
      "can "
      "do), and the elements whose error is no number, over {} rows, {} elements; one thread, the rows of "
      "'softmax-audit "
      "list families'. A result that is flushed is 0 where a subnormal or larger number is right. Taken on {}",
      all.rows, all.elements, date);
  if (all.provenance) {
    const auto& [cpu, isa, libm] = all.provenance->machine;
    text += fmt::format(", seed {}, {}, {}, {}, commit {}", seeds(all), cpu, isa, libm, all.provenance->build.commit);
  }
  return text + ".";
}

}  // namespace audit::reports
