#include "impls/foreign/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>

#include "impls/foreign/words.hpp"
#include "impls/machine_state.hpp"

namespace audit::impls::foreign {
namespace {

using Kind = Accident::Kind;

/// Elements from the first to the last of an array, the gaps between them too; strides are positive.
std::size_t extent(const std::array<std::size_t, 3>& shape, const Strides& strides) {
  const std::array<std::ptrdiff_t, 3> steps{strides.outer, strides.n, strides.inner};
  std::size_t last = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (shape[axis] == 0) return 0;
    last += (shape[axis] - 1) * static_cast<std::size_t>(steps[axis]);
  }
  return last + 1;
}

/// The arrays of a call in this process: where they are (null: there is none) and how many bytes.
struct Span {
  const void* data;
  std::size_t bytes;
};
using Spans = std::array<Span, arrays>;

Spans spans_of(const Function& function, const Call& call) {
  const auto& [outer, n, inner] = call.shape;
  const MapTraits& map = traits(function.map);
  const std::size_t scores = map.takes_tree ? (n > 0 ? n - 1 : 0) : n;
  const std::size_t x = extent({outer, scores, inner}, call.x_stride) * function.format.bytes;
  const std::size_t y = extent({outer, outputs(function.map, n), inner}, call.y_stride) * function.format.bytes;
  const bool in_place = call.x == call.y;
  // In place the logits are there, too, which may be more than the results.
  const std::size_t out = in_place ? std::max(x, y) : y;
  return {{{in_place ? nullptr : call.x, x},
           {call.operand, x},
           {call.target, outer * inner * sizeof(std::int64_t)},
           {call.tree, 2 * scores * sizeof(std::int32_t)},
           {call.y, out}}};
}

std::array<std::int64_t, 3> listed(const Strides& strides) { return {strides.outer, strides.n, strides.inner}; }

void ask_for(const Manner& manner, Try& attempt) {
  attempt.rounding = static_cast<std::uint32_t>(manner.rounding);
  attempt.flushing = manner.flushing;
  attempt.one_core = manner.one_core;
  attempt.times_at_once = manner.times;
}

void describe(const Function& function, const Call& call, Control& control) {
  control.function = function.place;
  control.in_place = call.x == call.y;
  control.shape = {call.shape.outer, call.shape.n, call.shape.inner};
  control.x_stride = listed(call.x_stride);
  control.y_stride = listed(call.y_stride);
  control.temperature = call.temperature;
}

/// The same in several stretches.
Spans stretched(Spans spans, const Timing& timing) {
  for (const Array array : {Array::x, Array::operand, Array::y})
    spans[static_cast<std::size_t>(array)].bytes += (timing.stretches - 1) * timing.stretch_bytes;
  return spans;
}

/// Which arrays are flush with the end of their region; the others are with its start.
using AtEnd = std::bitset<arrays>;

constexpr std::size_t number(Array array) { return static_cast<std::size_t>(array); }

/// Where the arrays lie in the call whose answer is given: y at the end, x and the operand there or not, by the bits of
/// the first logits. So they are aligned alike in some calls, apart in others, and the same when asked the same again.
AtEnd ends_of(const Spans& spans) {
  const Span& x = spans[number(Array::x)];
  std::uint64_t bits = 0;
  if (x.data) std::memcpy(&bits, x.data, std::min(x.bytes, sizeof bits));
  const std::uint64_t choice = (bits + x.bytes) * 0x9E3779B97F4A7C15U >> 62;  // Fibonacci hashing
  AtEnd at_end;
  at_end.set();
  at_end[number(Array::x)] = choice & 1;
  at_end[number(Array::operand)] = choice & 2;
  return at_end;
}

/// Copies what the call reads, and what stands in y, into the shared memory for a try.
void place(const Spans& spans, AtEnd at_end, const SharedMemory& memory, Try& attempt) {
  for (std::size_t i = 0; i < arrays; ++i) {
    Region& region = attempt.regions[i];
    region.present = spans[i].data != nullptr;
    region.bytes = region.present ? spans[i].bytes : 0;
    region.first = at_end[i] ? region.capacity - region.bytes : 0;
    if (region.bytes > 0) std::memcpy(memory.array(region), spans[i].data, region.bytes);
  }
}

/// What stands beside y in its region, where a stray write meets no guard page: before a y that is flush with the end,
/// after one that is flush with the start.
class Canary {
 public:
  Canary() = default;
  Canary(const SharedMemory& memory, const Region& region, bool at_end) {
    if (region.present == 0) return;
    const auto bytes = static_cast<std::int64_t>(std::min(most, region.capacity - region.bytes));
    from_ = at_end ? -bytes : static_cast<std::int64_t>(region.bytes);
    beside_ = {memory.array(region) + from_, static_cast<std::size_t>(bytes)};
    std::ranges::fill(beside_, song);
  }

  /// Where the first byte that is another now stands, from the start of y.
  [[nodiscard]] std::optional<std::int64_t> disturbed() const {
    const auto other = std::ranges::find_if(beside_, [](std::byte b) { return b != song; });
    return other == beside_.end() ? std::nullopt : std::optional(from_ + (other - beside_.begin()));
  }

 private:
  static constexpr std::byte song{0xA5};
  static constexpr std::uint64_t most = 256;
  std::int64_t from_ = 0;
  std::span<std::byte> beside_;
};

/// An accident after which the worker goes on.
Accident survived(Accident met) {
  met.survived = true;
  return met;
}

std::array<std::size_t, arrays> bytes_of(const Spans& spans) {
  std::array<std::size_t, arrays> bytes{};
  for (std::size_t i = 0; i < arrays; ++i) bytes[i] = spans[i].data ? spans[i].bytes : 0;
  return bytes;
}

}  // namespace

Session::Session(Nursery& nursery, const Origin& origin) : origin_(origin), process_(nursery, origin.command) {
  const auto [reply, silence] = process_.hear(origin.timeout);
  process_.memory().collect();
  if (reply == Reply::ready) return;
  const auto refuse = [&](const std::string& what) {
    return std::runtime_error(fmt::format("{}: {}", origin.target, what));
  };
  if (reply == Reply::refused) throw refuse(description().error.data());
  if (reply == Reply::crashed)
    throw refuse(fmt::format("crashed while it was loaded ({}); load it on its own to see why",
                             last_words(process_.memory().control(), 1).what()));
  if (!reply && silence == Process::Silence::timed_out)
    throw refuse(fmt::format("was not loaded within {} s; give it longer by --timeout", origin.timeout.count()));
  throw refuse(fmt::format("its worker, {}, {} while it was loaded", origin.command[0], process_.obituary()));
}

void Session::finish(Request request, const Function& function) {
  SharedMemory& memory = process_.memory();
  Control& control = memory.control();
  control.at = 0;
  memory.publish();
  process_.send(request);
  auto heard = process_.hear(origin_.timeout);
  // The timeout is for one try: where the second is at hand, it has that much time from now on.
  if (!heard.reply && heard.silence == Process::Silence::timed_out && memory.at() > 0)
    heard = process_.hear(origin_.timeout);
  memory.collect();
  const auto [reply, silence] = heard;
  if (reply == Reply::done) {
    if (const Try& last = control.at_hand(); last.changed) throw left_changed(last.changed);
    return;
  }
  if (reply == Reply::raised) throw survived({Kind::crashed, control.message.data()});
  alive_ = false;
  if (reply == Reply::crashed) throw last_words(control, function.format.bytes);
  if (!reply && silence == Process::Silence::timed_out)
    throw Accident(Kind::timed_out, fmt::format("no answer within {} s", origin_.timeout.count()));
  throw Accident(Kind::crashed, process_.obituary());
}

int Session::run(const Function& function, const Call& call) {
  SharedMemory& memory = process_.memory();
  Control& control = memory.control();
  const Spans spans = spans_of(function, call);
  memory.reserve(bytes_of(spans));
  describe(function, call, control);
  const std::size_t written = spans[number(Array::y)].bytes;
  // In the ordinary manner the first answer is given: it is the one that what was called before had a hand in. In
  // another the call is made in the ordinary one first (manners.hpp). Each array is at both ends of its region once.
  const bool ordinary = call.manner == Manner();
  const AtEnd given = ends_of(spans);
  // Every third call is made once: the next one finds its arrays where those of the last one were, and what changes
  // with every other call does not fall into step.
  const bool once = ordinary && ++calls_ % 3 == 0;
  const std::size_t answering = ordinary ? 0 : 1;
  control.asked = once ? 1 : most_tries;
  std::array<Canary, most_tries> beside;
  for (std::size_t i = 0; i < control.asked; ++i) {
    Try& attempt = control.tries[i];
    const AtEnd at_end = i == answering ? given : ~given;
    place(spans, at_end, memory, attempt);
    beside[i] = Canary(memory, attempt.regions[number(Array::y)], at_end[number(Array::y)]);
    ask_for(i == answering ? call.manner : Manner(), attempt);
  }
  finish(Request::run, function);
  for (const Canary& canary : beside)
    if (const auto at = canary.disturbed()) throw survived(wrote_beside_y(control, *at, function.format.bytes));
  if (const int status = control.at_hand().status; status != 0) return status;
  if (written > 0) std::memcpy(call.y, memory.array(control.tries[answering].regions[number(Array::y)]), written);
  return 0;
}

void Session::lay_out(const Function& function, const Timing& timing) {
  SharedMemory& memory = process_.memory();
  const Spans spans = stretched(spans_of(function, timing.call), timing);
  memory.reserve(bytes_of(spans));
  Control& control = memory.control();
  describe(function, timing.call, control);
  place(spans, AtEnd(), memory, control.tries[0]);
  control.stretches = timing.stretches;
  control.stretch = {timing.stretch_bytes, timing.stretch_bytes, 0, 0, timing.stretch_bytes};
}

double Session::time(const Function& function, std::size_t calls) {
  Control& control = process_.memory().control();
  control.times = calls;
  finish(Request::time, function);
  return control.seconds;
}

}  // namespace audit::impls::foreign
