#include "bench/versus.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <random>

#include "bench/one_core.hpp"
#include "bench/ratio.hpp"

namespace audit::bench {
namespace {

using reports::Record;
using reports::TimeComparison;

/// The three that are timed: the target, its second instance, and the other one.
enum Role : std::size_t { target, again, other };
constexpr std::size_t roles = 3;
template <class T>
using Trio = std::array<T, roles>;

/// What was measured of a pair in a cell so far.
struct Measured {
  std::vector<std::vector<Round>> control;  ///< the target and its second instance: by instance, then round
  std::vector<std::vector<Round>> ratio;    ///< the target and the other
  Trio<std::vector<double>> times;          ///< nanoseconds of a call
};

/// What can be said of them.
struct Said {
  Interval control;
  Interval ratio;
};

/// One pair in one cell.
class Duel {
 public:
  Duel(const Pair& pair, const Cell& cell, const VersusPlan& plan) : pair_(pair), cell_(cell), plan_(plan) {}

  /// Goes on until something can be said, or nothing ever will. False when it was stopped.
  bool fight(const std::function<void()>& instance_done, const std::stop_token& stop) {
    for (const std::size_t look : plan_.looks) {
      while (measured_.ratio.size() < look) {
        if (stop.stop_requested()) return false;
        add_instance();
        if (failed()) return true;
        instance_done();
      }
      if (decided(said())) return true;
    }
    return true;
  }

  /// Of the target and the other one; of those alone that failed, where one did.
  std::vector<Record> records() {
    if (failed()) {
      const Record& own = records_[says_why(records_[target]) ? target : again];
      std::vector<Record> made{own, records_[other]};
      std::erase_if(made, std::not_fn(says_why));
      return made;
    }
    for (const Role role : {target, other}) take_times(records_[role], measured_.times[role]);
    records_[target].comparison = comparison();
    return {records_[target], records_[other]};
  }

 private:
  /// Whether a record is of one that was not timed.
  static bool says_why(const Record& record) {
    return record.rows == 0 || !record.findings.empty() || !record.absent.empty();
  }
  [[nodiscard]] bool failed() const { return std::ranges::any_of(records_, says_why); }

  void add_instance() {
    const OneCore one_core(measured_.ratio.size());
    const bool with_operand = impls::traits(pair_.target->map).takes_operand;
    Batch batch(cell_.format, cell_.n, rows_of(cell_), stretches_of(cell_), with_operand);
    Verifier verifier(batch);
    const auto made = [&](const impls::Implementation& one) { return contestant_of(cell_, one, batch, verifier); };
    Trio<Contestant> all{made(*pair_.target), made(*pair_.target), made(*pair_.other)};
    const bool ready = std::ranges::all_of(all, [](const Contestant& one) { return static_cast<bool>(one.run); });
    if (ready) time(all);
    for (std::size_t role = 0; role < roles; ++role) {
      if (all[role].accident) mark(all[role].record, *all[role].target, batch, *all[role].accident);
      records_[role] = std::move(all[role].record);
    }
  }

  /// All rounds of an instance, or those until one has an accident.
  void time(Trio<Contestant>& all) {
    if (measured_.ratio.empty())
      for (Contestant& one : all)
        calls_ = std::max(calls_, noting_accidents(one, [&] { return calls_in(plan_.seconds, one); }));
    auto& control = measured_.control.emplace_back();
    auto& ratio = measured_.ratio.emplace_back();
    for (int i = 0; i < plan_.rounds; ++i) {
      const Trio<double> times = round(all);
      if (std::ranges::any_of(all, [](const Contestant& one) { return one.accident.has_value(); })) return;
      control.push_back({times[target], times[again]});
      ratio.push_back({times[target], times[other]});
      for (std::size_t role = 0; role < roles; ++role)
        measured_.times[role].push_back(1e9 * times[role] / static_cast<double>(2 * calls_));
    }
  }

  /// Seconds of each: in a random order, then in the opposite one. Before a time is taken, one call brings back what
  /// the others drove out of the caches.
  Trio<double> round(Trio<Contestant>& all) {
    Trio<std::size_t> order{target, again, other};
    std::ranges::shuffle(order, random_);
    Trio<double> times{};
    const auto turn = [&](std::size_t role) {
      times[role] += noting_accidents(all[role], [&] {
        seconds_of(all[role], 1);
        return seconds_of(all[role], calls_);
      });
    };
    std::ranges::for_each(order, turn);
    std::for_each(order.rbegin(), order.rend(), turn);
    return times;
  }

  /// What `work` gives, or nothing where it ended in an accident, now or before.
  template <class Work>
  static auto noting_accidents(Contestant& one, const Work& work) -> decltype(work()) try {
    return one.accident ? 0 : work();
  } catch (const impls::Accident& met) {
    one.accident = met;
    return 0;
  }

  [[nodiscard]] Said said() const {
    const double confidence = 1 - 0.05 / static_cast<double>(plan_.looks.size());
    return {bench::ratio(measured_.control, confidence), bench::ratio(measured_.ratio, confidence)};
  }

  [[nodiscard]] std::string_view word(const Interval& interval) const {
    return reports::time_difference(interval.low, interval.high, plan_.threshold);
  }

  [[nodiscard]] bool decided(const Said& said) const {
    return word(said.control) == "no difference" && word(said.ratio) != "undecided";
  }

  [[nodiscard]] TimeComparison comparison() const {
    const auto [control, ratio] = said();
    TimeComparison made{
        pair_.other->name, plan_.threshold, measured_.ratio.size(), control.low, control.high, {}, {}, {}};
    if (word(control) == "no difference") {
      made.ratio = ratio.estimate;
      made.ratio_low = ratio.low;
      made.ratio_high = ratio.high;
    }
    return made;
  }

  const Pair& pair_;
  const Cell& cell_;
  const VersusPlan& plan_;
  std::mt19937_64 random_{1};
  std::size_t calls_ = 1;  ///< of every turn, the same for all
  Measured measured_;
  Trio<Record> records_;  ///< of the last instance
};

}  // namespace

std::vector<Record> versus(const std::vector<Pair>& pairs, const VersusPlan& plan,
                           const std::function<void(std::size_t done, std::size_t total)>& progress,
                           const std::stop_token& stop) {
  struct Meeting {
    Pair pair;
    Cell cell;
  };
  std::vector<Meeting> meetings;
  for (const Pair& pair : pairs)
    for (const Cell& cell : plan.cells)
      if (offers(*pair.target, cell.format) && offers(*pair.other, cell.format)) meetings.push_back({pair, cell});
  const std::size_t each = plan.looks.back();
  std::vector<Record> records;
  for (std::size_t i = 0; i < meetings.size(); ++i) {
    Duel duel(meetings[i].pair, meetings[i].cell, plan);
    std::size_t done = i * each;
    const auto instance_done = [&] {
      if (progress) progress(++done, meetings.size() * each);
    };
    if (!duel.fight(instance_done, stop)) break;
    std::ranges::move(duel.records(), std::back_inserter(records));
    if (progress) progress((i + 1) * each, meetings.size() * each);
  }
  return records;
}

}  // namespace audit::bench
