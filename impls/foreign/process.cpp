#include "impls/foreign/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
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

/// Apart from the numbers that the new process is to have its descriptors under.
constexpr int first_apart = replies_descriptor + 1;

Descriptor twin_apart(int descriptor) {
  const int twin = fcntl(descriptor, F_DUPFD_CLOEXEC, first_apart);
  if (twin < 0) throw std::system_error(errno, std::generic_category(), "no descriptor is left");
  return Descriptor(twin);
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

Pipe::Pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "no pipe");
  const Descriptor first(ends[0]), second(ends[1]);
  read = twin_apart(first.number());
  write = twin_apart(second.number());
}

Process::Process(Nursery& nursery, const std::vector<std::string>& command) {
  Pipe replies;
  const Descriptor memory = twin_apart(memory_.descriptor());
  id_ = nursery.start(command, {memory.number(), requests_.read.number(), replies.write.number()});
  replies_ = std::move(replies.read);
}

Process::~Process() {
  if (id_ != 0) {
    kill(-id_, SIGKILL);
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
}

void Process::send(Request request) const {
  // That nobody is there to hear it shows when an answer is waited for.
  [[maybe_unused]] const auto sent = write(requests_.write.number(), &request, sizeof request);
}

Process::Heard Process::hear(Seconds timeout) const {
  const auto end = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd waiting{replies_.number(), POLLIN, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::clamp<long>(left.count(), 0, 1'000'000'000)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return {std::nullopt, Silence::timed_out};
    Reply reply{};
    if (read(replies_.number(), &reply, sizeof reply) != sizeof reply) return {std::nullopt, Silence::ended};
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
