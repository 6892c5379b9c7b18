#include "bench/accuracy.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>
#include <stdexcept>

#include "bench/tally.hpp"
#include "reference/cases.hpp"
#include "reference/error.hpp"
#include "reference/oracle.hpp"

namespace audit::bench {
namespace {

using impls::Implementation;
using Targets = std::vector<const Implementation*>;

constexpr std::size_t most_rows = 64;
/// Of maps whose exact answers all come from MPFR, an eighth is asked.
constexpr std::size_t slow_oracle = 8;

/// Whether a target can be asked this map in this format.
bool answers(const Implementation& target, impls::Map map, const impls::Format& format) {
  return target.absent.empty() && target.map == map && std::ranges::count(target.formats, format) > 0;
}

/// Rows for about `elements` logits.
std::size_t rows_of(const reference::Family& family, std::size_t n, std::size_t elements) {
  return std::clamp<std::size_t>(elements / n, 1, family.rows > 0 ? family.rows : most_rows);
}

/// The row lengths to ask. Rows of more than twice `elements` are asked only of the families that need them, and not in
/// formats narrower than the arithmetic inside, where they show what those of f32 do.
std::vector<std::size_t> lengths_of(const reference::Family& family, const impls::Format& format,
                                    std::size_t elements) {
  if (family.fixed_n > 0) return {family.fixed_n};
  std::vector<std::size_t> lengths(std::begin(reference::sizes), std::end(reference::sizes));
  if (!family.grows || format.precision < impls::f32.precision)
    std::erase_if(lengths, [&](std::size_t n) { return n > 2 * elements; });
  return lengths;
}

/// The order in which to take units: largest first, so that no core is left with a long one at the end.
std::vector<std::size_t> largest_first(const std::vector<Unit>& units) {
  std::vector<std::size_t> order(units.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return units[i].rows * units[i].n; });
  return order;
}

/// Whether two residuals in ulps, each good to 2^-20, say the same; beyond f64 both are infinite.
bool agree(double a, double b) { return a == b || std::abs(a - b) <= 0x1p-10 + std::abs(a) * 0x1p-50; }

/// Certifies maxima again by MPFR alone.
class Confirmation {
 public:
  /// Throws std::logic_error where the two oracles differ.
  void confirm(const reports::Record& record) {
    if (record.max_ulp) confirm(record.max_ulp_case, record.max_ulp_element);
    const std::string& tightest = record.utilisation_case;
    if (const auto mark = tightest.rfind('#'); mark != std::string::npos)
      confirm(tightest.substr(0, mark), std::stoul(tightest.substr(mark + 1)));
  }

 private:
  struct Certified {
    reference::Exact by_mpfr, fast;

    Certified() = default;
    explicit Certified(const reference::Case& question)
        : by_mpfr(reference::certify_by_mpfr(question.map, question.format, question.row)),
          fast(reference::certify(question.map, question.format, question.row)) {}
  };

  void confirm(const std::string& case_id, std::size_t element) {
    const auto [at, added] = certified_.try_emplace(case_id);
    if (added) at->second = Certified(reference::rebuild(case_id));
    const reference::Element exact = at->second.by_mpfr.element(element), known = at->second.fast.element(element);
    const bool same = known.rounded == exact.rounded && known.ulp_exponent == exact.ulp_exponent;
    if (!same || !agree(known.residual, exact.residual))
      throw std::logic_error(
          fmt::format("{}, element {}: the fast oracle and MPFR differ; please report it", case_id, element));
  }

  std::map<std::string, Certified> certified_;  ///< by the CaseId
};

/// Whether there are two oracles that could differ.
bool confirmable(impls::Map map) { return reference::certified_fast(map); }

/// The last digits (base64url) of the CRC-32 of what was answered, to the bit.
std::string digest(const impls::Answer& answer) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const auto* bytes = reinterpret_cast<const Bytef*>(answer.y.data());
  const uLong sum = crc32_z(0, bytes, answer.y.size() * sizeof(double));
  static_assert(reports::digest_size == 2);
  return {digits[sum % 64], digits[sum / 64 % 64]};
}

/// A target under measurement.
struct Asked {
  const Implementation* target;
  Tally tally;
  std::string digests;  ///< Record::row_digests
  bool given_up = false;
};

/// The answers of all to one row; none of those that had an accident, which their tallies count.
std::vector<std::optional<impls::Answer>> answers_of(std::vector<Asked>& all, const reference::Case& question) {
  std::vector<std::optional<impls::Answer>> answers(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    try {
      answers[i] = impls::ask(*all[i].target, question.format, question.row);
    } catch (const impls::Accident& met) {
      all[i].tally.add(question, met);
      all[i].given_up = met.kind == impls::Accident::Kind::given_up;
    }
  }
  return answers;
}

/// Asks all targets one row and holds their answers against the exact one.
void measure_row(std::vector<Asked>& all, const reference::Case& question, const Seen& seen) {
  auto answers = answers_of(all, question);
  if (std::ranges::none_of(answers, [](const auto& answer) { return answer.has_value(); })) return;
  const reference::Exact exact = reference::certify(question.map, question.format, question.row);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!answers[i]) continue;
    if (answers[i]->status == 0)
      all[i].digests.replace(question.index * reports::digest_size, reports::digest_size, digest(*answers[i]));
    const Trial trial = judge(*all[i].target, question, exact, *std::move(answers[i]));
    all[i].tally.add(question, exact, trial);
    if (seen) seen(*all[i].target, question, exact, trial);
  }
}

}  // namespace

std::string key(const std::string& target, const Unit& unit) {
  return fmt::format("{}:{}:{}:{}:n={}", target, impls::traits(unit.map).name, unit.format.name, unit.family, unit.n);
}

std::vector<Unit> plan(const Targets& targets, std::size_t logits) {
  std::vector<Unit> units;
  for (const impls::MapTraits& map : impls::maps) {
    for (const impls::Format& format : impls::formats) {
      const auto asked = [&](const Implementation* target) { return answers(*target, map.map, format); };
      if (std::ranges::none_of(targets, asked)) continue;
      const std::size_t elements = reference::certified_fast(map.map) ? logits : logits / slow_oracle;
      for (const reference::Family& family : reference::families())
        for (const std::size_t n : lengths_of(family, format, elements))
          units.push_back({map.map, format, family.name, n, rows_of(family, n, elements)});
    }
  }
  return units;
}

void confirm(const reports::Record& record) {
  if (confirmable(impls::find_map(record.map)->map)) Confirmation().confirm(record);
}

std::vector<reports::Record> measure(const Unit& unit, const Targets& targets, std::uint64_t seed, const Seen& seen) {
  std::vector<Asked> all;
  for (const Implementation* target : targets)
    if (answers(*target, unit.map, unit.format))
      all.push_back({target, Tally(*target, unit.format, unit.family, unit.n, seed),
                     std::string(unit.rows * reports::digest_size, '-')});
  for (std::size_t index = 0; index < unit.rows && !std::ranges::all_of(all, &Asked::given_up); ++index) {
    const reference::Case question = reference::draw(unit.map, unit.format, unit.family, unit.n, seed, index);
    if (reference::special(question.map, question.row) == reference::Special::none) measure_row(all, question, seen);
  }
  std::vector<reports::Record> records;
  Confirmation confirmation;
  for (const Asked& asked : all) {
    reports::Record record = asked.tally.record();
    if (asked.given_up && record.rows == 0) continue;
    if (record.rows > 0) record.row_digests = asked.digests;
    if (unit.confirmed && confirmable(unit.map)) confirmation.confirm(record);
    records.push_back(std::move(record));
  }
  return records;
}

void sweep(const std::vector<Unit>& units, const Targets& targets, std::uint64_t seed, const Done& done,
           const std::stop_token& stop, const Seen& seen) {
  const std::vector<std::size_t> order = largest_first(units);
  std::atomic<std::size_t> next = 0;
  std::mutex one_at_a_time;
  // Whichever iteration a core is handed, it takes the largest unit left.
  const auto take_one = [&](std::size_t) {
    if (stop.stop_requested()) return;
    const Unit& unit = units[order[next++]];
    const std::vector<reports::Record> records = measure(unit, targets, seed, seen);
    const std::scoped_lock lock(one_at_a_time);
    done(unit, records);
  };
  tbb::parallel_for(std::size_t{0}, units.size(), take_one, tbb::simple_partitioner{});
}

}  // namespace audit::bench
