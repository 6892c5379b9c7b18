#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <new>
#include <utility>

#include "impls/catalogue.hpp"
#include "impls/machine_state.hpp"
#include "impls/manners.hpp"

namespace audit::impls {
namespace {

/// An array in a format's storage, on a cache line of its own, the same bits in every element.
class Packed {
 public:
  Packed(const Format& format, std::size_t size, std::uint64_t fill)
      : format_(format), size_(size), memory_(::operator new((size + 1) * format.bytes, alignment)) {
    for (std::size_t i = 0; i < size; ++i) set(i, fill);
  }
  Packed(const Packed& other)
      : format_(other.format_), size_(other.size_), memory_(::operator new((size_ + 1) * format_.bytes, alignment)) {
    std::memcpy(memory_, other.memory_, size_ * format_.bytes);
  }
  Packed& operator=(const Packed&) = delete;
  ~Packed() { ::operator delete(memory_, alignment); }

  void* data() { return memory_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  void set(std::size_t i, std::uint64_t bits) { store_bits(format_, bits, memory_, i); }
  [[nodiscard]] std::uint64_t bits(std::size_t i) const { return load_bits(format_, memory_, i); }
  [[nodiscard]] bool same(const Packed& other) const {
    return std::memcmp(memory_, other.memory_, size_ * format_.bytes) == 0;
  }

 private:
  static constexpr std::align_val_t alignment{64};
  const Format& format_;
  std::size_t size_;
  void* memory_;
};

/// Where the elements of the rows lie in an array that has `n` of each.
class Places {
 public:
  Places(const Shape& shape, const Strides& strides, std::size_t n) : inner_(shape.inner), strides_(strides), n_(n) {
    const std::size_t rows = shape.outer * shape.inner;
    extent_ = rows == 0 || n == 0 ? 0 : at(rows - 1, n - 1) + 1;
  }

  [[nodiscard]] std::size_t at(std::size_t row, std::size_t j) const {
    return row / inner_ * static_cast<std::size_t>(strides_.outer) + j * static_cast<std::size_t>(strides_.n) +
           row % inner_ * static_cast<std::size_t>(strides_.inner);
  }
  [[nodiscard]] std::size_t n() const { return n_; }
  /// Elements from the first to the last, with those between.
  [[nodiscard]] std::size_t extent() const { return extent_; }

 private:
  std::size_t inner_;
  Strides strides_;
  std::size_t n_;
  std::size_t extent_;
};

/// The bits of an input in place j. A NaN keeps its sign, and has all bits of its significand set in odd places:
/// arithmetic does not see that, but code that takes floats for integers.
std::uint64_t input_bits(const Format& format, double value, std::size_t j) {
  if (!std::isnan(value)) return encode(format, value);
  const std::uint64_t sign = std::uint64_t{1} << (8 * format.bytes - 1);
  const std::uint64_t payload = j % 2 == 1 ? (std::uint64_t{1} << (format.precision - 1)) - 1 : 0;
  return encode(format, value) | (std::signbit(value) ? sign : 0) | payload;
}

using Rows = std::span<const Row* const>;

void pack(const Format& format, Rows rows, std::vector<double> Row::* values, const Places& places, Packed& array) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::vector<double>& from = rows[row]->*values;
    for (std::size_t j = 0; j < places.n(); ++j) array.set(places.at(row, j), input_bits(format, from[j], j));
  }
}

/// Whether one row of an array is what it was.
bool kept(std::size_t row, const Places& places, const Packed& before, const Packed& now) {
  for (std::size_t j = 0; j < places.n(); ++j)
    if (now.bits(places.at(row, j)) != before.bits(places.at(row, j))) return false;
  return true;
}

/// Notes whose input is no longer what it was.
void note_changes(const Places& places, const Packed& before, const Packed& now, std::vector<bool>& changed) {
  if (now.same(before)) return;
  for (std::size_t row = 0; row < changed.size(); ++row)
    if (!kept(row, places, before, now)) changed[row] = true;
}

/// Whether all that lies between the elements is still as it was filled.
bool untouched_between(const Places& places, std::size_t rows, const Packed& array, std::uint64_t fill) {
  if (array.size() == rows * places.n()) return true;
  std::vector<bool> between(array.size(), true);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t j = 0; j < places.n(); ++j) between[places.at(row, j)] = false;
  for (std::size_t i = 0; i < array.size(); ++i)
    if (between[i] && array.bits(i) != fill) return false;
  return true;
}

/// Some rows of the outer axis.
Call part_of(Call call, std::size_t part, const Format& format) {
  const auto [first, rows] = impls::part_of(call.shape.outer, part);
  const auto from = [&](const Strides& stride) {
    return first * static_cast<std::size_t>(stride.outer) * format.bytes;
  };
  call.shape.outer = rows;
  call.x = static_cast<const std::byte*>(call.x) + from(call.x_stride);
  call.y = static_cast<std::byte*>(call.y) + from(call.y_stride);
  if (call.operand) call.operand = static_cast<const std::byte*>(call.operand) + from(call.x_stride);
  if (call.target) call.target += first * call.shape.inner;
  return call;
}

/// The same part in a call of other arguments.
Call unlike(Call call) {
  other_arguments(call.shape.n, call.temperature, call.target || call.tree, call.shape.outer * call.shape.inner);
  return call;
}

/// Makes a call in its manner, of a kernel that runs in this process, with so many bytes in y. Throws Accident.
int make_here(const Implementation& implementation, const Format& format, const Call& call, std::size_t bytes) {
  const Kernel whole = implementation.prepare(format, call.shape);
  if (call.manner == Manner()) return whole(call);
  const auto part = [&](std::size_t i) { return part_of(call, i, format); };
  const auto result = [&](std::size_t i) { return static_cast<const std::byte*>(part(i).y); };
  const std::size_t parts = parts_of(call.shape.outer);
  // Calls of one shape share a kernel, by rows and entries; none is prepared while they are made.
  std::map<std::pair<std::size_t, std::size_t>, Kernel> kernels;
  const auto key = [](const Call& asked) { return std::pair(asked.shape.outer, asked.shape.n); };
  for (std::size_t i = 0; call.manner.times > 0 && i < parts; ++i)
    for (const Call& asked : {part(i), unlike(part(i))})
      if (!kernels.contains(key(asked))) kernels[key(asked)] = implementation.prepare(format, asked.shape);
  const auto made = [&](const Call& asked) { return kernels.at(key(asked))(asked); };
  const Making making{
      [&] { return whole(call); }, parts, [&](std::size_t i) { return made(part(i)); },
      [&](std::size_t i) { return made(unlike(part(i))); },
      [&](std::size_t i) { return std::span(result(i), i + 1 < parts ? result(i + 1) : result(0) + bytes); }};
  const Made all = make(making, call.manner);
  if (all.changed) throw left_changed(all.changed);
  return all.status;
}

/// Asks once, `fill` in every element of the output beforehand.
Answers ask_over(std::uint64_t fill, const Implementation& implementation, const Format& format, Rows rows,
                 const Layout& layout, const Manner& manner) {
  const Row& first = *rows.front();
  const Places x_places(layout.shape, layout.x, first.x.size());
  const Places y_places(layout.shape, layout.y, outputs(implementation.map, layout.shape.n));
  Packed x(format, x_places.extent(), fill), y(format, layout.in_place ? 0 : y_places.extent(), fill);
  Packed operand(format, first.operand.empty() ? 0 : x_places.extent(), fill);
  pack(format, rows, &Row::x, x_places, x);
  if (!first.operand.empty()) pack(format, rows, &Row::operand, x_places, operand);
  std::vector<std::int64_t> target;
  for (const Row* row : rows) target.insert(target.end(), row->target.begin(), row->target.end());
  auto tree = first.tree;

  Packed& out = layout.in_place ? x : y;
  Call call{layout.shape, x.data(), layout.x, out.data(), layout.y, first.temperature};
  call.operand = first.operand.empty() ? nullptr : operand.data();
  const Packed given_x = x, given_operand = operand;
  const auto given_target = target;
  call.target = target.empty() ? nullptr : target.data();
  call.tree = tree.empty() ? nullptr : tree.data();
  call.manner = manner;

  Answers answers;
  const bool elsewhere = static_cast<bool>(implementation.stopwatch);
  answers.status = elsewhere ? implementation.prepare(format, call.shape)(call)
                             : make_here(implementation, format, call, out.size() * format.bytes);
  answers.n = y_places.n();
  answers.y.reserve(rows.size() * answers.n);
  answers.written.reserve(rows.size() * answers.n);
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t j = 0; j < answers.n; ++j) {
      const std::uint64_t bits = out.bits(y_places.at(row, j));
      answers.y.push_back(decode(format, bits));
      answers.written.push_back(layout.in_place || bits != fill);
    }
  answers.input_changed.assign(rows.size(), target != given_target || tree != first.tree);
  if (!layout.in_place) note_changes(x_places, given_x, x, answers.input_changed);
  note_changes(x_places, given_operand, operand, answers.input_changed);
  answers.strayed = !untouched_between(layout.in_place ? x_places : y_places, rows.size(), out, fill);
  return answers;
}

}  // namespace

Layout contiguous(Map map, std::size_t rows, std::size_t n) {
  const auto one_after_another = [](std::size_t size) { return Strides{static_cast<std::ptrdiff_t>(size), 1, 1}; };
  const std::size_t scores = n - (traits(map).takes_tree && n > 0 ? 1 : 0);
  return {{rows, n, 1}, one_after_another(scores), one_after_another(outputs(map, n))};
}

Answer Answers::row(std::size_t i) const {
  const auto from = static_cast<std::ptrdiff_t>(i * n), to = from + static_cast<std::ptrdiff_t>(n);
  return {status, {y.begin() + from, y.begin() + to}, {written.begin() + from, written.begin() + to}, input_changed[i]};
}

Answers ask(const Implementation& implementation, const Format& format, Rows rows, const Layout& layout,
            const Manner& manner) {
  if (manner != Manner() && !implementation.stopwatch)
    ask_over(poison(format), implementation, format, rows, layout, {});
  Answers answers = ask_over(poison(format), implementation, format, rows, layout, manner);
  if (answers.status != 0 || format.infinities || std::ranges::count(answers.written, false) == 0) return answers;
  const Answers again = ask_over(encode(format, NAN), implementation, format, rows, layout, manner);
  for (std::size_t i = 0; i < answers.written.size(); ++i) answers.written[i] = answers.written[i] || again.written[i];
  return answers;
}

Answers ask(const Implementation& implementation, const Format& format, const std::vector<Row>& rows,
            const Layout& layout, const Manner& manner) {
  std::vector<const Row*> each;
  each.reserve(rows.size());
  for (const Row& row : rows) each.push_back(&row);
  return ask(implementation, format, each, layout, manner);
}

Answer ask(const Implementation& implementation, const Format& format, const Row& row, const Manner& manner) try {
  const Map map = implementation.map;
  Answers only = ask(implementation, format, std::array{&row}, contiguous(map, 1, length(map, row)), manner);
  return {only.status, std::move(only.y), std::move(only.written), only.input_changed[0]};
} catch (Accident& accident) {
  accident.row = row;
  throw;
}

}  // namespace audit::impls
