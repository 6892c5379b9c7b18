// The worker: loads one target and serves calls of its functions, as protocol.hpp says.

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "impls/foreign/worker/inside.hpp"
#include "impls/foreign/worker/last_words.hpp"
#include "impls/foreign/worker/machine_state.hpp"
#include "impls/foreign/worker/regions.hpp"

namespace {

using namespace audit::impls::foreign;
using namespace audit::impls::foreign::worker;

/// The Control and the Description, for as long as the process lives.
std::byte* map_header() {
  void* header = mmap(nullptr, regions_offset, PROT_READ | PROT_WRITE, MAP_SHARED, memory_descriptor, 0);
  return header == MAP_FAILED ? nullptr : static_cast<std::byte*>(header);
}

void reply(Reply what) { send(channel_descriptor, &what, sizeof what, MSG_NOSIGNAL); }

/// The next request; nullopt when the program has gone.
std::optional<Request> next_request() {
  Request request{};
  return recv(channel_descriptor, &request, sizeof request, 0) == sizeof request ? std::optional(request)
                                                                                 : std::nullopt;
}

template <std::size_t width>
void put_cut(std::array<char, width>& field, std::string_view text) {
  text = text.substr(0, width - 1);
  *std::ranges::copy(text, field.begin()).out = '\0';
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void run(const Inside& target, Control& control) {
  const softmax_audit_call call = Regions::call(control, 0);
  const MachineState before;
  control.status = target.run(control.function, call);
  control.changed = before.restore();
}

void time(const Inside& target, Control& control) {
  const MachineState before;
  control.status = 0;
  const double start = processor_seconds();
  for (std::uint64_t i = 0; i < control.times && control.status == 0; ++i)
    control.status = target.run(control.function, Regions::call(control, i % control.stretches));
  control.seconds = processor_seconds() - start;
  control.changed = before.restore();
}

void serve(const Inside& target, Control& control) {
  Regions regions;
  while (const auto request = next_request()) {
    try {
      regions.map(control);
      *request == Request::time ? time(target, control) : run(target, control);
      reply(Reply::done);
    } catch (const std::exception& error) {
      put_cut(control.message, error.what());
      reply(Reply::raised);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::byte* const header = map_header();
  struct stat channel{};
  if (!header || fstat(channel_descriptor, &channel) != 0 || !S_ISSOCK(channel.st_mode)) {
    constexpr std::string_view what = "softmax-audit-worker: started by softmax-audit, not by hand\n";
    return write(STDERR_FILENO, what.data(), what.size()) < 0 ? 3 : 2;
  }
  auto& control = *reinterpret_cast<Control*>(header);
  auto& description = *reinterpret_cast<Description*>(header + description_offset);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != control.program) return 1;
  leave_last_words_in(control);
  try {
    if (control.version != protocol_version) throw std::runtime_error("needs a worker of the program's own version");
    const auto target = open({argv + 1, argv + argc});
    target->describe(description);
    reply(Reply::ready);
    serve(*target, control);
  } catch (const std::exception& error) {
    put_cut(description.error, error.what());
    reply(Reply::refused);
    return 1;
  }
  // Nothing of the target is run at the end: not its destructors, which may hang.
  _exit(0);
}
