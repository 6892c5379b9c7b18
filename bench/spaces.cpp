#include "bench/spaces.hpp"

#include <algorithm>

namespace audit::bench {
namespace {

constexpr std::uint64_t rows_a_part = 1 << 20;

unsigned bits_of(const impls::Format& format) { return static_cast<unsigned>(8 * format.bytes); }

bool of_logits_alone(const impls::MapTraits& map) { return !map.takes_operand && !map.takes_target && !map.takes_tree; }

}  // namespace

std::vector<Unit> spaces(const impls::Implementation& target) {
  std::vector<Unit> found;
  if (!target.absent.empty() || !of_logits_alone(impls::traits(target.map))) return found;
  const auto add = [&](const impls::Format& format, std::string_view family, std::size_t n) {
    found.push_back({target.map, format, std::string(family), n, 0});
    found.back().rows = size_of(found.back());
  };
  for (const impls::Format& format : target.formats) {
    if (format == impls::f32) add(format, every_difference, 2);
    if (format.bytes == 2) add(format, every_row, 2);
    for (std::size_t n = 2; format.bytes == 1 && n <= 4; ++n) add(format, every_row, n);
  }
  return found;
}

std::uint64_t size_of(const Unit& space) {
  const unsigned bits = bits_of(space.format);
  if (space.family == every_difference) return std::uint64_t{1} << bits;
  return std::uint64_t{1} << (bits * space.n);
}

std::size_t parts_of(const Unit& space) { return (space.rows + rows_a_part - 1) / rows_a_part; }

PartRows::PartRows(const Unit& space, std::size_t part)
    : n_(space.n),
      bits_(bits_of(space.format)),
      at_(part * rows_a_part),
      end_(std::min<std::uint64_t>(at_ + rows_a_part, space.rows)) {}

void PartRows::next(std::size_t most, std::vector<std::uint32_t>& patterns) {
  patterns.clear();
  const std::uint64_t mask = (std::uint64_t{1} << bits_) - 1, stop = std::min(end_, at_ + most);
  for (; at_ < stop; ++at_)
    for (std::size_t j = n_; j-- > 0;) patterns.push_back(static_cast<std::uint32_t>(at_ >> (bits_ * j) & mask));
}

}  // namespace audit::bench
