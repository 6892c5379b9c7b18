// oneDNN's softmax primitive on the CPU, as softmax or log_softmax.
//
// Source: oneDNN Developer Guide, "Softmax"; https://oneapi-src.github.io/oneDNN/v2.6/dev_guide_softmax.html
// Algorithm: three passes, the maximum subtracted first; code made for the machine at hand, bf16 computed in f32.
// Bound: bounds.md, "oneDNN". The library states none; this one is derived from its exp and log as they were measured.
#include <algorithm>
#include <array>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <string>
#include <utility>

#include "impls/bounds.hpp"

// Of OpenMP, whose header comes with one compiler and not with another.
extern "C" void omp_set_num_threads(int);
extern "C" int omp_get_max_threads();

namespace audit::impls {
namespace {

using dnnl::memory;
using dnnl::softmax_v2_forward;
using Description = softmax_v2_forward::primitive_desc;

constexpr int unsupported = 1;
constexpr Map map = Map::MAP;
constexpr auto algorithm = map == Map::log_softmax ? dnnl::algorithm::softmax_log : dnnl::algorithm::softmax_accurate;

memory::data_type data_type(const Format& format) {
  constexpr std::array known{std::pair{f32, memory::data_type::f32}, std::pair{f16, memory::data_type::f16},
                             std::pair{bf16, memory::data_type::bf16}};
  for (const auto& [name, type] : known)
    if (format == name) return type;
  return memory::data_type::undef;
}

/// While it lives, OpenMP gives this thread no others: the suite calls from all cores already.
class OneThread {
 public:
  OneThread() { omp_set_num_threads(1); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;
  ~OneThread() { omp_set_num_threads(before_); }

 private:
  int before_ = omp_get_max_threads();
};

/// One row after another.
Strides dense(const Shape& shape) {
  const auto n = static_cast<std::ptrdiff_t>(shape.n), inner = static_cast<std::ptrdiff_t>(shape.inner);
  return {n * inner, inner, 1};
}

bool operator==(const Strides& a, const Strides& b) { return a.outer == b.outer && a.n == b.n && a.inner == b.inner; }

/// The stride of an axis of length 1 means nothing: the dense one tells the library the most.
Strides meaning(const Shape& shape, Strides strides) {
  const Strides own = dense(shape);
  if (shape.outer == 1) strides.outer = own.outer;
  if (shape.n == 1) strides.n = own.n;
  if (shape.inner == 1) strides.inner = own.inner;
  return strides;
}

memory::desc layout(const Format& format, const Shape& shape, const Strides& strides) {
  const memory::dims lengths{static_cast<memory::dim>(shape.outer), static_cast<memory::dim>(shape.n),
                             static_cast<memory::dim>(shape.inner)};
  return {lengths, data_type(format), {strides.outer, strides.n, strides.inner}};
}

/// The library's answer to how it would run this; empty where it does not.
Description describe(const dnnl::engine& engine, const memory::desc& x, const memory::desc& y) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);  // else it is the thread's that made the primitive
  const softmax_v2_forward::desc asked(dnnl::prop_kind::forward_inference, algorithm, x, y, 1);
  return {asked, attributes, engine, true};
}

/// The primitive for one shape and its dense layout, made beforehand; other layouts are made as they come, from the
/// library's cache where it has seen them.
class Softmax {
 public:
  Softmax(const Format& format, const Shape& shape) : format_(format), shape_(shape) {
    if (shape.n > 0) prepared_ = make(dense(shape), dense(shape));
  }

  int operator()(const Call& call) const try {
    const OneThread here;
    if (call.temperature != 1) return unsupported;
    if (shape_.n == 0) return 0;
    const Strides x = meaning(shape_, call.x_stride), y = meaning(shape_, call.y_stride);
    if (x == dense(shape_) && y == dense(shape_)) return run(prepared_, call);
    return run(make(x, y), call);
  } catch (const dnnl::error&) {
    return unsupported;
  }

 private:
  struct Made {
    Description description;
    softmax_v2_forward primitive;
  };

  [[nodiscard]] std::optional<Made> make(const Strides& x, const Strides& y) const {
    Description description = describe(engine_, layout(format_, shape_, x), layout(format_, shape_, y));
    if (!description) return std::nullopt;
    return Made{description, softmax_v2_forward(description)};
  }

  [[nodiscard]] int run(const std::optional<Made>& made, const Call& call) const {
    if (!made) return unsupported;
    dnnl::stream stream(engine_);
    made->primitive.execute(stream,
                            {{DNNL_ARG_SRC, memory(made->description.src_desc(), engine_, const_cast<void*>(call.x))},
                             {DNNL_ARG_DST, memory(made->description.dst_desc(), engine_, call.y)},
                             {DNNL_ARG_SCRATCHPAD, memory(made->description.scratchpad_desc(), engine_)}});
    stream.wait();
    return 0;
  }

  Format format_;
  Shape shape_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  std::optional<Made> prepared_;
};

Kernel prepare(const Format& format, const Shape& shape) try {
  const OneThread here;
  return Softmax(format, shape);
} catch (const dnnl::error&) {
  return [](const Call&) { return unsupported; };
}

/// Those that the library takes on this machine: bf16 asks for AVX-512, f16 for a later version.
std::vector<Format> formats_taken() {
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  const Shape row{1, 16, 1};
  std::vector<Format> taken;
  for (const Format& format : formats) {
    if (data_type(format) == memory::data_type::undef) continue;
    const memory::desc tensor = layout(format, row, dense(row));
    if (describe(engine, tensor, tensor)) taken.push_back(format);
  }
  return taken;
}

std::string version() {
  const dnnl_version_t* v = dnnl_version();
  return std::to_string(v->major) + '.' + std::to_string(v->minor) + '.' + std::to_string(v->patch);
}

/// The errors of the library's exp and log, in units of u: the largest of all floats (bounds.md, "oneDNN").
constexpr double exp_error = 8;
double log_error(double log_sum) { return 58 * std::max(1.0, log_sum); }

/// Of the softmax in f32: the shifted one's, with a product by the reciprocal for the quotient.
Bound softmax_bound(const Facts& f, std::size_t j) {
  return relative_bound(f, f32, static_cast<double>(f.terms) + 2 * exp_error + 1 + f.gap[j] + f.mean_gap, 0);
}

/// Of the log_softmax in f32: (x_j - a) - log S, the maximum's own term inside the logarithm.
Bound log_softmax_bound(const Facts& f, std::size_t j) {
  const double sum = static_cast<double>(f.terms) - 1 + exp_error + f.mean_gap;
  return absolute_bound(f, f32, f.gap[j] + f.gap[j] + f.log_sum + sum + log_error(f.log_sum), 0);
}

/// What waits in the result for the last pass is rounded to the format: the exponentials, or x_j - a.
Bound stored(Bound bound, const Facts& f, const Format& format, std::size_t j) {
  const double u = unit_roundoff(format);
  if (map == Map::log_softmax) return {0, bound.absolute + f.gap[j] * u};
  return {bound.relative + u * (1 + bound.relative), 0};
}

std::vector<Bound> bounds(const Row& row, const Format& format) {
  const Facts f = facts(row);
  return each_unmasked(f, [&](std::size_t j) {
    const Bound in_f32 = map == Map::log_softmax ? log_softmax_bound(f, j) : softmax_bound(f, j);
    return format == f32 ? in_f32 : rounded_once(stored(in_f32, f, format, j));
  });
}

bool speaks_of(const Row& row, const Format&) {
  return map == Map::log_softmax ? row.x.size() > 1 : components_fit(row, f32);
}

Claim claim() {
  const bool log = map == Map::log_softmax;
  return {
      .bound = log ? "absolute n + 2 t_j + 65 log S + Ḡ + 65"
                   : "relative n + 17 + t_j + Ḡ; in bf16 also 1 u of it, and half an ulp, and 3/2 of that",
      .source = "impls/bounds.md, oneDNN",
      .domain = {log ? "rows of more than one entry"
                     : "every unmasked component of the softmax normal, with a factor of e to spare",
                 speaks_of},
      .bounds = bounds,
      .promises = strided | in_place | thread_safe | deterministic,
  };
}

}  // namespace

Implementation IMPLEMENTATION() {
  return {
      .map = map,
      .formats = formats_taken(),
      .source = "oneDNN Developer Guide, Softmax",
      .version = version(),
      .prepare = prepare,
      .claim = claim(),
  };
}

}  // namespace audit::impls
