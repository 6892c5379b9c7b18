#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "impls/foreign/nursery.hpp"
#include "impls/foreign/protocol.hpp"
#include "impls/foreign/shared_memory.hpp"

namespace audit::impls::foreign {

using Seconds = std::chrono::duration<double>;

/// A descriptor that is closed at the end of its scope.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int opened) : number_(opened) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_ = -1;
};

struct Pipe {
  /// Throws std::system_error.
  Pipe();
  Descriptor read, write;
};

/// A running worker process and its shared memory. Killed, with all processes of its group, and reaped when it goes.
class Process {
 public:
  /// Starts it; it has not said anything yet. Throws std::system_error.
  Process(Nursery& nursery, const std::vector<std::string>& command);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  [[nodiscard]] SharedMemory& memory() { return memory_; }

  void send(Request request) const;
  /// Why no reply came.
  enum class Silence { ended, timed_out };
  struct Heard {
    std::optional<Reply> reply;
    Silence silence = Silence::ended;  ///< where there is no reply
  };
  [[nodiscard]] Heard hear(Seconds timeout) const;

  /// Waits for a process that has ended: how it did, in words.
  std::string obituary();

 private:
  SharedMemory memory_;
  Pipe requests_;  ///< both ends: a request to a worker that has gone raises no SIGPIPE
  Descriptor replies_;
  pid_t id_ = 0;  ///< 0: reaped
};

/// The name of a signal, as "SIGSEGV".
std::string signal_name(int signal);

}  // namespace audit::impls::foreign
