#pragma once

#include <stdexcept>
#include <string_view>

#include "impls/foreign/protocol.hpp"
#include "impls/foreign/worker/inside.hpp"
#include "impls/machine_state.hpp"

namespace audit::impls::foreign::worker {

/// This process was not started as a worker, or its program has gone.
struct NotStarted : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The worker's end of the conversation that protocol.hpp tells of, from the start of the process to its end.
class Session {
 public:
  /// Maps the shared memory, sees to it that the worker does not outlive the program, and leaves last words from here
  /// on. Throws NotStarted.
  Session();

  /// Says why the target cannot be audited.
  void refuse(std::string_view what);
  /// Describes the target and serves its calls until the program goes; the first is told what loading the target has
  /// changed since the session began: libraries linked with -ffast-math set FTZ and DAZ then. Throws what describe()
  /// throws.
  void serve(const Inside& target);

 private:
  Control* control_;
  Description* description_;
  MachineState before_;
};

}  // namespace audit::impls::foreign::worker
