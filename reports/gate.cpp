#include "reports/gate.hpp"

#include <fmt/format.h>

#include <map>

#include "reports/difference.hpp"
#include "reports/gate_key.hpp"
#include "reports/summary.hpp"

namespace audit::reports {
namespace {

/// The first finding of a record in a line, and its replay.
void tell_finding(const Record& record, Judged& judged) {
  const Finding& finding = record.findings.front();
  judged.detail = finding.law;
  if (finding.element) judged.detail += fmt::format(", element {}", *finding.element);
  judged.detail += fmt::format(": got {}, want {}", finding.got, finding.want);
  if (finding.ulp) judged.detail += fmt::format(", {:+} ulp", *finding.ulp);
  if (finding.bound) judged.detail += fmt::format(", bound {}", *finding.bound);
  if (!finding.source.empty()) judged.detail += fmt::format(" ({})", finding.source);
  judged.replay = finding.replay;
}

/// A failure that has no finding: the outcome of that name, or the claim that is used up.
void tell_failure(const Record& record, Judged& judged) {
  const std::string word(label(judged.verdict));
  std::string at = record.utilisation_case;
  if (judged.verdict == Verdict::undecided) {
    judged.detail = fmt::format("{} elements whose exact rounding stayed open", record.undecided);
  } else if (judged.verdict == Verdict::regressed) {
    const TimeComparison& with = record.comparison.value();
    judged.detail =
        fmt::format("slower than {}: {:.4f} times its time, 95 % interval {:.4f} to {:.4f}, threshold {:.4f}",
                    with.versus, *with.ratio, *with.ratio_low, *with.ratio_high, 1 + with.threshold);
  } else if (record.kind == "speed") {
    judged.detail = "a wrong answer on the rows to be timed; it has no speed";
  } else if (record.outcomes.contains(word)) {
    at = record.witnesses.contains(word) ? record.witnesses.at(word) : "";
    judged.detail = fmt::format("{} elements, as at {}", record.outcomes.at(word), at);
  } else {
    judged.detail = fmt::format("error ÷ bound is {} at {}", record.bound_utilisation.value_or(0), at);
  }
  if (!at.empty()) judged.replay = replay_line(record.target, at);
}

void tell(const Record& record, Judged& judged) {
  if (!record.absent.empty()) {
    judged.detail = record.absent;
  } else if (!record.findings.empty()) {
    tell_finding(record, judged);
  } else if (judged.verdict == Verdict::vacuous) {
    judged.detail = "checked on no row";
  } else if (judged.before && (judged.verdict == Verdict::regressed || judged.verdict == Verdict::improved)) {
    const Difference what = difference(*judged.before, *judged.now);
    judged.detail = what.detail;
    judged.replay = replay_line(record.target, what.witness);
  } else if (judged.verdict == Verdict::fresh && judged.before) {
    judged.detail =
        fmt::format("asked other rows than the baseline: {}, was {}", question(*judged.now), question(*judged.before));
  } else if (fails(judged.verdict)) {
    tell_failure(record, judged);
  }
}

/// Judges records one after another and remembers what of the baseline they met.
class Judge {
 public:
  explicit Judge(const Baseline& baseline) : baseline_(baseline) {
    for (const Entry& entry : baseline.entries) known_.emplace(key(entry), Known{&entry});
  }

  void add(const Record& record) {
    Judged judged;
    judged.now = entry_of(record);
    const Entry* before = has_entry(record) ? meet(*judged.now) : nullptr;
    const bool compares = before != nullptr && platform(record) == baseline_.platform;
    if (before != nullptr && !compares) foreign_ = platform(record);
    if (compares) judged.before = *before;
    const Record was = compares ? as_record(*before) : Record{};
    judged.verdict = judge(record, compares ? &was : nullptr);
    compared_ += compares && comparable(record, was);
    if (!has_entry(record) && !fails(judged.verdict) && judged.verdict != Verdict::absent) return;
    tell(record, judged);
    keys_.emplace(key(*judged.now), std::move(judged));
  }

  GateResult result() {
    for (const auto& [key, known] : known_) {
      if (known.met) continue;
      keys_.emplace(key, Judged{Verdict::absent, *known.entry, {}, "in the baseline, not in the candidate", ""});
    }
    GateResult result;
    std::vector<Verdict> verdicts;
    for (auto& [key, judged] : keys_) {
      verdicts.push_back(judged.verdict);
      result.keys.push_back(std::move(judged));
    }
    result.verdict = overall(verdicts);
    if (foreign_) {
      result.note = fmt::format("the baseline is of another platform ({}; this is {}): claims and laws only",
                                describe(baseline_.platform), describe(*foreign_));
    } else if (compared_ == 0) {
      result.note = "nothing in common with the baseline: nothing was compared";
      if (!fails(result.verdict)) result.verdict = Verdict::vacuous;
    }
    return result;
  }

 private:
  struct Known {
    const Entry* entry;
    bool met = false;
  };

  /// The baseline's entry of that key, which is then no longer missing.
  const Entry* meet(const Entry& now) {
    const auto found = known_.find(key(now));
    if (found == known_.end()) return nullptr;
    found->second.met = true;
    return found->second.entry;
  }

  const Baseline& baseline_;
  std::map<Key, Known> known_;
  std::multimap<Key, Judged> keys_;
  std::optional<Platform> foreign_;
  std::size_t compared_ = 0;
};

}  // namespace

std::string describe(const Key& key) {
  const auto& [kind, target, map, format, family, n] = key;
  std::string text = fmt::format("{} {}", target, map);
  if (!format.empty()) text += ' ' + format;
  if (kind == "law") return text + " law " + family;
  if (kind == "accuracy") return text + fmt::format(" {} n={}", family, n);
  return kind == "speed" ? text + fmt::format(" speed n={}", n) : text;
}

GateResult gate(const Baseline& baseline, const std::vector<Record>& candidate) {
  Judge judge(baseline);
  for (const Record& record : candidate) judge.add(record);
  return judge.result();
}

}  // namespace audit::reports
