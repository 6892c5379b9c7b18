#pragma once

#include <sys/types.h>

#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace audit::impls::foreign {

/// What a new process finds open from memory_descriptor on (protocol.hpp); each is a higher number here.
using Given = std::array<int, 3>;

/// Starts worker processes, all from one thread of its own: PR_SET_PDEATHSIG kills a child when the thread that started
/// it ends, not when the program does. Outlives its children's work.
class Nursery {
 public:
  Nursery();
  Nursery(const Nursery&) = delete;
  Nursery& operator=(const Nursery&) = delete;
  ~Nursery();

  /// Starts `command` in a process group of its own (Ctrl-C in a terminal does not reach it), with no signal blocked or
  /// ignored, nothing to read, nowhere to print, and these descriptors. Throws std::system_error.
  pid_t start(const std::vector<std::string>& command, const Given& given);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void()>> orders_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace audit::impls::foreign
