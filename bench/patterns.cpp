#include "bench/patterns.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "reference/oracle.hpp"

namespace audit::bench {
namespace {

/// Calls step with a number of the type that an element of this many bytes is stored as.
template <class Step>
void as_stored(std::size_t bytes, Step step) {
  if (bytes == 1) return step(std::uint8_t{});
  if (bytes == 2) return step(std::uint16_t{});
  step(std::uint32_t{});
}

}  // namespace

Patterns::Patterns(const impls::Format& format) : format_(format) {
  if (format.bytes > 2) return;
  for (std::uint32_t bits = 0; bits < 1U << (8 * format.bytes); ++bits) values_.push_back(impls::decode(format, bits));
}

void Patterns::pack(std::span<const std::uint32_t> patterns, Memory& memory) const {
  memory.resize(patterns.size() * format_.bytes);
  as_stored(format_.bytes, [&]<class S>(S) {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const auto stored = static_cast<S>(patterns[i]);
      std::memcpy(memory.data() + i * sizeof(S), &stored, sizeof(S));
    }
  });
}

void Patterns::unpack(const Memory& memory, std::vector<std::uint32_t>& patterns) const {
  patterns.resize(memory.size() / format_.bytes);
  as_stored(format_.bytes, [&]<class S>(S stored) {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      std::memcpy(&stored, memory.data() + i * sizeof(S), sizeof(S));
      patterns[i] = stored;
    }
  });
}

PatternKernel::PatternKernel(const impls::Implementation& target, const Patterns& patterns, std::size_t n)
    : target_(target), patterns_(patterns), n_(n), outputs_(impls::outputs(target.map, n)) {}

const std::vector<std::uint32_t>* PatternKernel::ask(std::span<const std::uint32_t> rows) {
  const impls::Shape shape{rows.size() / n_, n_, 1};
  if (shape.outer != prepared_) {
    prepared_ = shape.outer;
    kernel_ = target_.prepare(patterns_.format(), shape);
    const auto poison = static_cast<std::uint32_t>(impls::poison(patterns_.format()));
    patterns_.pack(std::vector<std::uint32_t>(shape.outer * outputs_, poison), poison_);
  }
  patterns_.pack(rows, as_given_);
  x_ = as_given_;
  y_ = poison_;
  impls::Call call;
  call.shape = shape;
  call.x = x_.data();
  call.x_stride = {static_cast<std::ptrdiff_t>(n_), 1, 1};
  call.y = y_.data();
  call.y_stride = {static_cast<std::ptrdiff_t>(outputs_), 1, 1};
  if (kernel_(call) != 0) return nullptr;
  changed_ = x_ != as_given_;
  patterns_.unpack(y_, answers_);
  return &answers_;
}

ShortOracle::ShortOracle(impls::Map map, const Patterns& patterns) : map_(map), patterns_(patterns) {
  if (map == impls::Map::softmax) tables_.emplace(patterns.format());
}

void ShortOracle::certify_row(std::span<const std::uint32_t> row, Scratch& scratch) const {
  scratch.row.x.clear();
  for (const std::uint32_t bits : row) scratch.row.x.push_back(patterns_.value(bits));
  reference::certify_into(map_, patterns_.format(), scratch.row, scratch.exact);
}

void ShortOracle::certify(std::size_t n, std::span<const std::uint32_t> rows, reference::ShortAnswers& answers) const {
  Scratch scratch;
  scratch.exact.format = patterns_.format();
  if (!tables_) return certify_row_by_row(n, rows, scratch, answers);
  tables_->certify(n, rows, answers);
  std::vector<std::size_t> open;
  for (const std::size_t i : answers.open) {
    certify_row(rows.subspan(i / n * n, n), scratch);
    const reference::Element y = scratch.exact.element(i % n);
    answers.set(i, y);
    if (!y.decided) open.push_back(i);
  }
  answers.open = std::move(open);
}

void ShortOracle::certify_row_by_row(std::size_t n, std::span<const std::uint32_t> rows, Scratch& scratch,
                                     reference::ShortAnswers& answers) const {
  const std::size_t outputs = impls::outputs(map_, n), count = rows.size() / n;
  answers.format = patterns_.format();
  answers.rounded.assign(count * outputs, std::numeric_limits<double>::quiet_NaN());
  answers.residual.assign(count * outputs, 0);
  answers.open.clear();
  for (std::size_t row = 0; row < count; ++row) {
    certify_row(rows.subspan(row * n, n), scratch);
    if (scratch.exact.special != reference::Special::none) continue;
    for (std::size_t j = 0; j < outputs; ++j) {
      const reference::Element y = scratch.exact.element(j);
      answers.set(row * outputs + j, y);
      if (!y.decided) answers.open.push_back(row * outputs + j);
    }
  }
}

}  // namespace audit::bench
