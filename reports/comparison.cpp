#include "reports/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <tuple>

#include "reports/gate_key.hpp"

namespace audit::reports {
namespace {

using Keyed = std::map<Key, const Record*>;
using Who = std::tuple<std::string, std::string, std::string>;

Who who(const Record& record) { return {record.target, record.map, record.format}; }

Keyed keyed(const std::vector<Record>& records) {
  Keyed all;
  for (const Record& record : records) {
    if (!has_entry(record)) continue;
    const Key its_key = key(entry_of(record));
    if (!all.emplace(its_key, &record).second) throw std::runtime_error(describe(its_key) + ": recorded twice");
  }
  return all;
}

std::uint64_t unnumbered(const Record& record) {
  std::uint64_t sum = 0;
  for (const auto& [outcome, times] : record.outcomes) sum += has_number(outcome) ? 0 : times;
  return sum;
}

double size(const std::optional<double>& ulp) {
  if (!ulp) return 0;
  return std::isnan(*ulp) ? std::numeric_limits<double>::infinity() : std::abs(*ulp);
}

/// How far a key moved: elements without a number, then the largest error, then the mean; those that some claim speaks
/// of before the others.
auto distance(const Moved& moved) {
  const auto apart = [](double a, double b) { return a == b ? 0 : std::abs(a - b); };
  const Record &a = *moved.before, &b = *moved.now;
  return std::tuple(in_domain(a) || in_domain(b),
                    apart(static_cast<double>(unnumbered(a)), static_cast<double>(unnumbered(b))),
                    apart(size(a.max_ulp), size(b.max_ulp)), apart(size(a.mean_abs_ulp), size(b.mean_abs_ulp)));
}

void sort_by_distance(std::vector<Moved>& all) {
  std::ranges::stable_sort(all, [](const Moved& a, const Moved& b) { return distance(a) > distance(b); });
}

/// The witness that a difference names: of an outcome that only one has more of, else of the largest error.
std::string witness(const Record& record, const Record& other) {
  std::string named = difference(entry_of(other), entry_of(record)).witness;
  if (named.empty() || named != record.max_ulp_case) return named;
  return fmt::format("{}#{}", named, record.max_ulp_element);
}

Moved moved(const Record& before, const Record& now, Step step) {
  const Entry was = entry_of(before), is = entry_of(now);
  const std::string detail =
      step == Step::other_rows ? fmt::format("{}, was {}", question(is), question(was)) : difference(was, is).detail;
  return {&before, &now, step, detail, witness(before, now), witness(now, before)};
}

/// A finding, or what else makes a record fall short, as the gate tells it.
Turned turned(const Record& record, bool asked_elsewhere) {
  const GateResult told = gate(Baseline{}, {record});
  const Judged& judged = told.keys.front();
  return {&record, fmt::format("{}: {}", label(judged.verdict), judged.detail), judged.replay, asked_elsewhere};
}

/// Those of `of` that fall short and do not in the other run.
std::vector<Turned> short_in_one(const Keyed& of, const Keyed& other) {
  std::vector<Turned> all;
  for (const auto& [its_key, record] : of) {
    if (!fails(judge(*record, nullptr))) continue;
    const auto found = other.find(its_key);
    if (found != other.end() && fails(judge(*found->second, nullptr))) continue;
    all.push_back(turned(*record, found != other.end()));
  }
  return all;
}

class Comparer {
 public:
  Comparer(const std::vector<Record>& before, const std::vector<Record>& now)
      : before_(keyed(before)), now_(keyed(now)) {
    result_.before = overview(before);
    result_.now = overview(now);
    for (const auto* run : {&before, &now}) {
      for (const Record& record : *run) result_.one_platform &= platform(record) == platform(before.front());
    }
    list_targets(before, now);
    for (const auto& [its_key, unused] : before_) result_.keys_only_before += !now_.contains(its_key);
    for (const auto& [its_key, record] : now_) {
      const auto found = before_.find(its_key);
      result_.keys_only_now += found == before_.end();
      if (record->kind == "accuracy" && found != before_.end()) compare(*found->second, *record);
    }
    for (auto* list : {&result_.worse, &result_.better}) sort_by_distance(*list);
    result_.broken = short_in_one(now_, before_);
    result_.mended = short_in_one(before_, now_);
    for (const auto& [about, counts] : outcomes_) {
      const auto& [target, map, format, outcome] = about;
      if (counts.first != counts.second) {
        result_.outcomes.push_back({target, map, format, outcome, counts.first, counts.second});
      }
    }
  }

  Comparison result() { return std::move(result_); }

 private:
  static std::vector<Who> asked(const std::vector<Record>& records) {
    std::vector<Who> all;
    for (const Summary& summary : summarise(records)) all.emplace_back(summary.target, summary.map, summary.format);
    return all;
  }

  void list_targets(const std::vector<Record>& before, const std::vector<Record>& now) {
    const auto was = asked(before), is = asked(now);
    const auto text = [](const Who& one) {
      return fmt::format("{} {} {}", std::get<0>(one), std::get<1>(one), std::get<2>(one));
    };
    for (const Who& one : was) {
      if (std::ranges::find(is, one) == is.end()) result_.only_before.push_back(text(one));
    }
    for (const Who& one : is) {
      if (std::ranges::find(was, one) == was.end()) {
        result_.only_now.push_back(text(one));
      } else {
        places_[one] = result_.targets.size();
        result_.targets.push_back({std::get<0>(one), std::get<1>(one), std::get<2>(one), 0, 0, 0, 0});
      }
    }
  }

  void compare(const Record& before, const Record& now) {
    const Step taken = step(entry_of(before), entry_of(now));
    TargetChange& target = result_.targets[places_.at(who(now))];
    if (taken == Step::other_rows) {
      ++target.other_rows;
      result_.other_rows.push_back(moved(before, now, taken));
      return;
    }
    ++result_.compared;
    count_outcomes(before, now);
    if (taken == Step::same) {
      ++target.same;
      ++result_.same;
    } else {
      ++(taken == Step::worse ? target.worse : target.better);
      (taken == Step::worse ? result_.worse : result_.better).push_back(moved(before, now, taken));
    }
  }

  void count_outcomes(const Record& before, const Record& now) {
    const auto& [target, map, format] = who(now);
    for (const auto& [outcome, times] : before.outcomes) outcomes_[{target, map, format, outcome}].first += times;
    for (const auto& [outcome, times] : now.outcomes) outcomes_[{target, map, format, outcome}].second += times;
  }

  Keyed before_, now_;
  std::map<Who, std::size_t> places_;
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::pair<std::uint64_t, std::uint64_t>>
      outcomes_;
  Comparison result_;
};

}  // namespace

Comparison compare(const std::vector<Record>& before, const std::vector<Record>& now) {
  return Comparer(before, now).result();
}

}  // namespace audit::reports
