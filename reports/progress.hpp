#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace audit::reports {

/// Progress of one piece of work on stderr: a bar with an estimate of the time left on a terminal; otherwise a plain
/// line at the start, at the end, and every 20 s. Not for use from two threads at once.
class Progress {
 public:
  explicit Progress(std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// How far it is; `note` stands behind.
  void at(double fraction, const std::string& note = "");

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  bool terminal_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point drawn_{};
};

}  // namespace audit::reports
