#include "bench/exhaustive.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

#include "bench/patterns.hpp"
#include "bench/tally.hpp"
#include "reference/special_values.hpp"

namespace audit::bench {
namespace {

using reports::Record;

constexpr std::size_t batch_rows = 4096;
constexpr std::size_t most_findings = 3;

/// What all parts of a sweep share.
struct Sweep {
  const impls::Implementation& target;
  const Unit& space;
  Patterns patterns;
  ShortOracle oracle;

  Sweep(const impls::Implementation& asked, const Unit& rows)
      : target(asked), space(rows), patterns(rows.format), oracle(rows.map, patterns) {}
};

std::string part_name(const Unit& space, std::size_t part) { return fmt::format("{}:part={}", space.family, part); }

/// One part on one thread.
class PartSweep {
 public:
  PartSweep(const Sweep& sweep, std::size_t part)
      : sweep_(sweep),
        rows_(sweep.space, part),
        kernel_(sweep.target, sweep.patterns, sweep.space.n),
        tally_(sweep.target, sweep.space.format, part_name(sweep.space, part), sweep.space.n, 0) {
    question_ = reference::spelled_out(sweep.space.map, sweep.space.format, {});
    question_.row.x.resize(sweep.space.n);
  }

  /// nullopt when stopped.
  std::optional<Record> run(const std::stop_token& stop) {
    for (rows_.next(batch_rows, asked_); !asked_.empty(); rows_.next(batch_rows, asked_)) {
      if (stop.stop_requested()) return std::nullopt;
      try {
        got_ = kernel_.ask(asked_);
      } catch (const impls::Accident& met) {
        if (met.kind == impls::Accident::Kind::given_up) break;
        tally_.add(question_of_accident(), met);
        continue;
      }
      if (!got_) break;
      sweep_.oracle.certify(sweep_.space.n, asked_, exact_);
      measure_batch();
    }
    return tally_.record();
  }

 private:
  /// The first row of the batch that has the accident alone; the first of all where none does.
  const reference::Case& question_of_accident() {
    for (std::size_t row = 0; row < asked_.size() / sweep_.space.n; ++row) {
      read_row(row);
      try {
        impls::ask(sweep_.target, sweep_.space.format, question_.row);
      } catch (const impls::Accident&) {
        return question_;
      }
    }
    read_row(0);
    return question_;
  }

  [[nodiscard]] std::size_t outputs() const { return kernel_.outputs(); }
  [[nodiscard]] double got(std::size_t i) const { return sweep_.patterns.value((*got_)[i]); }

  void measure_batch() {
    CorrectRows correct;
    std::uint64_t special = 0;
    double largest = -1;
    std::size_t worst = 0;
    for (std::size_t row = 0; row * outputs() < exact_.rounded.size(); ++row) {
      read_row(row);
      if (std::isnan(exact_.rounded[row * outputs()])) {
        ++special;
        hold_policy(row);
        continue;
      }
      double sum = 0, most = 0;
      if (!all_correct(row, sum, most)) {
        judged(row, [this](const auto& exact, const Trial& trial) { tally_.add(question_, exact, trial); });
        continue;
      }
      count(row, sum, correct);
      if (most > largest) {
        largest = most;
        worst = row;
      }
    }
    tally_.add(correct);
    tally_.add_special(special);
    if (largest >= 0) {
      read_row(worst);
      judged(worst, [this](const auto& exact, const Trial& trial) { tally_.look_at(question_, exact, trial); });
    }
    if (kernel_.changed_input()) {
      read_row(0);
      tally_.report(changed_input(sweep_.target, question_));
    }
  }

  void read_row(std::size_t row) {
    const std::size_t n = sweep_.space.n;
    for (std::size_t j = 0; j < n; ++j) question_.row.x[j] = sweep_.patterns.value(asked_[row * n + j]);
  }

  /// Whether every element of a row has the finite value of the correctly rounded answer, with the sum and the largest
  /// of their errors.
  bool all_correct(std::size_t row, double& sum, double& most) const {
    for (std::size_t i = row * outputs(); i < (row + 1) * outputs(); ++i) {
      if (!(got(i) == exact_.rounded[i] && std::abs(got(i)) < INFINITY)) return false;
      const double error = std::abs(exact_.residual[i]);
      sum += error;
      most = std::max(most, error);
    }
    return exact_.open.empty();
  }

  void count(std::size_t row, double sum, CorrectRows& correct) const {
    ++correct.rows;
    correct.in_domain += impls::in_domain(sweep_.target.claim, question_.row, sweep_.space.format);
    correct.sum_abs_ulp += sum;
    for (std::size_t i = row * outputs(); i < (row + 1) * outputs(); ++i)
      ++(exact_.residual[i] == 0 ? correct.exact : correct.rounded);
  }

  /// The answer to the row that was read. What overflows, which the structure of arrays does not hold, is certified
  /// here.
  [[nodiscard]] reference::Exact exact_row(std::size_t row) const {
    reference::Exact exact;
    exact.format = sweep_.space.format;
    exact.rounded.resize(outputs());
    exact.rest.resize(outputs());
    for (std::size_t j = 0; j < outputs(); ++j) {
      const std::size_t i = row * outputs() + j;
      if (std::isinf(exact_.rounded[i]))
        return reference::certify(sweep_.space.map, sweep_.space.format, question_.row);
      exact.set(j, exact_.element(i));
      if (std::ranges::binary_search(exact_.open, i)) exact.undecided.push_back(j);
    }
    return exact;
  }

  /// What was got for a row. In a format whose poison is a NaN that a kernel may write, it is asked once more, alone.
  [[nodiscard]] impls::Answer answer(std::size_t row) const {
    impls::Answer answer;
    const impls::Format& format = sweep_.space.format;
    const auto poison = static_cast<std::uint32_t>(impls::poison(format));
    for (std::size_t i = row * outputs(); i < (row + 1) * outputs(); ++i) {
      answer.y.push_back(got(i));
      answer.written.push_back((*got_)[i] != poison);
    }
    const bool in_doubt = !format.infinities && std::ranges::count(answer.written, false) > 0;
    if (in_doubt) answer.written = impls::ask(sweep_.target, format, question_.row).written;
    return answer;
  }

  /// The row that was read, held against the exact answer, and what is to be done with it.
  template <class Use>
  void judged(std::size_t row, Use use) const {
    const reference::Exact exact = exact_row(row);
    use(exact, judge(sweep_.target, question_, exact, answer(row)));
  }

  void hold_policy(std::size_t row) {
    if (unlike_ == most_findings) return;
    policy_y_.clear();
    for (std::size_t i = row * outputs(); i < (row + 1) * outputs(); ++i) policy_y_.push_back(got(i));
    const auto want = reference::unlike_any_policy(sweep_.space.map, question_.row, policy_y_);
    if (!want || !impls::covers(sweep_.target.claim, question_.row, sweep_.space.format)) return;
    ++unlike_;
    tally_.report(unlike_policy(sweep_.target, question_, policy_y_, *want));
  }

  const Sweep& sweep_;
  PartRows rows_;
  PatternKernel kernel_;
  Tally tally_;
  std::vector<std::uint32_t> asked_;
  const std::vector<std::uint32_t>* got_ = nullptr;
  reference::ShortAnswers exact_;
  reference::Case question_;  ///< the row at hand
  std::vector<double> policy_y_;
  std::size_t unlike_ = 0;  ///< findings about special rows
};

std::uint64_t numbered(const Record& record) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < reference::outcome_labels.size(); ++i) {
    const auto found = record.outcomes.find(std::string(reference::outcome_labels[i]));
    if (found != record.outcomes.end() && reference::has_number(static_cast<reference::Outcome>(i)))
      count += found->second;
  }
  return count;
}

/// By how much a finding exceeds its bound.
double severity(const reports::Finding& finding) {
  return finding.ulp && finding.bound ? std::abs(*finding.ulp) / *finding.bound : INFINITY;
}

void take_maximum(Record& whole, const Record& part) {
  if (!part.max_ulp || (whole.max_ulp && !(std::abs(*part.max_ulp) > std::abs(*whole.max_ulp)))) return;
  whole.max_ulp = part.max_ulp;
  whole.max_ulp_case = part.max_ulp_case;
  whole.max_ulp_element = part.max_ulp_element;
  whole.max_ulp_bound = part.max_ulp_bound;
  whole.max_ulp_spread = part.max_ulp_spread;
}

void take_utilisation(Record& whole, const Record& part) {
  if (!part.bound_utilisation) return;
  if (whole.bound_utilisation && !(*part.bound_utilisation > *whole.bound_utilisation)) return;
  whole.bound_utilisation = part.bound_utilisation;
  whole.utilisation_case = part.utilisation_case;
}

/// The record of a whole space from those of its parts, in their order.
Record combine(const Sweep& sweep, const std::vector<Record>& parts) {
  Record whole = Tally(sweep.target, sweep.space.format, sweep.space.family, sweep.space.n, 0).record();
  double sum_abs_ulp = 0;
  for (const Record& part : parts) {
    whole.rows += part.rows;
    whole.rows_in_domain += part.rows_in_domain;
    whole.special_rows += part.special_rows;
    whole.undecided += part.undecided;
    for (const auto& [label, count] : part.outcomes) whole.outcomes[label] += count;
    whole.witnesses.insert(part.witnesses.begin(), part.witnesses.end());
    whole.findings.insert(whole.findings.end(), part.findings.begin(), part.findings.end());
    sum_abs_ulp += part.mean_abs_ulp.value_or(0) * static_cast<double>(numbered(part));
    take_maximum(whole, part);
    take_utilisation(whole, part);
  }
  std::ranges::stable_sort(whole.findings, std::greater{}, severity);
  whole.findings.resize(std::min(whole.findings.size(), most_findings));
  std::uint64_t elements = 0;
  for (const auto& [label, count] : whole.outcomes) elements += count;
  if (elements == 0) return whole;
  if (numbered(whole) > 0) whole.mean_abs_ulp = sum_abs_ulp / static_cast<double>(numbered(whole));
  const std::uint64_t correct = whole.outcomes["exact"] + whole.outcomes["correctly rounded"];
  std::erase_if(whole.outcomes, [](const auto& entry) { return entry.second == 0; });
  whole.correctly_rounded = static_cast<double>(correct) / static_cast<double>(elements);
  whole.proved_by_enumeration = whole.rows == size_of(sweep.space) && whole.undecided == 0;
  return whole;
}

/// The largest error once more, by certify(): the tables say it to 2^-20 ulp. Only where the row alone is answered as
/// in its batch.
void certify_maximum(const impls::Implementation& target, Record& record) try {
  if (!record.max_ulp) return;
  const reference::Case question = reference::rebuild(record.max_ulp_case);
  const auto exact = reference::certify(question.map, question.format, question.row);
  const Trial trial = judge(target, question, exact, impls::ask(target, question.format, question.row));
  const double ulp = trial.errors.at(record.max_ulp_element).ulp;
  if (std::abs(ulp - *record.max_ulp) <= 0x1p-18) record.max_ulp = ulp;
} catch (const impls::Accident&) {  // counted where it happened first
}

}  // namespace

std::optional<Record> enumerate(const impls::Implementation& target, const Unit& space,
                                const std::vector<Record>& found, const PartDone& done, const std::stop_token& stop) {
  const Sweep sweep(target, space);
  std::vector<std::optional<Record>> parts(parts_of(space));
  std::map<std::string, const Record*> known;
  for (const Record& record : found)
    if (record.target == target.name && record.map == impls::traits(space.map).name &&
        record.format == space.format.name && record.n == space.n)
      known[record.family] = &record;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto it = known.find(part_name(space, i));
    if (it == known.end()) {
      open.push_back(i);
    } else {
      parts[i] = *it->second;
    }
  }
  std::mutex one_at_a_time;
  std::size_t finished = parts.size() - open.size();
  const auto take = [&](std::size_t i) {
    if (stop.stop_requested()) return;
    auto record = PartSweep(sweep, open[i]).run(stop);
    if (!record) return;
    const std::scoped_lock lock(one_at_a_time);
    parts[open[i]] = *record;
    if (done) done(*record, static_cast<double>(++finished) / static_cast<double>(parts.size()));
  };
  if (target.claim.promises & impls::thread_safe) {
    tbb::parallel_for(std::size_t{0}, open.size(), take, tbb::simple_partitioner{});
  } else {
    for (std::size_t i = 0; i < open.size(); ++i) take(i);
  }

  std::vector<Record> all;
  for (std::optional<Record>& part : parts) {
    if (!part) return std::nullopt;
    all.push_back(*std::move(part));
  }
  Record whole = combine(sweep, all);
  certify_maximum(target, whole);
  return whole;
}

}  // namespace audit::bench
