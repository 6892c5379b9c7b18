#include "impls/manners.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <ctime>
#include <exception>
#include <thread>
#include <vector>

#include "impls/machine_state.hpp"

namespace audit::impls {
namespace {

/// The state of the machine, put back at the end of a scope.
class Restored {
 public:
  Restored() = default;
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;
  ~Restored() { static_cast<void>(before_.restore()); }

 private:
  MachineState before_;
};

/// This thread on the core where it happens to run, up to the end of a scope.
class OneCore {
 public:
  OneCore() : known_(sched_getaffinity(0, sizeof before_, &before_) == 0) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(std::max(sched_getcpu(), 0)), &one);
    if (known_) sched_setaffinity(0, sizeof one, &one);
  }
  OneCore(const OneCore&) = delete;
  OneCore& operator=(const OneCore&) = delete;
  ~OneCore() {
    if (known_) sched_setaffinity(0, sizeof before_, &before_);
  }

 private:
  cpu_set_t before_{};
  bool known_;
};

/// In the modes of a manner; what it finds changed is what the call changed in them.
Made in_modes(const Making& call, const Manner& manner) {
  const Restored at_the_end;
  MachineState::set(manner);
  const MachineState asked;
  const int status = call.whole();
  return {status, asked.restore()};
}

/// Interrupts this thread after every 50 µs that it runs, wherever it is, for as long as another one needs to get on:
/// so that calls meet in the middle on a machine of one core, or a busy one, too. By a signal that is ignored where
/// nobody handles it; it stays blocked in a thread that was interrupted.
class Interruptions {
 public:
  Interruptions() {
    [[maybe_unused]] static const bool handled = handle();
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGURG;
    event.sigev_value.sival_ptr = static_cast<void*>(&timer_);
    event._sigev_un._tid = gettid();  // glibc before 2.38 has no sigev_notify_thread_id
    known_ = timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0;
    if (known_) start(timer_);
  }
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;
  ~Interruptions() {
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGURG);
    pthread_sigmask(SIG_BLOCK, &one, nullptr);
    if (known_) timer_delete(timer_);
  }

 private:
  static void start(timer_t timer) {
    const itimerspec once{{0, 0}, {0, 50'000}};
    timer_settime(timer, 0, &once, nullptr);
  }
  /// Nothing but system calls.
  static void pause(int, siginfo_t* info, void*) {
    const timespec shortest{0, 1};
    nanosleep(&shortest, nullptr);
    start(*static_cast<timer_t*>(info->si_value.sival_ptr));
  }
  static bool handle() {
    struct sigaction action{};
    action.sa_sigaction = pause;
    action.sa_flags = SA_RESTART | SA_SIGINFO;
    return sigaction(SIGURG, &action, nullptr) == 0;
  }

  timer_t timer_{};
  bool known_ = false;
};

/// Processor time of this thread, in seconds.
double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// What the calls of one thread may take, in seconds: of slow functions fewer are made.
constexpr double most_seconds = 0.01;

/// Parts of a call that are asked at once, and what each thread found.
class AtOnce {
 public:
  explicit AtOnce(const Making& call)
      : call_(call), asked_(call.parts, &call.part), waiting_(call.parts), made_(call.parts), raised_(call.parts) {}

  Made run(std::uint32_t times) {
    for (std::size_t part = 0; part < call_.parts; ++part) {
      if (part % 2 == 1 && call_.unlike(part) == 0) asked_[part] = &call_.unlike;
      const double start = thread_seconds();
      if (const int status = (*asked_[part])(part)) return {status, 0};
      const double calls = most_seconds / std::max(thread_seconds() - start, 1e-9);
      times = std::min(times, static_cast<std::uint32_t>(std::clamp(calls, 10.0, 1e9)));
      const auto result = call_.result(part);
      alone_.emplace_back(result.begin(), result.end());
    }
    {
      std::vector<std::jthread> threads;
      for (std::size_t part = 0; part < call_.parts; ++part) threads.emplace_back([=, this] { ask(part, times); });
    }
    for (const auto& raised : raised_)
      if (raised) std::rethrow_exception(raised);
    Made all;
    for (const Made& one : made_) {
      if (all.status == 0) all.status = one.status;
      all.changed |= one.changed;
    }
    return all;
  }

 private:
  /// Released when every thread is there, and ended by the first result that is another than alone.
  void ask(std::size_t part, std::uint32_t times) try {
    const MachineState before;
    for (--waiting_; waiting_ > 0;) std::this_thread::yield();
    const Interruptions now_and_then;
    for (std::uint32_t i = 0; i < times; ++i) {
      made_[part].status = (*asked_[part])(part);
      if (made_[part].status != 0 || !std::ranges::equal(call_.result(part), alone_[part])) break;
    }
    made_[part].changed = before.restore();
  } catch (...) {
    raised_[part] = std::current_exception();
  }

  const Making& call_;
  std::vector<const std::function<int(std::size_t)>*> asked_;
  std::vector<std::vector<std::byte>> alone_;
  std::atomic<std::size_t> waiting_;
  std::vector<Made> made_;
  std::vector<std::exception_ptr> raised_;
};

}  // namespace

void other_arguments(std::size_t& n, double& temperature, bool has_indices, std::size_t rows) {
  if (n > 1 && !has_indices && rows == 1) --n;
  temperature = 1;
}

Made make(const Making& call, const Manner& manner) {
  if (manner.times > 0) return AtOnce(call).run(manner.times);
  if (!manner.one_core) return in_modes(call, manner);
  const OneCore confined;
  return in_modes(call, manner);
}

}  // namespace audit::impls
