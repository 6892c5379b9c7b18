// The manner of a call: what a kernel finds in it, and what it must leave.

#include "impls/manners.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <array>
#include <atomic>
#include <cfenv>
#include <cmath>
#include <mutex>
#include <set>
#include <thread>

#include "impls/catalogue.hpp"

namespace audit::impls {
namespace {

using Rounding = Manner::Rounding;

/// A target of f64 rows in this process, whose kernel is `run`.
Implementation target_of(Kernel run) {
  Implementation target;
  target.name = "spy";
  target.formats = {f64};
  target.prepare = [run = std::move(run)](const Format&, const Shape&) { return run; };
  return target;
}

int copy(const Call& call) {
  std::copy_n(static_cast<const double*>(call.x), call.shape.outer * call.shape.n, static_cast<double*>(call.y));
  return 0;
}

Row row_of(double x) { return {std::vector<double>(4, x)}; }

/// Half of the smallest normal number, as the machine computes it: 0 where subnormals are flushed.
double half_of_smallest() {
  const volatile double smallest = 0x1p-1022, half = 0.5;
  return smallest * half;
}

int cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  return CPU_COUNT(&set);
}

TEST(Manner, IsFoundByTheKernelAndGoneAfterwards) {
  std::vector<int> rounding, on_cores;
  std::vector<double> halves;
  const auto target = target_of([&](const Call& call) {
    rounding.push_back(std::fegetround());
    halves.push_back(half_of_smallest());
    on_cores.push_back(cores());
    return copy(call);
  });
  ask(target, f64, row_of(1), {.rounding = Rounding::up});
  ask(target, f64, row_of(1), {.rounding = Rounding::down});
  ask(target, f64, row_of(1), {.rounding = Rounding::toward_zero});
  ask(target, f64, row_of(1), {.flushing = true});
  ask(target, f64, row_of(1), {.one_core = true});
  // Each time in the ordinary manner first.
  const int nearest = FE_TONEAREST;
  EXPECT_EQ(rounding, (std::vector{nearest, FE_UPWARD, nearest, FE_DOWNWARD, nearest, FE_TOWARDZERO, nearest, nearest,
                                   nearest, nearest}));
  EXPECT_EQ(halves[6], 0x1p-1023);
  EXPECT_EQ(halves[7], 0);
  EXPECT_EQ(on_cores[8], cores());
  EXPECT_EQ(on_cores[9], 1);
  EXPECT_EQ(std::fegetround(), nearest);
  EXPECT_EQ(half_of_smallest(), 0x1p-1023);
}

/// Restores what is to nearest, wherever it started from.
TEST(Manner, ThatIsLeftChangedIsATrespass) {
  const auto target = target_of([](const Call& call) {
    std::fesetround(FE_TONEAREST);
    return copy(call);
  });
  EXPECT_NO_THROW(ask(target, f64, row_of(1), {.flushing = true}));
  try {
    ask(target, f64, row_of(1), {.rounding = Rounding::up});
    FAIL() << "no accident";
  } catch (const Accident& met) {
    EXPECT_EQ(met.kind, Accident::Kind::trespassed);
    EXPECT_STREQ(met.what(), "left the rounding mode changed");
    EXPECT_EQ(met.row, row_of(1));
  }
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

TEST(Manner, AsksEveryRowByAThreadOfItsOwn) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::atomic<int> calls = 0;
  const auto target = target_of([&](const Call& call) {
    const std::scoped_lock lock(mutex);
    threads.insert(std::this_thread::get_id());
    calls += call.shape.outer == 1;
    return copy(call);
  });
  const std::vector<Row> rows{row_of(1), row_of(2), row_of(3)};
  const auto answers = ask(target, f64, rows, contiguous(Map::softmax, 3, 4), {.times = 100});
  EXPECT_EQ(threads.size(), 4U);  // and the one that asks each row alone before, the second twice
  EXPECT_EQ(calls, 4 + 300);
  for (const std::size_t i : {0, 2}) EXPECT_EQ(answers.row(i).y, rows[i].x);
}

/// Every other row; where it is refused, the row as it is.
TEST(Manner, AsksOtherArgumentsAtTheSameTime) {
  for (const bool refuses : {false, true}) {
    std::array<std::atomic<int>, 3> plain{}, other{};
    const auto target = target_of([&](const Call& call) {
      if (call.shape.outer > 1) return copy(call);
      const auto row = static_cast<std::size_t>(*static_cast<const double*>(call.x));
      const bool is_other = call.shape.n == 3 && call.temperature == 1;
      EXPECT_TRUE(is_other || (call.shape.n == 4 && call.temperature == 2));
      ++(is_other ? other : plain)[row];
      return is_other && refuses ? 1 : copy(call);
    });
    std::vector<Row> rows{row_of(0), row_of(1), row_of(2)};
    for (Row& row : rows) row.temperature = 2;
    EXPECT_EQ(ask(target, f64, rows, contiguous(Map::softmax, 3, 4), {.times = 50}).status, 0);
    for (const std::size_t row : {0, 2}) EXPECT_TRUE(plain[row] == 51 && other[row] == 0);
    EXPECT_EQ(plain[1], refuses ? 51 : 0);
    EXPECT_EQ(other[1], refuses ? 1 : 52);
  }
}

/// An index into the row, or of a node, may name the last entry.
TEST(Manner, LeavesOutNoEntryThatAnIndexCountsOn) {
  std::size_t n = 4;
  double temperature = 2;
  other_arguments(n, temperature, true, 1);
  EXPECT_EQ(n, 4U);
  EXPECT_EQ(temperature, 1);
}

/// Five parts of three rows, of which the last has less.
TEST(Manner, AsksSeveralRowsByAThreadWhereThereAreMany) {
  std::mutex mutex;
  std::multiset<std::pair<std::size_t, double>> calls;
  const auto target = target_of([&](const Call& call) {
    const std::scoped_lock lock(mutex);
    if (call.shape.outer < 13) calls.emplace(call.shape.outer, *static_cast<const double*>(call.x));
    return copy(call);
  });
  std::vector<Row> rows;
  for (int i = 0; i < 13; ++i) rows.push_back(row_of(i));
  const auto answers = ask(target, f64, rows, contiguous(Map::softmax, 13, 4), {.times = 10});
  for (std::size_t i = 0; i < 13; ++i) EXPECT_EQ(answers.row(i).y, rows[i].x);
  for (const double first : {0, 3, 6, 9}) EXPECT_GE(calls.count({3, first}), 11U);
  EXPECT_EQ(calls.count({1, 12}), 11U);
}

/// A result that is another once is what is given.
TEST(Manner, KeepsTheFirstResultThatIsAnother) {
  std::atomic<int> calls = 0;
  const auto target = target_of([&](const Call& call) {
    copy(call);
    if (call.shape.outer == 1 && static_cast<const double*>(call.x)[0] == 1 && ++calls == 50)
      static_cast<double*>(call.y)[3] = 7;
    return 0;
  });
  const auto answers = ask(target, f64, {row_of(1), row_of(2)}, contiguous(Map::softmax, 2, 4), {.times = 100});
  EXPECT_EQ(answers.row(0).y, (std::vector<double>{1, 1, 1, 7}));
  EXPECT_EQ(calls, 50);
}

TEST(Manner, LetsWhatACallThrowsThrough) {
  const auto target = target_of([](const Call& call) -> int {
    if (call.shape.outer == 1) throw std::runtime_error("raised");
    return copy(call);
  });
  const std::vector<Row> rows{row_of(1), row_of(2)};
  EXPECT_THROW(ask(target, f64, rows, contiguous(Map::softmax, 2, 4), {.times = 2}), std::runtime_error);
}

}  // namespace
}  // namespace audit::impls
