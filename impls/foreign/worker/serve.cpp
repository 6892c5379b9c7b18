#include "impls/foreign/worker/serve.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <optional>
#include <utility>

#include "impls/foreign/worker/last_words.hpp"
#include "impls/foreign/worker/regions.hpp"
#include "impls/machine_state.hpp"
#include "impls/manners.hpp"

namespace audit::impls::foreign::worker {
namespace {

/// The Control and the Description, for as long as the process lives.
std::byte* map_header() {
  void* header = mmap(nullptr, regions_offset, PROT_READ | PROT_WRITE, MAP_SHARED, memory_descriptor, 0);
  struct stat requests{};
  if (header == MAP_FAILED || fstat(requests_descriptor, &requests) != 0 || !S_ISFIFO(requests.st_mode))
    throw NotStarted("started by softmax-audit, not by hand");
  return static_cast<std::byte*>(header);
}

/// Nobody is there to hear it when the program has gone.
void reply(Reply what) { [[maybe_unused]] const auto sent = write(replies_descriptor, &what, sizeof what); }

/// The next request; nullopt when the program has gone.
std::optional<Request> next_request() {
  Request request{};
  return read(requests_descriptor, &request, sizeof request) == sizeof request ? std::optional(request) : std::nullopt;
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

Manner manner_of(const Try& attempt) {
  return {static_cast<Manner::Rounding>(attempt.rounding), attempt.flushing != 0, attempt.one_core != 0,
          attempt.times_at_once};
}

/// Some rows of the outer axis, of elements of so many bytes.
softmax_audit_call part_of(softmax_audit_call call, std::size_t part, std::size_t bytes) {
  const auto [first, rows] = impls::part_of(call.shape[0], part);
  const auto from = [&](const std::ptrdiff_t* stride) { return first * static_cast<std::size_t>(stride[0]) * bytes; };
  call.shape[0] = rows;
  call.x = static_cast<const std::byte*>(call.x) + from(call.x_stride);
  call.y = static_cast<std::byte*>(call.y) + from(call.y_stride);
  if (call.operand) call.operand = static_cast<const std::byte*>(call.operand) + from(call.x_stride);
  if (call.target) call.target += first * call.shape[2];
  return call;
}

/// The same part in a call of other arguments.
softmax_audit_call unlike(softmax_audit_call call) {
  other_arguments(call.shape[1], call.temperature, call.target || call.tree, call.shape[0] * call.shape[2]);
  return call;
}

/// Makes the call as the try at hand has it.
void run(const Inside& target, const Description& description, Control& control) {
  Try& attempt = control.at_hand();
  const softmax_audit_call call = Regions::call(control, 0);
  const std::uint32_t function = control.function;
  const std::size_t bytes = formats[static_cast<std::size_t>(description.functions[function].format)].bytes;
  const auto part = [&](std::size_t i) { return part_of(call, i, bytes); };
  const auto result = [&](std::size_t i) { return static_cast<const std::byte*>(part(i).y); };
  const std::size_t parts = parts_of(call.shape[0]);
  const std::size_t written = attempt.regions[static_cast<std::size_t>(Array::y)].bytes;
  const Making making{
      [&] { return target.run(function, call); }, parts, [&](std::size_t i) { return target.run(function, part(i)); },
      [&](std::size_t i) { return target.run(function, unlike(part(i))); },
      [&](std::size_t i) { return std::span(result(i), i + 1 < parts ? result(i + 1) : result(0) + written); }};
  const Made made = make(making, manner_of(attempt));
  attempt.status = made.status;
  attempt.changed = made.changed;
}

void time(const Inside& target, Control& control) {
  Try& attempt = control.at_hand();
  const MachineState before;
  attempt.status = 0;
  const double start = processor_seconds();
  for (std::uint64_t i = 0; i < control.times && attempt.status == 0; ++i)
    attempt.status = target.run(control.function, Regions::call(control, i % control.stretches));
  control.seconds = processor_seconds() - start;
  attempt.changed = before.restore();
}

}  // namespace

Session::Session() {
  std::byte* const header = map_header();
  control_ = reinterpret_cast<Control*>(header);
  description_ = reinterpret_cast<Description*>(header + description_offset);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != control_->program) throw NotStarted("the program has gone");
  leave_last_words_in(*control_);
}

void Session::refuse(std::string_view what) {
  put_cut(description_->error, what);
  reply(Reply::refused);
}

void Session::serve(const Inside& target) {
  if (control_->version != protocol_version)
    throw std::runtime_error("needs a worker of the program's own version; build the program and the worker together");
  target.describe(*description_);
  std::uint32_t by_loading = before_.restore() & ~std::uint32_t{signals};
  reply(Reply::ready);
  Regions regions;
  while (const auto request = next_request()) {
    try {
      const std::uint32_t asked = *request == Request::time ? 1 : control_->asked;
      for (std::uint32_t i = 0; i < asked; ++i) {
        control_->at = i;
        regions.map(*control_);
        *request == Request::time ? time(target, *control_) : run(target, *description_, *control_);
        Try& made = control_->at_hand();
        if (by_loading != 0 && *request == Request::run) made.changed |= std::exchange(by_loading, 0) | when_loaded;
        if (made.status != 0 || made.changed != 0) break;
      }
      reply(Reply::done);
    } catch (const std::exception& error) {
      put_cut(control_->message, error.what());
      reply(Reply::raised);
    }
  }
}

}  // namespace audit::impls::foreign::worker
