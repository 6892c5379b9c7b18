#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <limits>

#include "bench/exhaustive.hpp"
#include "bench/patterns.hpp"
#include "reference/cases.hpp"

namespace audit::bench {
namespace {

/// The answers to every row of a space of an 8-bit format, by the number of the row; empty when not supported.
std::vector<std::uint8_t> all_answers(const impls::Implementation& target, const Unit& space,
                                      const Patterns& patterns) {
  const std::size_t outputs = impls::outputs(space.map, space.n);
  std::vector<std::uint8_t> answers(space.rows * outputs);
  std::atomic<bool> supported = true;
  const std::size_t parts = parts_of(space);
  tbb::parallel_for(std::size_t{0}, parts, [&](std::size_t part) {
    PartRows rows(space, part);
    PatternKernel kernel(target, patterns, space.n);
    std::vector<std::uint32_t> asked;
    auto to = answers.begin() + static_cast<std::ptrdiff_t>(part * (space.rows / parts) * outputs);
    for (rows.next(4096, asked); !asked.empty(); rows.next(4096, asked)) {
      const auto* got = kernel.ask(asked);
      if (!got) {
        supported = false;
        return;
      }
      to = std::ranges::transform(*got, to, [](std::uint32_t bits) { return static_cast<std::uint8_t>(bits); }).out;
    }
  });
  if (!supported) answers.clear();
  return answers;
}

constexpr std::size_t byte(std::size_t row, std::size_t place) { return row >> (8 * place) & 0xFF; }

/// The row with the entries at two neighbouring places, counted from the last one, exchanged.
constexpr std::size_t swapped(std::size_t row, std::size_t place) {
  const std::size_t difference = byte(row, place) ^ byte(row, place + 1);
  return row ^ difference << (8 * place) ^ difference << (8 * (place + 1));
}

/// The first row of a space of an 8-bit format that a swap of neighbours answers otherwise.
std::optional<std::size_t> first_asymmetric(const std::vector<std::uint8_t>& answers, std::size_t n,
                                            std::size_t outputs) {
  const auto same = [&](std::size_t row, std::size_t place) {
    const std::size_t other = swapped(row, place);
    for (std::size_t j = 0; j < outputs; ++j) {
      const std::size_t from_last = n - 1 - j;
      const std::size_t there = outputs < n ? j : from_last == place ? j - 1 : from_last == place + 1 ? j + 1 : j;
      if (answers[row * outputs + j] != answers[other * outputs + there]) return false;
    }
    return true;
  };
  for (std::size_t row = 0; row < answers.size() / outputs; ++row)
    for (std::size_t place = 0; place + 1 < n; ++place)
      if (!same(row, place)) return row;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> asymmetry(const impls::Implementation& target, const impls::Format& format) {
  const Patterns patterns(format);
  for (const std::size_t n : {2, 3}) {
    const Unit space{target.map, format, std::string(every_row), n, std::size_t{1} << (8 * n)};
    const auto answers = all_answers(target, space, patterns);
    if (answers.empty()) return "not supported";
    const auto row = first_asymmetric(answers, n, impls::outputs(target.map, n));
    if (!row) continue;
    impls::Row shown;
    for (std::size_t j = 0; j < n; ++j)
      shown.x.push_back(patterns.value(static_cast<std::uint32_t>(byte(*row, n - 1 - j))));
    return reference::id(reference::spelled_out(target.map, format, shown));
  }
  return std::nullopt;
}

}  // namespace audit::bench
