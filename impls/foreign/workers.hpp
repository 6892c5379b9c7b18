#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "impls/foreign/session.hpp"

namespace audit::impls::foreign {

/// The workers of one target: one for each thread that asks it, so that what a thread asks one after another reaches
/// one process, whatever else is asked. A worker that had an accident is replaced, until a function has cost too much
/// of that: then it is not asked any more.
class Workers {
 public:
  /// Starts the first one. Throws std::runtime_error, one line for the user, when the target cannot be loaded.
  explicit Workers(Origin origin);

  [[nodiscard]] const Description& description() const { return *description_; }
  /// Session::run, by the worker of this thread.
  int run(const Function& function, const Call& call);

  /// Times a function in a worker of its own.
  Stopwatch stopwatch(const Function& function, const Timing& timing);

 private:
  /// What accidents of a function have cost so far.
  struct Cost {
    int workers = 0;
    Seconds time{0};
  };

  std::unique_ptr<Session> take(const Function& function);
  void give_back(std::unique_ptr<Session> session);
  void charge(const Function& function, Seconds time);

  const Origin origin_;
  Nursery nursery_;
  std::unique_ptr<const Description> description_;
  std::mutex mutex_;
  std::map<std::thread::id, std::unique_ptr<Session>> idle_;  ///< by the thread that they answer
  std::vector<Cost> costs_;                                   ///< by place
};

}  // namespace audit::impls::foreign
