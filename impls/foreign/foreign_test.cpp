// What becomes of calls in a worker process: the answers of honest functions, and the accidents of the others.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "impls/catalogue.hpp"

// What testing/flushing.h sets: two bits, but one on Arm.
#if defined(__x86_64__)
#define FLUSHING_LEFT "left flush-to-zero (FTZ), denormals-are-zero (DAZ)"
#else
#define FLUSHING_LEFT "left flush-to-zero (FTZ)"
#endif

namespace audit::impls {
namespace {

using Kind = Accident::Kind;

Implementation function(const std::string& target, double timeout = 30) {
  return load(std::string(PLUGINS) + "/" + target, {.timeout = timeout}).at(0);
}

std::optional<Accident> accident(const Implementation& target, const Row& row) {
  try {
    ask(target, f32, row);
  } catch (const Accident& met) {
    return met;
  }
  return std::nullopt;
}

Row row_of(std::size_t n) {
  Row row;
  for (std::size_t j = 0; j < n; ++j) row.x.push_back(round_to(f32, 5 * std::sin(static_cast<double>(n + 2 * j))));
  return row;
}

std::vector<double> bits_of(const Answer& answer) { return answer.y; }

/// Three passes by libm's expf, as the catalogue's `stable` does: the same bits wherever they are computed.
TEST(Foreign, AnswersLikeTheSameKernelHere) {
  const Implementation there = function("honest.so:three_pass");
  const Implementation& here = *find("stable");
  for (const std::size_t n : {1, 2, 3, 8, 17, 1000, 20000, 40000}) {
    Row row = row_of(n);
    EXPECT_EQ(bits_of(ask(there, f32, row)), bits_of(ask(here, f32, row))) << n;
    row.temperature = 0.5;
    EXPECT_EQ(bits_of(ask(there, f32, row)), bits_of(ask(here, f32, row))) << n;
  }
}

TEST(Foreign, TakesEveryLayoutThatTheCallNames) {
  const Implementation there = function("honest.so:three_pass");
  const Implementation& here = *find("stable");
  const std::vector<Row> rows{row_of(5), row_of(5), {.x = {1, 2, 3, 4, 5}}, {.x = {0, 0, 0, 0, -80}}};
  const Layout batch = contiguous(Map::softmax, 4, 5);
  const Layout gaps{{2, 5, 2}, {50, 8, 3}, {10, 2, 1}}, wide{{2, 5, 2}, {10, 2, 1}, {50, 8, 3}};
  Layout in_place = gaps;
  in_place.y = in_place.x;
  in_place.in_place = true;
  for (const Layout& layout : {batch, gaps, wide, in_place}) {
    const Answers got = ask(there, f32, rows, layout), want = ask(here, f32, rows, layout);
    ASSERT_EQ(got.status, 0);
    EXPECT_FALSE(got.strayed);
    for (std::size_t row = 0; row < rows.size(); ++row) EXPECT_EQ(got.row(row).y, want.row(row).y);
  }
}

TEST(Foreign, SaysWhatItDoesNotSupport) { EXPECT_EQ(ask(function("honest.so:unsupported"), f64, row_of(3)).status, 7); }

TEST(Foreign, ServesThreadsAtOnce) {
  const Implementation target = function("honest.so:three_pass");
  const Implementation& here = *find("stable");
  std::vector<std::jthread> threads;
  for (std::size_t t = 1; t <= 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t n = t; n < 60; n += 4) EXPECT_EQ(ask(target, f32, row_of(n)).y, ask(here, f32, row_of(n)).y);
    });
}

/// What a thread asks is what its worker was asked, whatever others ask in between: a function with a memory answers it
/// as if it were alone.
TEST(Foreign, AnswersAThreadByOneProcess) {
  constexpr std::size_t asked = 12;
  using Heard = std::vector<std::vector<double>>;
  const auto hear = [](const Implementation& target, const auto& between) {
    Heard heard;
    for (std::size_t i = 0; i < asked; ++i) {
      heard.push_back(ask(target, f32, row_of(5)).y);
      between();
    }
    return heard;
  };
  const Heard alone = hear(function("bad.so:remembers"), [] {});
  ASSERT_LT(std::ranges::count(alone, alone.front()), asked);
  const Implementation shared = function("bad.so:remembers");
  std::barrier turns(2);
  const auto in_turn = [&turns] { turns.arrive_and_wait(); };
  Heard other;
  std::jthread second([&] {
    in_turn();
    other = hear(shared, in_turn);
  });
  EXPECT_EQ(hear(shared, in_turn), alone);
  in_turn();
  second.join();
  EXPECT_EQ(other, alone);
}

struct Defect {
  const char* function;
  Kind kind;
  const char* what;
  std::optional<std::size_t> element{};
};

class Defects : public testing::TestWithParam<Defect> {};

/// The accident names itself, its row, and the next call is served as if nothing had happened.
TEST_P(Defects, AreToldApart) {
  const auto& [name, kind, what, element] = GetParam();
  const Implementation target = function("bad.so:" + std::string(name), 0.3);
  for (int again = 0; again < 2; ++again) {
    const auto met = accident(target, row_of(17));
    ASSERT_TRUE(met);
    EXPECT_EQ(met->kind, kind) << label(met->kind);
    EXPECT_EQ(std::string(met->what()).substr(0, std::string_view(what).size()), what);
    EXPECT_EQ(met->element, element);
    EXPECT_EQ(met->row, row_of(17));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Bad, Defects,
    testing::Values(Defect{"divides_by_zero", Kind::crashed, "SIGFPE"}, Defect{"aborts", Kind::crashed, "SIGABRT"},
                    Defect{"exits", Kind::crashed, "ended its process with exit status 3"},
                    Defect{"dereferences_null", Kind::crashed, "SIGSEGV: wrote address 0x0"},
                    Defect{"overflows_its_stack", Kind::crashed, "SIGSEGV: wrote address 0x7"},
                    Defect{"loops", Kind::timed_out, "no answer within 0.3 s"},
                    Defect{"writes_past_the_end", Kind::trespassed, "wrote element 17 of y, one past the end", 17},
                    Defect{"reads_before_the_start", Kind::trespassed, "read element -1 of x, one before the start"},
                    Defect{"reads_a_whole_vector", Kind::trespassed, "read element 17 of x, one past the end"},
                    Defect{"changes_its_input", Kind::trespassed, "changed its input x[16]"},
                    Defect{"leaves_ftz", Kind::trespassed, FLUSHING_LEFT " changed"},
                    Defect{"leaves_rounding_up", Kind::trespassed, "left the rounding mode changed"},
                    Defect{"blocks_a_signal", Kind::trespassed, "left the signal mask changed"}),
    [](const auto& instance) { return std::string(instance.param.function); });

/// Told with the first call; after it, rows are answered in the modes that were found.
TEST(Foreign, MayNotChangeTheModesWhenItIsLoaded) {
  const Implementation target = function("fast_math.so:three_pass");
  const Row row{.x = {0, -95}};
  const auto met = accident(target, row);
  ASSERT_TRUE(met);
  EXPECT_EQ(met->kind, Kind::trespassed);
  EXPECT_STREQ(met->what(), FLUSHING_LEFT " changed when it was loaded");
  EXPECT_EQ(bits_of(ask(target, f32, row)), bits_of(ask(function("honest.so:three_pass"), f32, row)));
}

/// A target may write over what the program shares with it; whatever becomes of that call, the program goes on.
TEST(Foreign, MayTrampleOnTheRequest) {
  const Implementation target = function("bad.so:tramples_on_the_request", 0.5);
  for (const std::size_t n : {17, 17, 2000, 17, 100'000}) accident(target, row_of(n));
  EXPECT_EQ(bits_of(ask(function("honest.so:three_pass"), f32, row_of(17))),
            bits_of(ask(*find("stable"), f32, row_of(17))));
}

/// The timeout is for one call, and a row is asked by two.
TEST(Foreign, MayTakeAsLongAsTheTimeoutForEachCall) {
  EXPECT_FALSE(accident(function("bad.so:takes_its_time", 0.35), row_of(17)));
  const auto met = accident(function("bad.so:takes_its_time", 0.1), row_of(17));
  ASSERT_TRUE(met);
  EXPECT_EQ(met->kind, Kind::timed_out);
}

/// Nothing is written for a row without entries: what lies there is not even memory.
TEST(Foreign, MayNotWriteAnythingOfAnEmptyRow) {
  EXPECT_FALSE(accident(function("bad.so:honest"), {}));
  const auto met = accident(function("bad.so:writes_of_nothing"), {});
  ASSERT_TRUE(met);
  EXPECT_STREQ(met->what(), "wrote element 0 of y, one past the end");
}

TEST(Foreign, IsNotAskedForEver) {
  const Implementation target = function("bad.so:aborts");
  int crashes = 0;
  for (auto met = accident(target, row_of(2)); met && met->kind == Kind::crashed; met = accident(target, row_of(2)))
    ++crashes;
  EXPECT_EQ(crashes, 60);
  EXPECT_EQ(accident(target, row_of(2))->kind, Kind::given_up);
}

/// The processes that this one has started and not reaped.
std::vector<pid_t> children() {
  std::vector<pid_t> found;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(task.path() / "children");
    for (pid_t child = 0; list >> child;) found.push_back(child);
  }
  return found;
}

TEST(Foreign, SurvivesThatAWorkerIsKilled) {
  const Implementation target = function("bad.so:loops");
  ASSERT_EQ(children().size(), 1U);
  std::jthread killer([worker = children()[0]] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    kill(worker, SIGKILL);
  });
  const auto met = accident(target, row_of(3));
  ASSERT_TRUE(met);
  EXPECT_EQ(met->kind, Kind::crashed);
  EXPECT_STREQ(met->what(), "was killed by SIGKILL");
}

std::size_t descriptors() {
  return static_cast<std::size_t>(std::ranges::distance(std::filesystem::directory_iterator("/proc/self/fd")));
}

TEST(Foreign, LeavesNothingBehind) {
  const std::size_t before = descriptors();
  {
    const Implementation target = function("bad.so:aborts");
    accident(target, row_of(3));
    ask(function("bad.so:honest"), f32, row_of(3));
  }
  EXPECT_EQ(descriptors(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a process is left";
}

TEST(Foreign, ClaimsWhatItPromises) {
  const Implementation target = function("honest.so:three_pass");
  EXPECT_EQ(target.claim.promises,
            strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals);
  EXPECT_FALSE(target.claim.bounds);
  EXPECT_EQ(function("honest.so:zero").claim.all_masked, AllMasked::zero);
  EXPECT_EQ(function("honest.so:uniform").claim.all_masked, AllMasked::uniform);
}

/// In place of a crossing for each call: the worker times itself, and the time is that of the calls.
TEST(Foreign, IsTimedWhereItRuns) {
  const Implementation target = function("honest.so:three_pass");
  std::vector<float> x(4096 * 3, 1.0F), y(x.size());
  Timing timing{{{1, 4096, 1}, x.data(), {4096, 1, 1}, y.data(), {4096, 1, 1}}, 3, 4096 * sizeof(float)};
  const Stopwatch stopwatch = target.stopwatch(f32, timing);
  const double few = stopwatch(2), many = stopwatch(200);
  EXPECT_GT(few, 0);
  EXPECT_GT(many, 20 * few);
  EXPECT_THROW(function("bad.so:aborts").stopwatch(f32, timing)(1), Accident);
}

}  // namespace
}  // namespace audit::impls
