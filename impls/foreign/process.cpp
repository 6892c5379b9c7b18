#include "impls/foreign/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

namespace audit::impls::foreign {
namespace {

/// A descriptor that is closed at the end of its scope.
struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(number); }
  int number;
};

/// Apart from the numbers that the new process is to have its descriptors under.
constexpr int first_apart = channel_descriptor + 1;

int moved_apart(int descriptor) {
  const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, first_apart);
  if (moved < 0) throw std::system_error(errno, std::generic_category(), "no descriptor is left");
  return moved;
}

}  // namespace

Process::Process(Nursery& nursery, const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error(errno, std::generic_category(), "no socket");
  const Descriptor ours(ends[0]), theirs(ends[1]);
  const Descriptor memory(moved_apart(memory_.descriptor())), channel(moved_apart(theirs.number));
  channel_ = moved_apart(ours.number);
  try {
    id_ = nursery.start(command, memory.number, channel.number);
  } catch (...) {
    close(channel_);
    throw;
  }
}

Process::~Process() {
  if (id_ != 0) {
    kill(-id_, SIGKILL);
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  close(channel_);
}

void Process::send(Request request) const {
  // That nobody is there to hear it shows when an answer is waited for.
  [[maybe_unused]] const auto sent = ::send(channel_, &request, sizeof request, MSG_NOSIGNAL);
}

Process::Heard Process::hear(Seconds timeout) const {
  const auto end = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd waiting{channel_, POLLIN, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::clamp<long>(left.count(), 0, 1'000'000'000)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return {std::nullopt, Silence::timed_out};
    Reply reply{};
    if (recv(channel_, &reply, sizeof reply, 0) != sizeof reply) return {std::nullopt, Silence::ended};
    return {reply, Silence::ended};
  }
}

std::string Process::obituary() {
  int status = 0;
  kill(-id_, SIGKILL);
  waitpid(id_, &status, 0);
  id_ = 0;
  return WIFSIGNALED(status) ? fmt::format("was killed by {}", signal_name(WTERMSIG(status)))
                             : fmt::format("ended its process with exit status {}", WEXITSTATUS(status));
}

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", signal);
}

}  // namespace audit::impls::foreign
