#include <algorithm>
#include <cmath>
#include <new>

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
  Packed(const Packed&) = delete;
  Packed& operator=(const Packed&) = delete;
  ~Packed() { ::operator delete(memory_, alignment); }

  void* data() { return memory_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  void set(std::size_t i, std::uint64_t bits) { store_bits(format_, bits, memory_, i); }
  [[nodiscard]] std::uint64_t bits(std::size_t i) const { return load_bits(format_, memory_, i); }

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

void pack(const Format& format, const std::vector<Row>& rows, std::vector<double> Row::* values, const Places& places,
          Packed& array) {
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t j = 0; j < places.n(); ++j)
      array.set(places.at(row, j), input_bits(format, (rows[row].*values)[j], j));
}

bool holds(const Format& format, std::size_t row, const std::vector<double>& values, const Places& places,
           const Packed& array) {
  for (std::size_t j = 0; j < values.size(); ++j)
    if (array.bits(places.at(row, j)) != input_bits(format, values[j], j)) return false;
  return true;
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

/// One row of the outer axis of a contiguous batch.
Call row_of(Call call, std::size_t row, const Format& format) {
  const auto from = [&](const Strides& stride) { return row * static_cast<std::size_t>(stride.outer) * format.bytes; };
  call.shape.outer = 1;
  call.x = static_cast<const std::byte*>(call.x) + from(call.x_stride);
  call.y = static_cast<std::byte*>(call.y) + from(call.y_stride);
  if (call.operand) call.operand = static_cast<const std::byte*>(call.operand) + from(call.x_stride);
  if (call.target) call.target += row;
  return call;
}

/// Makes a call in its manner, of a kernel that runs in this process. Throws Accident.
int make_here(const Implementation& implementation, const Format& format, const Call& call) {
  const Kernel whole = implementation.prepare(format, call.shape);
  if (call.manner == Manner()) return whole(call);
  const Kernel one = implementation.prepare(format, {1, call.shape.n, call.shape.inner});
  const auto row = [&](std::size_t i) { return row_of(call, i, format); };
  const Making making{[&] { return whole(call); }, call.shape.outer, [&](std::size_t i) { return one(row(i)); },
                      [&](std::size_t i) {
                        return std::span(static_cast<const std::byte*>(row(i).y),
                                         static_cast<std::size_t>(call.y_stride.outer) * format.bytes);
                      }};
  const Made made = make(making, call.manner);
  if (made.changed) throw left_changed(made.changed);
  return made.status;
}

/// Asks once, `fill` in every element of the output beforehand.
Answers ask_over(std::uint64_t fill, const Implementation& implementation, const Format& format,
                 const std::vector<Row>& rows, const Layout& layout, const Manner& manner) {
  const Row& first = rows.front();
  const Places x_places(layout.shape, layout.x, first.x.size());
  const Places y_places(layout.shape, layout.y, outputs(implementation.map, layout.shape.n));
  Packed x(format, x_places.extent(), fill), y(format, layout.in_place ? 0 : y_places.extent(), fill);
  Packed operand(format, first.operand.empty() ? 0 : x_places.extent(), fill);
  pack(format, rows, &Row::x, x_places, x);
  if (!first.operand.empty()) pack(format, rows, &Row::operand, x_places, operand);
  std::vector<std::int64_t> target;
  for (const Row& row : rows) target.insert(target.end(), row.target.begin(), row.target.end());
  auto tree = first.tree;

  Packed& out = layout.in_place ? x : y;
  Call call{layout.shape, x.data(), layout.x, out.data(), layout.y, first.temperature};
  call.operand = first.operand.empty() ? nullptr : operand.data();
  const auto given_target = target;
  call.target = target.empty() ? nullptr : target.data();
  call.tree = tree.empty() ? nullptr : tree.data();

  Answers answers;
  answers.rows.reserve(rows.size());
  call.manner = manner;
  const bool elsewhere = static_cast<bool>(implementation.stopwatch);
  answers.status =
      elsewhere ? implementation.prepare(format, call.shape)(call) : make_here(implementation, format, call);
  const bool shared_changed = target != given_target || tree != first.tree;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Answer answer{answers.status, {}, {}};
    answer.y.reserve(y_places.n());
    answer.written.reserve(y_places.n());
    for (std::size_t j = 0; j < y_places.n(); ++j) {
      const std::uint64_t bits = out.bits(y_places.at(row, j));
      answer.y.push_back(decode(format, bits));
      answer.written.push_back(layout.in_place || bits != fill);
    }
    answer.input_changed = shared_changed || (!layout.in_place && !holds(format, row, rows[row].x, x_places, x)) ||
                           !holds(format, row, rows[row].operand, x_places, operand);
    answers.rows.push_back(std::move(answer));
  }
  answers.strayed = !untouched_between(layout.in_place ? x_places : y_places, rows.size(), out, fill);
  return answers;
}

}  // namespace

Layout contiguous(Map map, std::size_t rows, std::size_t n) {
  const auto one_after_another = [](std::size_t size) { return Strides{static_cast<std::ptrdiff_t>(size), 1, 1}; };
  const std::size_t scores = n - (traits(map).takes_tree && n > 0 ? 1 : 0);
  return {{rows, n, 1}, one_after_another(scores), one_after_another(outputs(map, n))};
}

Answers ask(const Implementation& implementation, const Format& format, const std::vector<Row>& rows,
            const Layout& layout, const Manner& manner) {
  if (manner != Manner() && !implementation.stopwatch)
    ask_over(poison(format), implementation, format, rows, layout, {});
  Answers answers = ask_over(poison(format), implementation, format, rows, layout, manner);
  const auto in_doubt = [](const Answer& answer) { return std::ranges::count(answer.written, false) > 0; };
  if (answers.status != 0 || format.infinities || std::ranges::none_of(answers.rows, in_doubt)) return answers;
  const Answers again = ask_over(encode(format, NAN), implementation, format, rows, layout, manner);
  for (std::size_t row = 0; row < answers.rows.size(); ++row)
    for (std::size_t i = 0; i < answers.rows[row].written.size(); ++i)
      answers.rows[row].written[i] = answers.rows[row].written[i] || again.rows[row].written[i];
  return answers;
}

Answer ask(const Implementation& implementation, const Format& format, const Row& row, const Manner& manner) try {
  const Map map = implementation.map;
  return ask(implementation, format, std::vector{row}, contiguous(map, 1, length(map, row)), manner).rows.front();
} catch (Accident& accident) {
  accident.row = row;
  throw;
}

}  // namespace audit::impls
