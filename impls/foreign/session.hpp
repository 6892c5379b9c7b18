#pragma once

#include <string>
#include <vector>

#include "impls/contract.hpp"
#include "impls/foreign/process.hpp"

namespace audit::impls::foreign {

/// How to start a worker and how long to wait for an answer.
struct Origin {
  std::vector<std::string> command;  ///< program and arguments
  std::string target;                ///< the target as the user names it, for messages
  Seconds timeout{30};               ///< for a call, and for the start
};

/// What a call is a call of.
struct Function {
  std::uint32_t place;  ///< in the Description
  Map map;
  Format format;
};

/// One worker that serves calls, one at a time. After an Accident that is fatal it can only be destroyed.
class Session {
 public:
  /// Starts the worker and waits until it has loaded the target. Throws std::runtime_error, one line for the user.
  Session(Nursery& nursery, const Origin& origin);

  [[nodiscard]] const Description& description() { return process_.memory().description(); }

  /// Runs a call in two tries (every third one in one), each of its arrays flush with the end of its memory in
  /// one of them and with the start in the other; gives what the first one wrote; the second one alone, and its answer,
  /// in a manner that is not the ordinary one. Returns the function's status; throws Accident.
  int run(const Function& function, const Call& call);
  /// Copies what calls of a function are to be timed on.
  void lay_out(const Function& function, const Timing& timing);
  /// Processor seconds that so many calls took on what was laid out. Throws Accident.
  double time(const Function& function, std::size_t calls);
  /// Whether a worker is still there that can be asked.
  [[nodiscard]] bool alive() const { return alive_; }

 private:
  /// Makes a request and waits for the reply. Throws Accident for every one that is not `done`.
  void finish(Request request, const Function& function);

  const Origin& origin_;
  Process process_;
  bool alive_ = true;
  std::size_t calls_ = 0;
};

}  // namespace audit::impls::foreign
