#include "bench/one_core.hpp"

#include <gtest/gtest.h>

#include <semaphore>
#include <set>
#include <thread>

namespace audit::bench {
namespace {

/// The cores that the calling thread may use.
std::set<std::size_t> cores() {
  cpu_set_t mine{};
  sched_getaffinity(0, sizeof mine, &mine);
  std::set<std::size_t> all;
  for (std::size_t core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &mine)) all.insert(core);
  return all;
}

TEST(OneCore, TakesEachInItsTurnAndGivesThemBack) {
  const auto before = cores();
  std::set<std::size_t> met;
  for (std::size_t turn = 0; turn < 2 * before.size(); ++turn) {
    const OneCore one(turn);
    EXPECT_EQ(cores().size(), 1U);
    met.insert(*cores().begin());
  }
  EXPECT_EQ(met, before);
  EXPECT_EQ(cores(), before);
}

TEST(OneCore, HoldsThreadsThatWereThereAndThoseThatAreStarted) {
  std::set<std::size_t> there, started;
  std::binary_semaphore go(0);
  std::thread earlier([&] {
    go.acquire();
    there = cores();
  });
  const OneCore one(0);
  go.release();
  earlier.join();
  std::thread([&] { started = cores(); }).join();
  EXPECT_EQ(there, cores());
  EXPECT_EQ(started, cores());
}

}  // namespace
}  // namespace audit::bench
