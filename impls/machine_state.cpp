#include "impls/machine_state.hpp"

#include <pthread.h>

#include <array>
#include <cfenv>
#include <cstring>
#include <string>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace audit::impls {
namespace {

/// A control register, and which of its bits are what.
struct Bits {
  std::uint64_t rounding, flush_to_zero, denormals_are_zero;
};

#if defined(__x86_64__)
// Intel SDM volume 1, 10.2.3 (MXCSR; its low six bits are the exception flags) and 8.1.5 (x87 control word).
constexpr Bits bits{0x6000, 0x8000, 0x0040};
std::uint64_t read_fp_control() { return _mm_getcsr() & ~0x3fU; }
void write_fp_control(std::uint64_t value) { _mm_setcsr(static_cast<unsigned>(value) | (_mm_getcsr() & 0x3fU)); }
std::uint16_t read_x87_control() {
  std::uint16_t word = 0;
  asm volatile("fnstcw %0" : "=m"(word));
  return word;
}
void write_x87_control(std::uint16_t word) { asm volatile("fldcw %0" : : "m"(word)); }
#elif defined(__aarch64__)
// Arm ARM, FPCR: RMode, FZ with FZ16, FIZ; the exception flags are in FPSR.
constexpr Bits bits{0xc00000, 0x1080000, 0x1};
std::uint64_t read_fp_control() {
  std::uint64_t value = 0;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
void write_fp_control(std::uint64_t value) { asm volatile("msr fpcr, %0" : : "r"(value)); }
std::uint16_t read_x87_control() { return 0; }
void write_x87_control(std::uint16_t) {}
#else
#error "say here which bits of the floating-point control are the rounding mode and the flushing of subnormals"
#endif

constexpr std::uint16_t x87_rounding = 0x0c00;

/// Of sets whose bytes were all 0 at first: pthread_sigmask writes those of real signals alone.
bool same(const sigset_t& a, const sigset_t& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

std::uint32_t differences(std::uint64_t fp, std::uint16_t x87) {
  std::uint32_t changed = 0;
  if ((fp & bits.rounding) || (x87 & x87_rounding)) changed |= rounding_mode;
  if (fp & bits.flush_to_zero) changed |= flush_to_zero;
  if (fp & bits.denormals_are_zero) changed |= denormals_are_zero;
  if ((fp & ~(bits.rounding | bits.flush_to_zero | bits.denormals_are_zero)) || (x87 & ~x87_rounding))
    changed |= fp_control;
  return changed;
}

}  // namespace

MachineState::MachineState() : fp_control_(read_fp_control()), x87_control_(read_x87_control()) {
  pthread_sigmask(SIG_SETMASK, nullptr, &signals_);
}

void MachineState::set(const Manner& manner) {
  constexpr std::array modes{FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
  std::fesetround(modes[static_cast<std::size_t>(manner.rounding)]);
  const std::uint64_t flushing = bits.flush_to_zero | bits.denormals_are_zero;
  const std::uint64_t now = read_fp_control();
  write_fp_control(manner.flushing ? now | flushing : now & ~flushing);
}

std::uint32_t MachineState::restore() const {
  const MachineState now;
  std::uint32_t changed =
      differences(now.fp_control_ ^ fp_control_, static_cast<std::uint16_t>(now.x87_control_ ^ x87_control_));
  if (changed) {
    write_fp_control(fp_control_);
    write_x87_control(x87_control_);
  }
  if (!same(now.signals_, signals_)) {
    changed |= signals;
    pthread_sigmask(SIG_SETMASK, &signals_, nullptr);
  }
  return changed;
}

Accident left_changed(std::uint32_t changed) {
  constexpr std::array<std::string_view, 5> what{"the rounding mode", "flush-to-zero (FTZ)", "denormals-are-zero (DAZ)",
                                                 "the floating-point control", "the signal mask"};
  std::string list;
  for (std::size_t i = 0; i < what.size(); ++i)
    if (changed >> i & 1) list.append(list.empty() ? "" : ", ").append(what[i]);
  const std::string_view when = changed & when_loaded ? " when it was loaded" : "";
  Accident met(Accident::Kind::trespassed, "left " + list + " changed" + std::string(when));
  met.survived = true;
  return met;
}

}  // namespace audit::impls
