#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// How the program and a worker process talk. A worker loads one target and serves calls of its functions, one at a
// time; whatever the target does happens in there.
//
// The worker is started with three descriptors:
//   3  a memfd: the shared memory. It begins with a Control, a Description follows at description_offset; the arrays of
//      a call lie behind, where Try::regions says. All numbers are native: little-endian, no padding that is not
//      spelled out.
//   4  a pipe to read from, one byte a message: a Request of the program. End of file on it is the order to end.
//   5  a pipe to write to, one byte a message: every Request is answered by a Reply.
// Pipes, because a byte there and one back take half the time that they take through a socket.
// Standard input, output and error are /dev/null. The working directory and the environment are the program's.
//
// In order:
//   1. The worker calls prctl(PR_SET_PDEATHSIG, SIGKILL) and ends if getppid() is no longer Control::program.
//   2. It loads its target, fills in the Description and sends Reply::ready; or puts one line into Description::error,
//      what is wrong and what to do about it without the name of the target, sends Reply::refused and ends.
//   3. For each Request::run it makes the call once for each of Control::asked tries: notes in Control::at which, maps
//      its regions (below), calls function Control::function in the manner that is asked for, and writes Try::status
//      and Try::changed; the try where one of them is not 0 is the last. Then it sends Reply::done. For Request::time
//      likewise, with the first try alone, calling it Control::times times and writing Control::seconds.
//   4. When the target dies of a signal it writes Control::signal and what follows it, sends Reply::crashed and ends.
//      When it fails in a way that the worker survives (a Python function raises), one line goes into Control::message,
//      it sends Reply::raised, and goes on.
//
// Memory. A region is `capacity` bytes at `offset` of the memfd. The worker maps it between `guard` inaccessible bytes
// on either side, and notes in `base` where; a mapping stays as long as offset and capacity do. Within it the array
// begins at `first` and has `bytes` bytes: the program places it flush with the beginning of the region in one try and
// flush with its end in the other, so that the element before the first is inaccessible in the one and the element
// after the last in the other. x, operand, target and tree are mapped read-only, y is writable. An array with present =
// 0 is a null pointer. With in_place = 1 region x is absent, and x is y.

namespace audit::impls::foreign {

inline constexpr std::uint32_t protocol_version = 3;
inline constexpr int memory_descriptor = 3;
inline constexpr int requests_descriptor = 4;
inline constexpr int replies_descriptor = 5;
/// Inaccessible bytes before and behind a region.
inline constexpr std::size_t guard = std::size_t{1} << 20;

enum class Request : std::uint8_t { run = 1, time = 2 };
enum class Reply : std::uint8_t { ready = 1, refused = 2, done = 3, crashed = 4, raised = 5 };

/// The arrays of a call, in the order of Try::regions.
enum class Array : std::uint32_t { x, operand, target, tree, y };
inline constexpr std::size_t arrays = 5;

struct Region {
  std::uint64_t offset;    ///< in the memfd, bytes, a multiple of the page
  std::uint64_t capacity;  ///< bytes, a multiple of the page
  std::uint64_t first;     ///< where the array begins in the region, bytes
  std::uint64_t bytes;     ///< of the array; of time: of all its stretches
  std::uint64_t present;   ///< 0: the pointer is null, and nothing is mapped
  std::uint64_t base;      ///< written by the worker: the address of the region
};

/// How often a call is made for one request, at most.
inline constexpr std::size_t most_tries = 2;

/// A call as it is made once.
struct Try {
  std::array<Region, arrays> regions;
  // Of Request::run: the fields of Manner (contract.hpp).
  std::uint32_t rounding;
  std::uint32_t flushing;
  std::uint32_t one_core;
  std::uint32_t times_at_once;
  // Written by the worker.
  std::int32_t status;    ///< what the function returned; of time: the first number that was not 0, or 0
  std::uint32_t changed;  ///< bits of Changed (machine_state.hpp), by loading in the first try of all; put back
};
static_assert(offsetof(Try, rounding) == 240);
static_assert(sizeof(Try) == 264);

/// Control::access.
enum class Access : std::uint32_t { unknown, read, write };

struct Control {
  // Written by the program before the worker is started.
  std::uint32_t version;  ///< protocol_version
  std::int32_t program;   ///< its process id

  // Written by the program before each request: the fields of softmax_audit_call (plugin.h).
  std::uint32_t function;  ///< its place in the Description
  std::uint32_t in_place;  ///< 1: x is y
  std::array<std::uint64_t, 3> shape;
  std::array<std::int64_t, 3> x_stride;  ///< elements
  std::array<std::int64_t, 3> y_stride;  ///< elements
  double temperature;
  std::uint32_t asked;  ///< so many of the tries
  std::uint32_t at;     ///< written by the worker: the try at hand, or the last
  std::array<Try, most_tries> tries;
  // Of Request::time: call i finds x, y and operand (i modulo stretches) · stretch bytes further on.
  std::uint64_t times;
  std::uint64_t stretches;                    ///< at least 1
  std::array<std::uint64_t, arrays> stretch;  ///< bytes from one stretch to the next, for each array

  // Written by the worker before it replies.
  double seconds;                 ///< done, of time: processor time of the worker
  std::int32_t signal;            ///< crashed: its number
  std::uint32_t access;           ///< crashed: an Access
  std::uint64_t address;          ///< crashed: what the target tried to touch; for signals without an address 0
  std::array<char, 512> message;  ///< raised: one line of UTF-8, ended by a zero byte

  /// The try `at`, one of them whatever the target may have written there.
  [[nodiscard]] Try& at_hand() { return tries[at % most_tries]; }
  [[nodiscard]] const Try& at_hand() const { return tries[at % most_tries]; }
};
static_assert(offsetof(Control, function) == 8);
static_assert(offsetof(Control, shape) == 16);
static_assert(offsetof(Control, temperature) == 88);
static_assert(offsetof(Control, asked) == 96);
static_assert(offsetof(Control, tries) == 104);
static_assert(offsetof(Control, times) == 632);
static_assert(offsetof(Control, stretch) == 648);
static_assert(offsetof(Control, seconds) == 688);
static_assert(offsetof(Control, signal) == 696);
static_assert(offsetof(Control, address) == 704);
static_assert(offsetof(Control, message) == 712);
static_assert(sizeof(Control) == 1224);

/// One function of the target, as plugin.h says. Texts are UTF-8, ended by a zero byte; the program judges them.
struct Described {
  std::array<char, 128> name;
  std::array<char, 32> all_masked;  ///< empty: nothing said
  std::int32_t map;
  std::int32_t format;
  std::uint32_t promises;
  std::uint32_t zero;
  double max_ulp;
};
static_assert(sizeof(Described) == 184);

inline constexpr std::size_t most_functions = 4096;
inline constexpr std::size_t description_offset = 4096;

/// What the target offers, written by the worker before Reply::ready. `functions` has `count` entries.
struct Description {
  std::uint32_t count;
  std::uint32_t zero;
  std::array<char, 128> library;
  std::array<char, 128> version;
  std::array<char, 1024> error;  ///< of Reply::refused
  std::array<Described, most_functions> functions;
};
static_assert(offsetof(Description, functions) == 1288);

/// Where the regions may begin: the first page behind the Description. A page is at most 64 KiB.
inline constexpr std::size_t regions_offset = (description_offset + sizeof(Description) + 0xffff) / 0x10000 * 0x10000;

}  // namespace audit::impls::foreign
