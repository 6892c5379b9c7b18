#include "bench/one_core.hpp"

#include <filesystem>
#include <string>

namespace audit::bench {
namespace {

/// A thread that has ended meanwhile needs none.
void let_all_threads_run_on(const cpu_set_t& cores) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task"))
    sched_setaffinity(std::stoi(task.path().filename()), sizeof cores, &cores);
}

}  // namespace

OneCore::OneCore(std::size_t turn) {
  sched_getaffinity(0, sizeof before_, &before_);
  std::size_t left = turn % static_cast<std::size_t>(CPU_COUNT(&before_));
  std::size_t core = 0;
  while (!CPU_ISSET(core, &before_) || left-- > 0) ++core;
  cpu_set_t one{};
  CPU_SET(core, &one);
  let_all_threads_run_on(one);
}

OneCore::~OneCore() { let_all_threads_run_on(before_); }

}  // namespace audit::bench
