#pragma once

#include <sched.h>

#include <cstddef>

namespace audit::bench {

/// While it lives, all threads of this process, and all that they start, run on one of the cores that it may use, the
/// `turn`-th, counted round: what is timed in turn is timed on the same core, whatever else uses the others. A library
/// that is started meanwhile and asks how many cores there are finds one.
class OneCore {
 public:
  explicit OneCore(std::size_t turn);
  OneCore(const OneCore&) = delete;
  OneCore& operator=(const OneCore&) = delete;
  ~OneCore();

 private:
  cpu_set_t before_{};
};

}  // namespace audit::bench
