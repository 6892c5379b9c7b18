#include "impls/foreign/worker/last_words.hpp"

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>

namespace audit::impls::foreign::worker {
namespace {

/// A signal handler has no other way to know.
Control* last_words = nullptr;

constexpr std::array deadly{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};

Access access_of([[maybe_unused]] const ucontext_t& context) {
#if defined(__x86_64__)
  // Intel SDM volume 3, 4.7: bit 1 of a page fault's error code.
  return context.uc_mcontext.gregs[REG_ERR] & 2 ? Access::write : Access::read;
#else
  return Access::unknown;
#endif
}

void on_signal(int signal, siginfo_t* info, void* context) {
  const bool of_memory = (signal == SIGSEGV || signal == SIGBUS) && info->si_code > 0;
  last_words->signal = signal;
  last_words->address = of_memory ? reinterpret_cast<std::uint64_t>(info->si_addr) : 0;
  last_words->access =
      static_cast<std::uint32_t>(of_memory ? access_of(*static_cast<const ucontext_t*>(context)) : Access::unknown);
  const auto reply = Reply::crashed;
  [[maybe_unused]] const auto sent = write(replies_descriptor, &reply, sizeof reply);
  _exit(1);
}

}  // namespace

void leave_last_words_in(Control& control) {
  last_words = &control;
  // A stack of its own: an overflow of the stack is a crash like any other.
  static std::array<std::byte, 65536> stack;
  const stack_t alternate{stack.data(), 0, stack.size()};
  sigaltstack(&alternate, nullptr);
  struct sigaction action{};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigfillset(&action.sa_mask);
  for (const int signal : deadly) sigaction(signal, &action, nullptr);
}

}  // namespace audit::impls::foreign::worker
