#include "properties/company.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace audit::properties {
namespace {

using impls::Answers;
using impls::Layout;
using impls::Row;

void fill(Row& row, double value) { std::ranges::fill(row.x, value); }

/// Whether two rows of a call were answered alike, to the bit; a NaN is never the same.
bool same(const Answers& answers, std::size_t a, std::size_t b) {
  for (std::size_t j = 0; j < answers.n; ++j) {
    const std::size_t at = a * answers.n + j, there = b * answers.n + j;
    const double p = answers.y[at], q = answers.y[there];
    if (!(p == q) || std::signbit(p) != std::signbit(q) || answers.written[at] != answers.written[there]) return false;
  }
  return answers.input_changed[a] == answers.input_changed[b];
}

}  // namespace

Row with_another_target(Row row) {
  for (std::int64_t& target : row.target) target = (target + 1) % std::ssize(row.x);
  return row;
}

Row another(Other kind, const impls::Format& format, Row row) {
  if (row.x.empty()) return row;
  row = with_another_target(std::move(row));
  std::ranges::reverse(row.operand);
  switch (kind) {
    case Other::nan:
      fill(row, std::numeric_limits<double>::quiet_NaN());
      break;
    case Other::huge:
      fill(row, *std::ranges::max_element(row.x) < 0 ? 0 : impls::largest_finite(format));
      break;
    case Other::infinite:
      fill(row, INFINITY);
      break;
    case Other::subnormal:
      fill(row, 3 * impls::smallest_subnormal(format));
      break;
    case Other::masked:
      fill(row, impls::mask(format));
      break;
    case Other::rearranged:
      std::ranges::rotate(row.x, row.x.begin() + static_cast<std::ptrdiff_t>(row.x.size() / 2));
      std::ranges::reverse(row.x);
  }
  return row;
}

Crowd among_others(const impls::Format& format, const Row& row, std::size_t rows, std::size_t place, Seventh seventh) {
  Crowd crowd;
  for (std::size_t kind = 0; kind < other_kinds; ++kind)
    crowd.kinds.push_back(another(static_cast<Other>((3 * place + kind) % other_kinds), format, row));
  crowd.kinds.push_back(row);
  crowd.rows.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i)
    crowd.rows.push_back((i % period == place) == (seventh == Seventh::evidence) ? &crowd.kinds.back()
                                                                                 : &crowd.kinds[i % other_kinds]);
  return crowd;
}

std::optional<reports::Finding> wrong_in(const Evidence& e, std::size_t rows, std::size_t first, const Layout& layout,
                                         const std::string& how, Seventh seventh) {
  const Crowd crowd = among_others(e.question.format, e.question.row, rows, first, seventh);
  const Answers answers = impls::ask(e.target, e.question.format, crowd.rows, layout);
  if (answers.status != 0) return std::nullopt;
  const bool one_after_another = layout.shape.inner == 1 && layout.x.n == 1 && layout.y.n == 1;
  const bool same_bits = (e.target.claim.promises & impls::batch_invariant) && !layout.in_place && one_after_another;
  std::optional<std::size_t> right;
  for (std::size_t place = 0; place < rows; ++place) {
    if (crowd.rows[place] != &crowd.kinds.back()) continue;
    // What is the same as what was right is right.
    if (right && same(answers, place, *right)) continue;
    const std::string words = fmt::format("as row {} of {}{}", place, rows, how);
    const impls::Answer answer = answers.row(place);
    if (auto broken = wrong(e, answer, words)) return broken;
    right = place;
    if (!same_bits) continue;
    if (auto broken = other_bits(e, answer, words)) return broken;
  }
  if (answers.strayed) return about_row(e, "an element between the rows written" + how, "the elements of y alone");
  return std::nullopt;
}

Layout overwritten(Layout layout) {
  layout.y = layout.x;
  layout.in_place = true;
  return layout;
}

std::size_t length_of(const Evidence& e) { return impls::length(e.target.map, e.question.row); }

}  // namespace audit::properties
