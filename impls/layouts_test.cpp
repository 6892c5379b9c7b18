#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "impls/catalogue.hpp"
#include "impls/every_kernel.hpp"

// The promises strided, in_place and batch_invariant: a row has the same answer wherever it lies, to the bit where that
// is promised, and nothing beside it is touched.

namespace audit::impls {
namespace {

/// Where the elements of a tensor lie whose rows run along its middle axis.
struct Layout {
  Shape shape;
  Strides stride;
  std::size_t size;  ///< of the memory, in elements

  [[nodiscard]] std::size_t at(std::size_t outer, std::size_t j, std::size_t inner) const {
    return outer * static_cast<std::size_t>(stride.outer) + j * static_cast<std::size_t>(stride.n) +
           inner * static_cast<std::size_t>(stride.inner);
  }
};

const Layout contiguous{.shape = {3, 5, 2}, .stride = {10, 2, 1}, .size = 30};
const Layout gaps{.shape = {3, 5, 2}, .stride = {43, 8, 3}, .size = 150};

/// A contiguous tensor [3, 70, 5] with the axes before and after one taken together.
Layout along(std::size_t axis) {
  const Shape shape = std::array<Shape, 3>{{{1, 3, 350}, {3, 70, 5}, {210, 5, 1}}}[axis];
  const auto n = static_cast<std::ptrdiff_t>(shape.n), inner = static_cast<std::ptrdiff_t>(shape.inner);
  return {.shape = shape, .stride = {n * inner, inner, 1}, .size = 3 * 70 * 5};
}

double entry(std::size_t outer, std::size_t j, std::size_t inner) {
  return std::sin(1.0 + static_cast<double>(outer * 31 + j * 7 + inner * 3)) * 4;
}

std::vector<double> row_of_tensor(const Format& format, std::size_t n, std::size_t outer, std::size_t inner) {
  std::vector<double> x;
  for (std::size_t j = 0; j < n; ++j) x.push_back(round_to(format, entry(outer, j, inner)));
  return x;
}

/// A tree whose leaf 3 is reached before its node 3: in place, its score must not be lost.
const std::vector<std::int32_t> tree_of_five{-4, 3, -3, 2, -2, -5, -1, 1};

/// Empty, which is heap order, but for five leaves.
std::vector<std::int32_t> tree(std::size_t n) { return n == 5 ? tree_of_five : std::vector<std::int32_t>{}; }

/// What goes with the rows: a tree has a score fewer than the tensor has entries, which none reads.
Row row_at(const Implementation& target, const Format& format, std::size_t n, std::size_t outer, std::size_t inner) {
  Row row{row_of_tensor(format, n, outer, inner), 1};
  if (traits(target.map).takes_tree) {
    row.x.pop_back();
    row.tree = tree(n);
  }
  if (traits(target.map).takes_operand) row.operand = row_of_tensor(format, n, outer + 3, inner);
  if (traits(target.map).takes_target) row.target = {static_cast<std::int64_t>((outer + 2 * inner) % n)};
  return row;
}

/// The targets of the rows, in their order.
std::vector<std::int64_t> targets(const Implementation& target, const Format& format, const Shape& shape) {
  std::vector<std::int64_t> all;
  for (std::size_t o = 0; o < shape.outer; ++o)
    for (std::size_t i = 0; i < shape.inner; ++i) {
      const Row row = row_at(target, format, shape.n, o, i);
      all.insert(all.end(), row.target.begin(), row.target.end());
    }
  return all;
}

/// A buffer for any format, poisoned, with the tensor written into it where asked.
struct Buffer {
  std::vector<double> memory;

  Buffer(const Format& format, std::size_t size) : memory(size) {
    for (std::size_t i = 0; i < size; ++i) store_bits(format, poison(format), memory.data(), i);
  }
  /// The entries of the tensor from `first` on along the outer axis.
  void write(const Format& format, const Layout& layout, std::size_t first = 0) {
    for (std::size_t o = 0; o < layout.shape.outer; ++o)
      for (std::size_t i = 0; i < layout.shape.inner; ++i) {
        const std::vector<double> row = row_of_tensor(format, layout.shape.n, first + o, i);
        for (std::size_t j = 0; j < row.size(); ++j)
          store_bits(format, encode(format, row[j]), memory.data(), layout.at(o, j, i));
      }
  }
};

/// How far the elements of an answer may be from those of the row alone: not at all without a bound to tell by.
std::vector<double> apart(const Implementation& target, const Format& format, const Row& row,
                          const std::vector<double>& alone) {
  if ((target.claim.promises & batch_invariant) || !target.claim.bounds) return std::vector<double>(alone.size());
  return testing::twice_the_claim(target, format, row, alone);
}

/// Holds the rows in y to what the kernel gives for each of them alone; the gaps of y to the poison, where asked.
void expect_rows(const Implementation& target, const Format& format, const Layout& layout, const Buffer& y,
                 bool gaps_poisoned) {
  const std::size_t n = layout.shape.n, outputs = traits(target.map).one_number_out ? 1 : n;
  std::size_t written = 0;
  for (std::size_t o = 0; o < layout.shape.outer; ++o) {
    for (std::size_t i = 0; i < layout.shape.inner; ++i) {
      const Row row = row_at(target, format, n, o, i);
      const std::vector<double> want = ask(target, format, row).y, may = apart(target, format, row, want);
      for (std::size_t j = 0; j < outputs; ++j)
        EXPECT_LE(std::abs(decode(format, load_bits(format, y.memory.data(), layout.at(o, j, i))) - want[j]), may[j]);
    }
  }
  for (std::size_t at = 0; at < layout.size; ++at)
    written += load_bits(format, y.memory.data(), at) != poison(format) ? 1 : 0;
  if (gaps_poisoned) {
    EXPECT_EQ(written, layout.shape.outer * layout.shape.inner * outputs);
  }
}

bool promises_layouts(const Implementation& target) {
  constexpr unsigned both = strided | in_place;
  return (target.claim.promises & both) == both;
}

class EveryLayout : public testing::EveryKernel {};
INSTANTIATE_TEST_SUITE_P(Layouts, EveryLayout, ::testing::ValuesIn(testing::kernels(promises_layouts)),
                         testing::name_of);

/// Asks the tensor as it lies in one layout for its answer in another one; y where x is asks in place.
void expect_answers(const Implementation& target, const Format& format, const Layout& from, const Layout& to,
                    bool in_place) {
  Buffer x(format, from.size), operand(format, from.size), apart(format, to.size);
  x.write(format, from);
  operand.write(format, from, 3);
  Buffer& y = in_place ? x : apart;
  const std::vector<std::int64_t> target_of = targets(target, format, from.shape);
  const std::vector<std::int32_t> children = tree(from.shape.n);
  const Call call{.shape = from.shape,
                  .x = x.memory.data(),
                  .x_stride = from.stride,
                  .y = y.memory.data(),
                  .y_stride = to.stride,
                  .operand = operand.memory.data(),
                  .target = target_of.data(),
                  .tree = children.empty() ? nullptr : children.data()};
  ASSERT_EQ(target.prepare(format, call.shape)(call), 0);
  expect_rows(target, format, to, y, !in_place);
}

TEST_P(EveryLayout, GivesTheAnswerOfTheRowAlone) {
  for (const Format& format : target.formats)
    for (const auto& [from, to] : {std::pair{contiguous, contiguous}, {contiguous, gaps}, {gaps, contiguous}})
      expect_answers(target, format, from, to, false);
}

TEST_P(EveryLayout, GivesTheAnswerOfTheRowAloneAlongEveryAxisOfATensor) {
  for (const Format& format : target.formats)
    for (const std::size_t axis : {0, 1, 2}) expect_answers(target, format, along(axis), along(axis), axis == 1);
}

TEST_P(EveryLayout, GivesTheSameAnswerInPlace) {
  for (const Format& format : target.formats)
    for (const Layout& layout : {contiguous, gaps}) expect_answers(target, format, layout, layout, true);
}

}  // namespace
}  // namespace audit::impls
