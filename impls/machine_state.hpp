#pragma once

#include <csignal>
#include <cstdint>

#include "impls/contract.hpp"

namespace audit::impls {

/// What a call left behind that it did not find, bits.
enum Changed : std::uint32_t {
  rounding_mode = 1,
  flush_to_zero = 2,
  denormals_are_zero = 4,
  fp_control = 8,
  signals = 16,
  when_loaded = 32  ///< of the others: not by a call, by loading the library
};

/// A trespass that says in words what was left changed, bits of Changed, not 0.
Accident left_changed(std::uint32_t changed);

/// What a call has to leave as it found it: the floating-point control (rounding, FTZ, DAZ; exception flags may be
/// raised) and the signal mask of the thread.
class MachineState {
 public:
  /// As it is now.
  MachineState();
  /// Sets the floating-point modes of a manner.
  static void set(const Manner& manner);
  /// Bits of Changed for what differs now; puts it back.
  [[nodiscard]] std::uint32_t restore() const;

 private:
  std::uint64_t fp_control_;
  std::uint16_t x87_control_;
  sigset_t signals_{};
};

}  // namespace audit::impls
