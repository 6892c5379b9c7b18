#pragma once

#include <csignal>
#include <cstdint>

#include "impls/foreign/protocol.hpp"

namespace audit::impls::foreign::worker {

/// What a call has to leave as it found it: the floating-point control (rounding, FTZ, DAZ; exception flags may be
/// raised) and the signal mask of the thread.
class MachineState {
 public:
  /// As it is now.
  MachineState();
  /// Bits of Changed for what differs now; puts it back.
  [[nodiscard]] std::uint32_t restore() const;

 private:
  std::uint64_t fp_control_;
  std::uint16_t x87_control_;
  sigset_t signals_;
};

}  // namespace audit::impls::foreign::worker
