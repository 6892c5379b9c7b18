#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "impls/formats.hpp"

namespace audit::impls {

/// The mathematical functions, in the order of SOFTMAX_AUDIT_SOFTMAX … of plugin.h.
enum class Map {
  softmax,
  log_softmax,
  logsumexp,
  cross_entropy,
  sparsemax,
  gumbel_softmax,
  hierarchical_softmax,
  softmax_vjp,
  log_softmax_vjp,
  entmax15,
  sparsemax_vjp,
  cross_entropy_vjp,
};

struct MapTraits {
  Map map;
  std::string_view name;
  bool takes_temperature = false;
  bool takes_operand = false;   ///< reads Row::operand, of the shape of x
  bool one_number_out = false;  ///< writes one number a row
  bool takes_target = false;    ///< reads Row::target
  bool takes_tree = false;      ///< reads Row::tree; x has one entry fewer than y
};

/// Every map, in the order of plugin.h.
inline constexpr std::array maps{
    MapTraits{.map = Map::softmax, .name = "softmax", .takes_temperature = true},
    MapTraits{.map = Map::log_softmax, .name = "log_softmax", .takes_temperature = true},
    MapTraits{.map = Map::logsumexp, .name = "logsumexp", .one_number_out = true},
    MapTraits{.map = Map::cross_entropy, .name = "cross_entropy", .one_number_out = true, .takes_target = true},
    MapTraits{.map = Map::sparsemax, .name = "sparsemax"},
    MapTraits{.map = Map::gumbel_softmax, .name = "gumbel_softmax", .takes_temperature = true, .takes_operand = true},
    MapTraits{.map = Map::hierarchical_softmax, .name = "hierarchical_softmax", .takes_tree = true},
    MapTraits{.map = Map::softmax_vjp, .name = "softmax_vjp", .takes_temperature = true, .takes_operand = true},
    MapTraits{.map = Map::log_softmax_vjp, .name = "log_softmax_vjp", .takes_operand = true},
    MapTraits{.map = Map::entmax15, .name = "entmax15"},
    MapTraits{.map = Map::sparsemax_vjp, .name = "sparsemax_vjp", .takes_operand = true},
    MapTraits{.map = Map::cross_entropy_vjp, .name = "cross_entropy_vjp", .takes_target = true},
};

/// The traits of a map; throws std::out_of_range for a number that is none.
const MapTraits& traits(Map map);
/// The map of that name, or nullptr.
const MapTraits* find_map(std::string_view name);

/// One question: a row of logits and what goes with it. Every number is a value of the format it is asked in.
struct Row {
  std::vector<double> x;   ///< logits, -inf masks an entry; hierarchical_softmax: inner scores, which may be ±inf
  double temperature = 1;  ///< finite, > 0; 1 for maps that take none
  std::vector<double> operand{};       ///< as long as x: the noise of gumbel_softmax, the upstream gradient of a VJP
  std::vector<std::int64_t> target{};  ///< cross_entropy and its VJP: one class index
  std::vector<std::int32_t> tree{};    ///< hierarchical_softmax: 2(n - 1) children; empty: heap order

  friend bool operator==(const Row&, const Row&) = default;
};

/// Shape::n of a row: its entries, or the leaves of its tree.
std::size_t length(Map map, const Row& row);
/// How many numbers a map writes for a row of length n.
std::size_t outputs(Map map, std::size_t n);

/// The map runs along the middle axis, for each of outer × inner rows. hierarchical_softmax: n leaves in y, n - 1 inner
/// scores in x.
struct Shape {
  std::size_t outer = 1;
  std::size_t n = 0;
  std::size_t inner = 1;
};

/// Strides in elements, one for each axis of Shape.
struct Strides {
  std::ptrdiff_t outer = 0;
  std::ptrdiff_t n = 1;
  std::ptrdiff_t inner = 1;
};

/// So many calls are made at once, at most: of each row of the outer axis where it has no more, else of several rows
/// each.
inline constexpr std::size_t most_at_once = 5;

/// The way in which a call is made, beside what it asks.
struct Manner {
  enum class Rounding : std::uint32_t { to_nearest, down, up, toward_zero };

  Rounding rounding = Rounding::to_nearest;  ///< the caller's rounding mode
  bool flushing = false;  ///< the caller takes subnormals for 0, as operands and as results (FTZ and DAZ)
  bool one_core = false;  ///< the caller's thread, and what it starts, may run on one core alone
  /// Not 0: the rows of the outer axis are most_at_once calls or fewer, each made so often, or for 10 ms, by a thread
  /// of its own, all at once; what stands in y is the first result that was another than alone.
  std::uint32_t times = 0;

  friend bool operator==(const Manner&, const Manner&) = default;
};

/// One call of a kernel: the fields of softmax_audit_call (plugin.h), arrays in the storage of the
/// format.
struct Call {
  Shape shape;
  const void* x = nullptr;
  Strides x_stride;
  void* y = nullptr;
  Strides y_stride;
  double temperature = 1;
  const void* operand = nullptr;         ///< shape and strides of x
  const std::int64_t* target = nullptr;  ///< one a row, in the order of rows
  const std::int32_t* tree = nullptr;    ///< 2(n - 1) children, of every row; null: heap order
  Manner manner{};  ///< for who makes the call (a kernel that runs in a process of its own, or ask()); the kernel
                    ///< itself sees nothing of it
};

/// What became of a call that gave no answer, of a kernel that runs in a process of its own. what() says what happened,
/// for people: "wrote element 17 of y, one past the end".
struct Accident : std::runtime_error {
  enum class Kind {
    crashed,     ///< it ended its process
    timed_out,   ///< it gave no answer in time
    trespassed,  ///< it touched memory that is not its own, or left another floating-point mode or signal mask behind
    given_up     ///< it was not asked: too much went wrong before
  };
  Accident(Kind what_kind, const std::string& what, std::optional<std::size_t> which_element = {})
      : std::runtime_error(what), kind(what_kind), element(which_element) {}

  Kind kind;
  std::optional<std::size_t> element;  ///< of y, where one is to blame
  std::optional<Row> row{};            ///< that was asked, where it was one
  bool survived = false;               ///< whoever was asked is there still, so that asking again costs little
};

/// The word for it, as outcomes and verdicts have it: "crashed", "timed out", "trespassed"; "given up".
std::string_view label(Accident::Kind kind);
/// What every function is held to instead, in words (plugin.h).
std::string_view instead_of(Accident::Kind kind);

/// What is said of a target that is not asked any more.
inline constexpr const char* not_asked = "not asked any more, after too many accidents";
/// What a record says of a target that returned this status, not 0, whenever it was called.
std::string not_supported(int status);

/// Runs one call. Returns 0, or another number for 'not supported'. Throws Accident.
using Kernel = std::function<int(const Call&)>;

/// Calls to be timed: each on the next of `stretches` stretches of x, y and operand, `stretch_bytes` apart.
struct Timing {
  Call call;  ///< on the first stretch
  std::size_t stretches = 1;
  std::size_t stretch_bytes = 0;
};
/// Runs that many calls; gives the processor time that they took, in seconds. Throws Accident.
using Stopwatch = std::function<double(std::size_t calls)>;

/// A bound on one element: abs(got - y) ≤ relative · abs(y) + absolute + ulps · ulp(y), y the exact value and ulp(y)
/// that of the format (Goldberg's, formats.hpp).
struct Bound {
  double relative = 0;
  double absolute = 0;
  double ulps = 0;
};

/// The bound on a result within that bound of y once it is rounded to a format, to nearest: half an ulp of the format,
/// and 3/2 of the bound (bounds.md, "Narrow formats"). What is exact stays exact.
Bound rounded_once(const Bound& bound);

/// What a row of -inf only gives; log_softmax gives the logarithm of it. Of logsumexp zero says -inf; nan leaves it
/// both.
enum class AllMasked { nan, zero, uniform };

/// Promises, the bits of plugin.h; what is not promised is measured, not judged.
enum Promise : unsigned {
  strided = 1,
  in_place = 2,
  thread_safe = 4,
  batch_invariant = 8,
  deterministic = 16,
  shift_exact = 32,
  subnormals = 64,
};

/// The rows that a claim speaks of, of those of finite and masked entries, one at least finite.
struct Domain {
  std::string words = "every row of finite and masked entries";
  std::function<bool(const Row&, const Format&)> contains{};  ///< empty: every one
};

/// What an implementation promises of itself. A claim has a domain; outside of it the implementation is measured and
/// reported, not judged.
struct Claim {
  std::string bound;   ///< for people, in units of u; empty: no bound is claimed
  std::string source;  ///< where the bound was published or proved
  Domain domain{};
  /// The bound on each output element of a row in the domain; empty: claims nothing.
  std::function<std::vector<Bound>(const Row&, const Format&)> bounds;
  AllMasked all_masked = AllMasked::nan;
  unsigned promises = 0;
};

/// One of the judged: a name, one map, the formats it offers, how to run it and what it claims.
struct Implementation {
  std::string name{};
  Map map = Map::softmax;
  std::vector<Format> formats;
  std::string source;   ///< paper, section
  std::string version;  ///< of the library it wraps; the suite's own for in-tree ones
  /// Everything that is set-up, and never timed: returns the kernel for calls of this shape.
  std::function<Kernel(const Format&, const Shape&)> prepare;
  /// For a kernel that runs in a process of its own: times it there, the way to it left out. Empty elsewhere.
  std::function<Stopwatch(const Format&, const Timing&)> stopwatch{};
  Claim claim;
  std::string absent{};  ///< why it cannot be run here; empty when it can
  /// All functions of the library that it is one of, itself among them. Empty where it is alone.
  std::function<std::vector<Implementation>()> library{};
};

/// Whether the claim speaks of this row: finite and masked entries only, one at least finite (a tree of one leaf has
/// no scores), and inside the domain.
bool in_domain(const Claim& claim, const Row& row, const Format& format);
/// The same of any row: of one with NaN or +inf, or nothing but masks, the claim speaks where it speaks of the row with
/// a mask in their place, and beside a 0 where nothing else is left.
bool covers(const Claim& claim, Row row, const Format& format);

}  // namespace audit::impls
