// No time is taken here: the targets' stopwatches are those of a machine that is made up.

#include "bench/versus.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <cmath>
#include <memory>
#include <random>
#include <set>

#include "bench/testing.hpp"

namespace audit::bench {
namespace {

using impls::f32;
using impls::f64;
using impls::Format;
using impls::Implementation;
using impls::Timing;
using reports::Record;

struct Machine {
  double drift = 0;       ///< how much slower it is with every second, as a logarithm
  double placement = 0;   ///< how much the time of an instance depends on where it lies
  double interrupts = 0;  ///< how many turns are interrupted
  double noise = 0.002;
  std::mt19937_64 random{1};
  double now = 0;
  std::size_t instances = 0;
  std::vector<std::string> turns{};
  std::set<int> cores{};  ///< how many an instance may use

  double take(double seconds) {
    const double slow = std::exp(drift * (now + seconds / 2));
    const bool interrupted = uniform() < interrupts;
    const double taken = seconds * slow * std::exp(noise * normal()) * (interrupted ? 1 + 4 * uniform() : 1);
    now += seconds;
    return taken;
  }
  double uniform() { return std::uniform_real_distribution<double>()(random); }
  double normal() { return std::normal_distribution<double>()(random); }
};

int cores() {
  cpu_set_t mine{};
  sched_getaffinity(0, sizeof mine, &mine);
  return CPU_COUNT(&mine);
}

/// A target whose call takes so many seconds on that machine.
Implementation on(Machine& machine, std::string name, double seconds) {
  Implementation made = testing::idle(name);
  made.stopwatch = [&machine, name, seconds](const Format&, const Timing&) -> impls::Stopwatch {
    ++machine.instances;
    machine.cores.insert(cores());
    const double placed = seconds * std::exp(machine.placement * machine.normal());
    return [&machine, name, placed](std::size_t calls) {
      machine.turns.push_back(name);
      return machine.take(placed * static_cast<double>(calls));
    };
  };
  return made;
}

VersusPlan plan() {
  VersusPlan made;
  made.cells = {{f32, 100, true}};
  return made;
}

std::vector<Record> compare(Machine& machine, double seconds, double other_seconds) {
  const Implementation target = on(machine, "target", seconds), other = on(machine, "other", other_seconds);
  return versus({{&target, &other}}, plan(), {});
}

std::string_view said(const Record& record) {
  const auto& with = record.comparison.value();
  return with.ratio ? reports::time_difference(*with.ratio_low, *with.ratio_high, with.threshold) : "nothing";
}

TEST(Versus, FivePerCentIsSeenAndNothingIsNot) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    for (const auto& [seconds, word] :
         {std::pair{1.05e-4, "slower"}, {1e-4, "no difference"}, {1e-4 / 1.05, "faster"}}) {
      Machine machine{.placement = 0.004, .interrupts = 0.1, .random = std::mt19937_64(seed)};
      EXPECT_EQ(said(compare(machine, seconds, 1e-4).front()), word) << seed;
    }
  }
}

// 10 % slower from one round to the next.
TEST(Versus, ASteadyDriftIsInAllOfThem) {
  const VersusPlan with = plan();
  Machine machine{.drift = std::log(1.1) / (6 * (with.seconds + 1e-4)), .noise = 1e-4};
  const auto found = compare(machine, 1e-4, 1e-4).front().comparison.value();
  EXPECT_NEAR(found.ratio.value(), 1, 0.001);
  EXPECT_LT(*found.ratio_high - *found.ratio_low, 0.004);
}

TEST(Versus, TheRecordsAreThoseOfSpeedAndTheTargetsHasTheComparison) {
  Machine machine;
  const auto records = compare(machine, 2e-4, 1e-4);
  ASSERT_EQ(records.size(), 2U);
  const Record& target = records[0];
  EXPECT_EQ(target.target, "target");
  EXPECT_EQ(target.kind, "speed");
  EXPECT_EQ(target.cache, "in");
  const auto elements = static_cast<double>(target.rows * target.n);
  EXPECT_NEAR(target.ns_median.value(), 2e5 / elements, 0.01 * 2e5 / elements);
  EXPECT_LT(target.ns_min.value(), *target.ns_median);
  EXPECT_GT(target.ns_max.value(), *target.ns_median);
  EXPECT_DOUBLE_EQ(target.gb_per_s.value(), 8 / *target.ns_median);
  EXPECT_EQ(target.comparison->versus, "other");
  EXPECT_EQ(target.comparison->threshold, 0.02);
  EXPECT_NEAR(target.comparison->ratio.value(), 2, 0.01);
  EXPECT_LT(target.comparison->ratio_low.value(), *target.comparison->ratio);
  EXPECT_GT(target.comparison->ratio_high.value(), *target.comparison->ratio);
  EXPECT_LE(target.comparison->control_low, 1);
  EXPECT_GE(target.comparison->control_high, 1);
  EXPECT_EQ(records[1].target, "other");
  EXPECT_NEAR(records[1].ns_median.value(), 1e5 / elements, 0.01 * 1e5 / elements);
  EXPECT_FALSE(records[1].comparison);
}

TEST(Versus, WhereTheControlFailsNothingIsSaid) {
  Machine machine{.placement = 0.2};
  const Record record = compare(machine, 2e-4, 1e-4).front();
  EXPECT_EQ(said(record), "nothing");
  EXPECT_FALSE(record.comparison->ratio_low || record.comparison->ratio_high);
  EXPECT_GT(record.comparison->control_high - record.comparison->control_low, 0.04);
  EXPECT_EQ(record.comparison->instances, plan().looks.back());
}

TEST(Versus, ItStopsAtTheFirstLookThatTells) {
  Machine quiet, loud{.placement = 0.014};
  EXPECT_EQ(compare(quiet, 1e-4, 1e-4).front().comparison->instances, plan().looks.front());
  const Record record = compare(loud, 1e-4, 1e-4).front();
  EXPECT_EQ(said(record), "no difference");
  EXPECT_GT(record.comparison->instances, plan().looks.front());
}

// The threshold itself cannot be told from either side.
TEST(Versus, AtTheThresholdItStaysUndecided) {
  Machine machine{.placement = 0.005};
  const Record record = compare(machine, 1.02e-4, 1e-4).front();
  EXPECT_EQ(said(record), "undecided");
  EXPECT_EQ(record.comparison->instances, plan().looks.back());
}

TEST(Versus, AllAreMadeAnewForEveryInstanceOnOneCore) {
  const int before = cores();
  Machine machine;
  const auto records = compare(machine, 1e-4, 1e-4);
  EXPECT_EQ(machine.instances, 3 * records.front().comparison->instances);
  EXPECT_EQ(machine.cores, std::set<int>{1});
  EXPECT_EQ(cores(), before);
}

// The same draws, looked at once with 95 % or, as one of three looks, with more.
TEST(Versus, EveryLookHasItsShareOfTheFivePerCent) {
  Machine looked_at_once{.placement = 0.003}, one_of_three = looked_at_once;
  VersusPlan once = plan();
  once.looks = {12};
  const Implementation target = on(looked_at_once, "t", 1e-4), other = on(looked_at_once, "o", 1e-4);
  const auto narrow = versus({{&target, &other}}, once, {}).front().comparison.value();
  const auto wide = compare(one_of_three, 1e-4, 1e-4).front().comparison.value();
  EXPECT_EQ(wide.instances, narrow.instances);
  EXPECT_EQ(wide.ratio, narrow.ratio);
  EXPECT_LT(wide.ratio_low, narrow.ratio_low);
  EXPECT_GT(wide.ratio_high, narrow.ratio_high);
}

// Behind the turns that find out how many calls there are in one, each turn is one call and many.
TEST(Versus, TheOrderIsMirroredAndNotAlwaysTheSame) {
  Machine machine;
  const Implementation target = on(machine, "t", 1e-4), other = on(machine, "o", 1e-4);
  VersusPlan once = plan();
  once.looks = {1};
  once.rounds = 50;
  versus({{&target, &other}}, once, {});
  ASSERT_GE(machine.turns.size(), 600U);
  std::set<std::string> orders;
  for (auto turn = machine.turns.end() - 600; turn != machine.turns.end(); turn += 12) {
    std::string order;
    for (int i = 0; i < 12; i += 2) {
      EXPECT_EQ(turn[i], turn[i + 1]);
      order += turn[i];
    }
    EXPECT_EQ(order, std::string(order.rbegin(), order.rend()));
    orders.insert(order);
  }
  EXPECT_EQ(orders.size(), 3U);
}

TEST(Versus, AWrongAnswerIsNotCompared) {
  Machine machine;
  const Implementation right = on(machine, "right", 1e-4);
  Implementation wrong = testing::answering("wrong", [](const Format& format, const impls::Row& row) {
    testing::Row answer = testing::rounded(format, row);
    answer[1] = NAN;
    return answer;
  });
  for (const bool first : {true, false}) {
    const auto records = versus({first ? Pair{&wrong, &right} : Pair{&right, &wrong}}, plan(), {});
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records.front().target, "wrong");
    EXPECT_EQ(records.front().findings.size(), 1U);
    EXPECT_FALSE(records.front().ns_median || records.front().comparison);
  }
  EXPECT_TRUE(machine.turns.empty());
}

TEST(Versus, AnAccidentEndsIt) {
  Machine machine;
  const Implementation target = on(machine, "target", 1e-4);
  Implementation other = on(machine, "other", 1e-4);
  other.stopwatch = [inner = other.stopwatch, &machine](const Format& format,
                                                        const Timing& timing) -> impls::Stopwatch {
    return [watch = inner(format, timing), &machine](std::size_t calls) {
      if (machine.turns.size() > 100) throw impls::Accident(impls::Accident::Kind::crashed, "fell over");
      return watch(calls);
    };
  };
  const auto records = versus({{&target, &other}}, plan(), {});
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records.front().target, "other");
  EXPECT_EQ(records.front().outcomes.at("crashed"), 1U);
  EXPECT_EQ(records.front().findings.size(), 1U);
}

TEST(Versus, OnlyInFormatsThatBothOffer) {
  Machine machine;
  const Implementation target = on(machine, "target", 1e-4);
  Implementation other = on(machine, "other", 1e-4);
  other.formats = {f32};
  VersusPlan both = plan();
  both.cells = {{f64, 100, true}, {f32, 100, true}};
  const auto records = versus({{&target, &other}}, both, {});
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records.front().format, "f32");
}

TEST(Versus, ProgressEndsAtItsTotalAndAStopLeavesNothing) {
  Machine machine;
  const Implementation target = on(machine, "target", 1e-4), other = on(machine, "other", 1e-4);
  std::size_t seen = 0, of = 0;
  versus({{&target, &other}}, plan(), [&](std::size_t done, std::size_t total) { seen = done, of = total; });
  EXPECT_EQ(seen, plan().looks.back());
  EXPECT_EQ(of, seen);
  std::stop_source stop;
  const auto stopping = [&](std::size_t, std::size_t) { stop.request_stop(); };
  EXPECT_TRUE(versus({{&target, &other}}, plan(), stopping, stop.get_token()).empty());
}

}  // namespace
}  // namespace audit::bench
