#include "bench/batch.hpp"

#include <algorithm>
#include <cstring>

namespace audit::bench {
namespace {

constexpr std::size_t most_drawn = 64;
constexpr std::size_t most_drawn_elements = 65536;

void append(Memory& memory, const impls::Format& format, const std::vector<double>& values) {
  const std::size_t start = memory.size();
  memory.resize(start + values.size() * format.bytes);
  for (std::size_t i = 0; i < values.size(); ++i)
    impls::store_bits(format, impls::encode(format, values[i]), memory.data() + start, i);
}

}  // namespace

Repeated::Repeated(Memory pattern, std::size_t times) : pattern_(std::move(pattern)), memory_(times * pattern_.size()) {
  restore();
}

void Repeated::restore() {
  for (std::size_t at = 0; at < memory_.size(); at += pattern_.size())
    std::memcpy(memory_.data() + at, pattern_.data(), pattern_.size());
}

bool Repeated::intact() const {
  for (std::size_t at = 0; at < memory_.size(); at += pattern_.size())
    if (std::memcmp(memory_.data() + at, pattern_.data(), pattern_.size()) != 0) return false;
  return true;
}

Batch::Batch(const impls::Format& format, std::size_t n, std::size_t rows, std::size_t stretches, bool with_operand)
    : format_(format),
      n_(n),
      rows_(rows),
      drawn_(std::min(rows, std::clamp<std::size_t>(most_drawn_elements / n, 1, most_drawn))),
      stretches_(stretches),
      stretch_bytes_(rows * n * format.bytes),
      y_(stretches * stretch_bytes_) {
  std::vector<impls::Row> drawn;
  for (std::size_t row = 0; row < drawn_; ++row)
    drawn.push_back(question(with_operand ? impls::Map::gumbel_softmax : impls::Map::softmax, row).row);
  Memory logits, operands;
  for (std::size_t row = 0; row < rows; ++row) {
    append(logits, format, drawn[row % drawn_].x);
    append(operands, format, drawn[row % drawn_].operand);
  }
  x_ = Repeated(std::move(logits), stretches);
  if (with_operand) operand_ = Repeated(std::move(operands), stretches);
}

std::size_t Batch::next_stretch() {
  at_ = (at_ + 1) % stretches_;
  return at_ * stretch_bytes_;
}

impls::Call Batch::move_on(impls::Call call) {
  const std::size_t start = next_stretch();
  call.x = x_.data() + start;
  call.y = y_.data() + start;
  if (call.operand) call.operand = operand_.data() + start;
  return call;
}

void Batch::copy() {
  const std::size_t start = next_stretch();
  std::memcpy(y_.data() + start, x_.data() + start, stretch_bytes_);
}

impls::Call Batch::call(impls::Map map) {
  const std::size_t out = outputs(map, n_);
  impls::Call call;
  call.shape = {rows_, n_, 1};
  call.x = x_.data();
  call.x_stride = {static_cast<std::ptrdiff_t>(n_), 1, 1};
  call.y = y_.data();
  call.y_stride = {static_cast<std::ptrdiff_t>(out), 1, 1};
  call.temperature = question(map, 0).row.temperature;
  call.operand = impls::traits(map).takes_operand ? operand_.data() : nullptr;
  return call;
}

impls::Timing Batch::timing(impls::Map map) { return {call(map), stretches_, stretch_bytes_}; }

reference::Case Batch::question(impls::Map map, std::size_t row) const {
  return reference::draw(map, format_, family, n_, seed, row % drawn_);
}

void Batch::poison(impls::Map map, std::size_t row) {
  const std::size_t out = outputs(map, n_);
  for (std::size_t j = 0; j < out; ++j) impls::store_bits(format_, impls::poison(format_), y_.data(), row * out + j);
}

impls::Answer Batch::answer(impls::Map map, std::size_t row) const {
  const std::size_t out = outputs(map, n_);
  impls::Answer answer;
  for (std::size_t j = 0; j < out; ++j) {
    const std::uint64_t bits = impls::load_bits(format_, y_.data(), row * out + j);
    answer.y.push_back(impls::decode(format_, bits));
    answer.written.push_back(bits != impls::poison(format_));
  }
  return answer;
}

bool Batch::mend() {
  if (x_.intact() && operand_.intact()) return true;
  x_.restore();
  operand_.restore();
  return false;
}

}  // namespace audit::bench
