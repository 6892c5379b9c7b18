#include "properties/check.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>
#include <rapidcheck/Check.h>
#include <rapidcheck/detail/TestListenerAdapter.h>
#include <rapidcheck/gen/Transform.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <stdexcept>

#include "properties/accidents.hpp"
#include "properties/evidence.hpp"
#include "properties/expected.hpp"
#include "properties/fnv1a.hpp"
#include "properties/generators.hpp"
#include "properties/relatives.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Implementation;
using impls::Row;
using rc::detail::CaseResult;
using reports::Finding;
using reports::Record;

/// Whether a law has something to say about a row, of whatever target.
bool speaks_of(const Law& law, const reference::Case& question) {
  const reference::Special special = reference::special(question.map, question.row);
  if (special == reference::Special::empty) return false;
  return law.special_rows == (special != reference::Special::none) && law.holds_for(question.map) &&
         law.speaks_of(question);
}

/// Why a law does not bind a target; empty where it does.
std::string_view unbound(const Law& law, const Implementation& target, const Format& format) {
  if (law.promise & ~target.claim.promises) return "the target does not promise it";
  if (law.of_libraries && relatives(target, format).empty()) return "its library has no function to hold it against";
  return {};
}

bool unwritten(const impls::Answer& answer) { return std::ranges::count(answer.written, false) > 0; }

/// The law that a row is written; of special rows, which it does not speak of, others leave it to it all the same.
const Law& law_of_writing() { return *std::ranges::find_if(laws(), &Law::of_unwritten); }

std::optional<Finding> judge(const Law& law, const Implementation& target, const reference::Case& question,
                             const Gathered& gathered, Care care) {
  const bool left_to_another = unwritten(gathered.answer) && !law.of_unwritten;
  if (left_to_another && !law.special_rows) return std::nullopt;
  const Law& judging = left_to_another ? law_of_writing() : law;
  auto finding = judging.broken({target, question, gathered.exact, gathered.answer, gathered.slack, care});
  if (!finding) return std::nullopt;
  finding->law = judging.name;
  identify(*finding, target, question);
  return finding;
}

/// Whether a law speaks of a row of these entries, where the format has them.
bool speaks_of(const Law& law, impls::Map map, const Format& format, std::vector<double> x) {
  return speaks_of(law, reference::spelled_out(map, format, Row{.x = std::move(x)}));
}

/// Whether a law is about special cases alone: masks, NaN and infinities, or single entries.
bool leaves_out_ordinary_rows(const Law& law, impls::Map map, const Format& format) {
  return !speaks_of(law, map, format, {0, 1});
}

/// Whether a law speaks of ordinary rows, but of none in a format of so few bits.
bool needs_more_bits(const Law& law, impls::Map map, const Format& format) {
  return leaves_out_ordinary_rows(law, map, format) && !leaves_out_ordinary_rows(law, map, impls::f64);
}

/// Whether a law speaks of rows with infinities, or nothing but masks, alone.
bool needs_infinities(const Law& law, impls::Map map, const Format& format) {
  return leaves_out_ordinary_rows(law, map, format) && !speaks_of(law, map, format, {0, NAN});
}

constexpr std::string_view no_infinities = "the format has no infinities";

/// The seed of one law's rows: a hash of whose they are, the same on every platform, and wherever the target lies.
std::uint64_t seed_of(const Implementation& target, const Format& format, const Law& law, std::uint64_t seed) {
  std::uint64_t hash = fnv1a(fnv1a_start, seed);
  const std::string_view name = std::string_view(target.name).substr(target.name.rfind('/') + 1);
  for (const std::string_view part : {name, format.name, law.name})
    hash = fnv1a(fnv1a(hash, part), std::string_view("\0", 1));
  return hash;
}

/// Rows that a law has nothing to say about cost little to draw, so many may be thrown away for one that is tried.
constexpr int discards_a_row = 100;

/// RapidCheck's search and shrinking, with nothing read from the environment and nothing printed.
rc::detail::TestResult search(const rc::detail::Property& property, int rows, std::uint64_t seed) {
  rc::detail::TestParams params;
  params.seed = seed;
  params.maxSuccess = rows;
  params.maxDiscardRatio = discards_a_row;
  rc::detail::TestListenerAdapter silent;
  return rc::detail::checkProperty(property, {}, params, silent, {});
}

std::size_t rows_tried(const rc::detail::TestResult& result) {
  rc::detail::SuccessResult kept;
  rc::detail::FailureResult broken;
  rc::detail::GaveUpResult scarce;
  if (result.match(kept)) return static_cast<std::size_t>(kept.numSuccess);
  if (result.match(broken)) return static_cast<std::size_t>(broken.numSuccess) + 1;
  if (result.match(scarce)) return static_cast<std::size_t>(scarce.numSuccess);
  rc::detail::Error error;
  result.match(error);
  throw std::runtime_error(error.description);
}

/// What may be spent on shrinking one counterexample, in entries asked: about a second. A long row whose every
/// entry matters stays long.
constexpr std::size_t shrinking_budget = 150'000;

/// Of a law that costs much one row in fifty, ten at least.
int rows_of(const Law& law, int rows) { return law.cost == 0 ? rows : std::min(rows, std::max(rows / 50, 10)); }

struct Unit {
  const Implementation* target;
  Format format;
  const Law* law;
};

std::vector<Unit> plan(const std::vector<const Implementation*>& targets) {
  std::vector<Unit> units;
  for (const Implementation* target : targets) {
    if (!target->absent.empty()) continue;
    for (const Format& format : target->formats)
      for (const Law& law : laws())
        if (law.holds_for(target->map) && unbound(law, *target, format).empty())
          units.push_back({target, format, &law});
  }
  return units;
}

}  // namespace

Record try_law(const Implementation& target, const Format& format, const Law& law, int rows_to_try,
               std::uint64_t seed) {
  // Every shrink that still fails is taken, and the last one is shown once more: the last finding is the smallest.
  std::optional<Finding> smallest;
  std::size_t outside = 0;  // the target's domain
  Accidents accidents;
  int refusal = 0;
  std::size_t spent = 0;
  const auto property = rc::gen::map(rows(target.map, format, law.special_rows), [&](Row row) {
    const reference::Case question = reference::spelled_out(target.map, format, std::move(row));
    rc::detail::CaseDescription tried;
    tried.example = [] { return rc::detail::Example(); };
    tried.result = CaseResult(CaseResult::Type::Discard);
    const bool shrinking = smallest || accidents.any();
    if (shrinking) spent += question.row.x.size() + law.cost;
    if ((smallest && accidents.any()) || accidents.spent() || spent > shrinking_budget) return tried;
    if (!speaks_of(law, question)) return tried;
    if (!impls::covers(target.claim, question.row, format)) {
      ++outside;
      return tried;
    }
    std::optional<Finding> finding;
    try {
      const auto gathered = gather(target, question, &refusal);
      if (!gathered) return tried;
      finding = judge(law, target, question, *gathered, Care::of_many);
    } catch (const impls::Accident& met) {
      const bool again = accidents.any() && accidents.takes(met, target, question);
      if (!shrinking || smallest) accidents.count(met, target, question);
      if (again || !shrinking) tried.result = CaseResult(CaseResult::Type::Failure);
      return tried;
    }
    if (accidents.any()) return tried;
    tried.result = CaseResult(finding ? CaseResult::Type::Failure : CaseResult::Type::Success);
    if (finding) smallest = std::move(finding);
    return tried;
  });

  Record record;
  record.kind = "law";
  record.target = target.name;
  record.version = target.version;
  record.map = impls::traits(target.map).name;
  record.format = format.name;
  record.family = law.name;
  record.seed = seed;
  record.claim = target.claim.bound;
  record.absent = unbound(law, target, format);
  // Special rows without infinities are those with NaN: none needs to be drawn to know that.
  if (record.absent.empty() && law.special_rows && !format.infinities && needs_infinities(law, target.map, format))
    record.absent = no_infinities;
  if (!record.absent.empty()) return record;
  record.rows = rows_tried(search(property, rows_of(law, rows_to_try), seed_of(target, format, law, seed)));
  record.outcomes = accidents.rows();
  if (record.rows == 0 && outside > 0 && leaves_out_ordinary_rows(law, target.map, format))
    record.absent = fmt::format("its claim speaks of {}", target.claim.domain.words);
  else if (record.rows == 0 && needs_more_bits(law, target.map, format))
    record.absent = "the format has too few bits for it";
  else if (record.rows == 0 && !format.infinities && needs_infinities(law, target.map, format))
    record.absent = no_infinities;
  if (smallest) record.findings.push_back(*std::move(smallest));
  if (accidents.first()) record.findings.push_back(*accidents.first());
  if (record.rows == 0 && record.absent.empty() && refusal != 0) record.absent = impls::not_supported(refusal);
  if (accidents.given_up() && record.findings.empty()) --record.rows;
  if (accidents.given_up() && record.rows == 0) record.absent = impls::not_asked;
  return record;
}

std::vector<Record> try_laws(const std::vector<const Implementation*>& targets, int rows_to_try, std::uint64_t seed,
                             const std::function<void(std::size_t, std::size_t)>& progress, std::stop_token stop) {
  const auto units = plan(targets);
  std::vector<std::optional<Record>> tried(units.size());
  std::mutex mutex;
  std::size_t done = 0;
  oneapi::tbb::parallel_for(std::size_t{0}, units.size(), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    tried[i] = try_law(*units[i].target, units[i].format, *units[i].law, rows_to_try, seed);
    const std::lock_guard lock(mutex);
    if (progress) progress(++done, units.size());
  });
  std::vector<Record> records;
  for (auto& record : tried)
    if (record) records.push_back(*std::move(record));
  return records;
}

std::vector<Holding> hold(const Implementation& target, const reference::Case& question) {
  if (!impls::covers(target.claim, question.row, question.format)) return {};
  std::vector<const Law*> speaking;
  for (const Law& law : laws())
    if (unbound(law, target, question.format).empty() && speaks_of(law, question)) speaking.push_back(&law);
  if (speaking.empty()) return {};
  std::vector<Holding> holdings;
  const Law* at_hand = speaking.front();
  try {
    const auto gathered = gather(target, question);
    if (!gathered) return {};
    for (const Law* law : speaking) {
      at_hand = law;
      auto finding = judge(*law, target, question, *gathered, Care::thorough);
      const Law* judging = finding ? &law_named(finding->law) : law;
      const auto known = [&](const Holding& holding) { return holding.law == judging && holding.finding; };
      if (std::ranges::none_of(holdings, known)) holdings.push_back({judging, std::move(finding)});
    }
  } catch (const impls::Accident& met) {
    holdings.push_back({at_hand, finding_of(met, target, question)});
  }
  return holdings;
}

}  // namespace audit::properties
