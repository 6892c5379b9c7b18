#include "bench/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace audit::bench {
namespace {

using reference::Outcome;

constexpr std::size_t most_findings = 3;
constexpr double beyond_measure = std::numeric_limits<double>::infinity();

std::string element_id(const std::string& case_id, std::size_t element) {
  return fmt::format("{}#{}", case_id, element);
}

/// max - min of the finite logits.
double spread(const impls::Row& row) {
  double low = INFINITY, high = -INFINITY;
  for (const double x : row.x) {
    if (!std::isfinite(x)) continue;
    low = std::min(low, x);
    high = std::max(high, x);
  }
  return high - low;
}

/// The first element with the largest value of `size`, which is nullopt for elements that do not take part.
template <typename Size>
std::optional<std::size_t> first_largest(std::size_t elements, Size size) {
  std::optional<std::size_t> best;
  double largest = 0;
  for (std::size_t j = 0; j < elements; ++j) {
    const std::optional<double> candidate = size(j);
    if (!candidate || (best && !(*candidate > largest))) continue;
    best = j;
    largest = *candidate;
  }
  return best;
}

std::optional<std::size_t> first_unwritten(const impls::Answer& answer) {
  const auto found = std::ranges::find(answer.written, false);
  if (found == answer.written.end()) return std::nullopt;
  return static_cast<std::size_t>(found - answer.written.begin());
}

/// A falsified statement about a case: what does not depend on what is wrong.
reports::Finding statement(const impls::Implementation& target, const reference::Case& question, std::string law) {
  reports::Finding made;
  made.law = std::move(law);
  made.map = impls::traits(question.map).name;
  made.format = question.format.name;
  made.case_id = reference::id(question);
  made.replay = reports::replay_line(target.name, made.case_id);
  return made;
}

}  // namespace

Trial judge(const impls::Implementation& target, const reference::Case& question, const reference::Exact& exact,
            impls::Answer answer) {
  Trial trial;
  trial.answer = std::move(answer);
  if (trial.answer.status != 0) return trial;
  for (std::size_t j = 0; j < exact.size(); ++j)
    trial.errors.push_back(
        reference::measure(question.format, trial.answer.y[j], trial.answer.written[j], exact.element(j)));
  trial.in_domain = exact.undecided.empty() && impls::in_domain(target.claim, question.row, question.format);
  if (trial.in_domain && target.claim.bounds)
    hold(target, exact, target.claim.bounds(question.row, question.format), trial);
  return trial;
}

void hold(const impls::Implementation& target, const reference::Exact& exact, std::vector<impls::Bound> bounds,
          Trial& trial) {
  trial.bounds = std::move(bounds);
  const bool subnormals = target.claim.promises & impls::subnormals;
  for (std::size_t j = 0; j < trial.errors.size(); ++j)
    trial.standings.push_back(
        reference::stands(exact.format, trial.errors[j], exact.element(j), trial.bounds.at(j), subnormals));
}

std::optional<std::size_t> worst_element(const Trial& trial) {
  return first_largest(trial.errors.size(), [&](std::size_t j) -> std::optional<double> {
    const reference::Error& error = trial.errors[j];
    return reference::has_number(error.outcome) ? std::optional(std::abs(error.ulp)) : std::nullopt;
  });
}

std::optional<std::size_t> tightest_element(const Trial& trial) {
  return first_largest(trial.standings.size(),
                       [&](std::size_t j) { return std::optional(trial.standings[j].utilisation); });
}

reports::Finding finding(const impls::Implementation& target, const reference::Case& question,
                         const reference::Exact& exact, const Trial& trial, std::size_t element, std::string law) {
  const reference::Error& error = trial.errors[element];
  reports::Finding made = statement(target, question, std::move(law));
  made.element = element;
  made.got = error.outcome == Outcome::unwritten ? std::string(reference::label(error.outcome))
                                                 : fmt::format("{:a}", trial.answer.y[element]);
  made.want = fmt::format("{:a}", exact.rounded[element]);
  if (reference::has_number(error.outcome)) made.ulp = error.ulp;
  if (!trial.bounds.empty()) made.bound = reference::in_ulps(trial.bounds[element], exact.element(element));
  made.source = target.claim.source;
  return made;
}

reports::Finding changed_input(const impls::Implementation& target, const reference::Case& question) {
  reports::Finding made = statement(target, question, "input unchanged");
  made.got = "the kernel wrote to its input";
  made.want = "x and operand as they were";
  made.source = "impls/contract.hpp, Call: x and operand are read-only";
  return made;
}

reports::Finding unwritten(const impls::Implementation& target, const reference::Case& question, std::size_t element) {
  reports::Finding made = statement(target, question, "output written, input kept");
  made.element = element;
  made.got = reference::label(Outcome::unwritten);
  made.want = "an answer";
  made.source = "plugin.h";
  return made;
}

reports::Finding accident(const impls::Implementation& target, const reference::Case& question,
                          const impls::Accident& met) {
  reports::Finding made = statement(target, question, std::string(impls::label(met.kind)));
  made.element = met.element;
  made.got = met.what();
  made.want = impls::instead_of(met.kind);
  made.source = "plugin.h";
  return made;
}

reports::Finding unlike_policy(const impls::Implementation& target, const reference::Case& question,
                               const std::vector<double>& got, std::string_view want) {
  reports::Finding made = statement(target, question, "special values");
  std::string values;
  for (const double y : got) values += (values.empty() ? "" : ", ") + fmt::format("{:a}", y);
  made.got = std::move(values);
  made.want = want;
  made.source = "plugin.h";
  return made;
}

std::optional<reports::Finding> broken_claim(const impls::Implementation& target, const reference::Case& question,
                                             const reference::Exact& exact, const Trial& trial) {
  if (first_unwritten(trial.answer)) return std::nullopt;
  const auto worst = first_largest(trial.standings.size(), [&](std::size_t j) -> std::optional<double> {
    return trial.standings[j].kept ? std::nullopt : std::optional(trial.standings[j].utilisation);
  });
  if (!worst) return std::nullopt;
  return finding(target, question, exact, trial, *worst, "error within claim");
}

Tally::Tally(const impls::Implementation& target, const impls::Format& format, std::string family, std::size_t n,
             std::uint64_t seed)
    : target_(target) {
  record_.kind = "accuracy";
  record_.target = target.name;
  record_.version = target.version;
  record_.map = impls::traits(target.map).name;
  record_.format = format.name;
  record_.family = std::move(family);
  record_.n = n;
  record_.seed = seed;
  record_.claim = target.claim.bound;
}

void Tally::add(const reference::Case& question, const reference::Exact& exact, const Trial& trial) {
  if (trial.answer.status != 0) {
    refusal_ = trial.answer.status;
    return;
  }
  ++record_.rows;
  record_.undecided += exact.undecided.size();
  fallbacks_ += exact.fallbacks;
  if (trial.in_domain) ++record_.rows_in_domain;
  count(question, trial);
  look_at(question, exact, trial);
}

void Tally::add(const reference::Case& question, const impls::Accident& met) {
  if (met.kind == impls::Accident::Kind::given_up) return;
  ++record_.rows;
  const std::string name(impls::label(met.kind));
  record_.outcomes[name] += impls::outputs(question.map, impls::length(question.map, question.row));
  if (record_.witnesses.try_emplace(name, element_id(reference::id(question), met.element.value_or(0))).second)
    report(accident(target_, question, met));
}

void Tally::look_at(const reference::Case& question, const reference::Exact& exact, const Trial& trial) {
  hold_maximum(question, exact, trial);
  if (trial.in_domain) hold_claim(question, exact, trial);
  if (trial.answer.input_changed) report(changed_input(target_, question));
  if (const auto element = first_unwritten(trial.answer)) report(unwritten(target_, question, *element));
}

void Tally::add(const CorrectRows& rows) {
  record_.rows += rows.rows;
  record_.rows_in_domain += rows.in_domain;
  sum_abs_ulp_ += rows.sum_abs_ulp;
  const auto count = [&](Outcome outcome, std::uint64_t elements) {
    if (elements > 0) record_.outcomes[std::string(reference::label(outcome))] += elements;
  };
  count(Outcome::exact, rows.exact);
  count(Outcome::correctly_rounded, rows.rounded);
}

void Tally::add_special(std::uint64_t rows) {
  record_.rows += rows;
  record_.special_rows += rows;
}

void Tally::report(reports::Finding finding) { keep(std::move(finding), beyond_measure); }

void Tally::count(const reference::Case& question, const Trial& trial) {
  std::array<std::uint64_t, reference::outcome_labels.size()> elements{};
  for (std::size_t j = 0; j < trial.errors.size(); ++j) {
    const Outcome outcome = trial.errors[j].outcome;
    if (reference::has_number(outcome)) sum_abs_ulp_ += std::abs(trial.errors[j].ulp);
    if (elements[static_cast<std::size_t>(outcome)]++ > 0 || reference::has_number(outcome)) continue;
    const std::string name(reference::label(outcome));
    if (!record_.witnesses.contains(name)) record_.witnesses[name] = element_id(reference::id(question), j);
  }
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (elements[i] > 0) record_.outcomes[std::string(reference::outcome_labels[i])] += elements[i];
}

void Tally::hold_maximum(const reference::Case& question, const reference::Exact& exact, const Trial& trial) {
  const auto worst = worst_element(trial);
  if (!worst) return;
  const double ulp = trial.errors[*worst].ulp;
  if (record_.max_ulp && !(std::abs(ulp) > std::abs(*record_.max_ulp))) return;
  record_.max_ulp = ulp;
  record_.max_ulp_case = reference::id(question);
  record_.max_ulp_element = *worst;
  record_.max_ulp_spread = spread(question.row);
  record_.max_ulp_bound.reset();
  if (!trial.bounds.empty()) record_.max_ulp_bound = reference::in_ulps(trial.bounds[*worst], exact.element(*worst));
}

void Tally::hold_claim(const reference::Case& question, const reference::Exact& exact, const Trial& trial) {
  const auto tightest = tightest_element(trial);
  if (!tightest) return;
  const double utilisation = trial.standings[*tightest].utilisation;
  if (!record_.bound_utilisation || utilisation > *record_.bound_utilisation) {
    record_.bound_utilisation = utilisation;
    record_.utilisation_case = element_id(reference::id(question), *tightest);
  }
  if (auto broken = broken_claim(target_, question, exact, trial)) keep(std::move(*broken), utilisation);
}

void Tally::keep(reports::Finding finding, double severity) {
  const auto place = std::ranges::find_if(findings_, [&](const Kept& kept) { return severity > kept.severity; });
  findings_.insert(place, Kept{severity, std::move(finding)});
  if (findings_.size() > most_findings) findings_.pop_back();
}

reports::Record Tally::record() const {
  reports::Record record = record_;
  if (record.rows == 0 && refusal_ != 0) record.absent = impls::not_supported(refusal_);
  std::uint64_t elements = 0, numbered = 0, correct = 0;
  for (std::size_t i = 0; i < reference::outcome_labels.size(); ++i) {
    const auto it = record.outcomes.find(std::string(reference::outcome_labels[i]));
    if (it == record.outcomes.end()) continue;
    const auto outcome = static_cast<Outcome>(i);
    elements += it->second;
    if (reference::has_number(outcome)) numbered += it->second;
    if (outcome <= Outcome::correctly_rounded) correct += it->second;
  }
  if (numbered > 0) record.mean_abs_ulp = sum_abs_ulp_ / static_cast<double>(numbered);
  if (elements > 0) record.fallback_rate = static_cast<double>(fallbacks_) / static_cast<double>(elements);
  if (elements > 0) record.correctly_rounded = static_cast<double>(correct) / static_cast<double>(elements);
  for (const Kept& kept : findings_) record.findings.push_back(kept.finding);
  return record;
}

}  // namespace audit::bench
