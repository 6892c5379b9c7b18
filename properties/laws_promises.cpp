#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "properties/company.hpp"
#include "properties/law_tables.hpp"
#include "properties/relatives.hpp"

namespace audit::properties {
namespace {

using impls::Row;
using Broken = std::optional<reports::Finding>;

/// Up to here a call is asked, in logits; two rows of any length are. Of single entries, which have one answer, less.
constexpr std::size_t longest_call = std::size_t{2} * 65537, longest_of_single_entries = 4097;
/// Rows of this length are long, and asked in calls of so many logits.
constexpr std::size_t of_long_rows = 40, longest_call_of_long_rows = 310'000;
/// From here on the row in evidence is looked at in the last place, and every seventh before it.
constexpr std::size_t many = 4097;

/// A call of so many rows, with the row in evidence in `first` and every seventh place from there.
Broken in_batch(const Evidence& e, std::size_t rows, std::size_t first, Seventh seventh = Seventh::evidence) {
  return wrong_in(e, rows, first, impls::contiguous(e.target.map, rows, length_of(e)), "", seventh);
}

/// Calls of every count, with the row in evidence in every place.
Broken batch_of_any_size(const Evidence& e) {
  const std::size_t n = length_of(e);
  for (const std::size_t rows : row_counts) {
    if (rows > 2 && rows * n > (n == 1 ? longest_of_single_entries : longest_call)) break;
    const std::size_t begin = rows < many ? 0 : (rows - 1) % period;
    const std::size_t end = rows < many ? std::min(period, rows) : begin + 1;
    for (std::size_t first = begin; first < end; ++first)
      if (auto broken = in_batch(e, rows, first)) return broken;
  }
  return std::nullopt;
}

/// Of long rows fewer: what a tile of rows leaves over, and more than 2^18 logits.
Broken batch_of_long_rows(const Evidence& e) {
  for (const std::size_t rows : {2, 3, 8, 17, 18, 33, 1000}) {
    if (rows * length_of(e) > longest_call_of_long_rows) break;
    if (auto broken = in_batch(e, rows, (rows - 1) % period)) return broken;
  }
  return std::nullopt;
}

/// Enough rows for a kernel that takes several at once, and for what is left over then; with the row in evidence in few
/// places, then in nearly all.
Broken batch_of_its_length(const Evidence& e) {
  for (const std::size_t rows : {32, 65}) {
    if (rows * length_of(e) > longest_call_in_passing) break;
    if (auto broken = in_batch(e, rows, (rows - 1) % period)) return broken;
    if (auto broken = in_batch(e, rows, 0, Seventh::others)) return broken;
  }
  return std::nullopt;
}

/// Every place among four, then the second and the last one among nine, where the alignment changes, too; of a length
/// also many rows.
Broken batch(const Evidence& e) {
  if (e.care == Care::thorough) {
    if (auto broken = length_of(e) < of_long_rows ? batch_of_any_size(e) : batch_of_long_rows(e)) return broken;
    return batch_of_its_length(e);
  }
  for (std::size_t place = 0; place < 4; ++place)
    if (auto broken = in_batch(e, 4, place)) return broken;
  if (auto broken = in_batch(e, 9, 1)) return broken;
  return e.care == Care::of_a_length ? batch_of_its_length(e) : std::nullopt;
}

/// The row with `n` logits, the last one again where it was shorter; a tree in heap order.
Row resized(Row row, std::size_t n) {
  row.x.resize(n, row.x.empty() ? 0 : row.x.back());
  if (!row.operand.empty()) row.operand.resize(n, 0);
  if (!row.target.empty()) row.target = {0};
  row.tree.clear();
  return row;
}

/// The same logits at another temperature, where the map takes one.
Row at_another_temperature(const Evidence& e) {
  Row row = e.question.row;
  if (impls::traits(e.target.map).takes_temperature) row.temperature *= row.temperature < 1 ? 2 : 0.5;
  return row;
}

/// The same logits but for the last one.
Row with_another_end(Row row) {
  if (!row.x.empty()) row.x.back() = row.x.back() == 0.5 ? 0.25 : 0.5;
  return row;
}

/// As long as what a workspace has to grow for.
constexpr std::size_t thousands = 5003;

Broken other_bits_after(const Evidence& e, std::string_view before) {
  const impls::Answer answer = impls::ask(e.target, e.question.format, e.question.row);
  if (answer.status != 0) return std::nullopt;
  return other_bits(e, answer, fmt::format("when asked again after {}", before));
}

/// The row, as the last of several in one call, again and again: in a batch and, where that is promised, with gaps.
Broken other_bits_in_calls(const Evidence& e) {
  constexpr std::size_t rows = 6;
  const Crowd crowd = among_others(e.question.format, e.question.row, rows, rows - 1);
  const auto gaps = [&](std::size_t size) { return with_gaps({rows, static_cast<std::ptrdiff_t>(size), 1}); };
  const std::size_t n = length_of(e);
  const std::array layouts{impls::contiguous(e.target.map, rows, n),
                           impls::Layout{{rows, n, 1}, gaps(e.question.row.x.size()), gaps(e.answer.y.size())}};
  const std::size_t promised = e.target.claim.promises & impls::strided ? layouts.size() : 1;
  for (const impls::Layout& layout : std::span(layouts).first(promised)) {
    const impls::Answers all = impls::ask(e.target, e.question.format, crowd.rows, layout);
    if (all.status != 0) continue;
    const impls::Answer first = all.row(rows - 1);
    const Evidence as_first{e.target, e.question, e.exact, first, e.slack};
    for (int again = 0; again < 2; ++again) {
      const impls::Answers next = impls::ask(e.target, e.question.format, crowd.rows, layout);
      if (next.status != 0) break;
      if (auto broken = other_bits(as_first, next.row(rows - 1), "in the same call of several rows once more"))
        return broken;
    }
  }
  return std::nullopt;
}

/// Once more after each of several other calls: with NaN, +inf, nothing but masks, with a longer row of large values, a
/// shorter one, a single entry, at another temperature, with another target or last entry, of other functions of the
/// library, of several rows.
Broken again(const Evidence& e) {
  const std::size_t n = e.question.row.x.size();
  const auto other = [&](Other kind, std::size_t size) {
    return resized(another(kind, e.question.format, e.question.row), size);
  };
  std::vector before{std::pair{"a row of NaN", other(Other::nan, n)},
                     std::pair{"a row of +inf", other(Other::infinite, n)},
                     std::pair{"a row of masks", other(Other::masked, n)},
                     std::pair{"a longer row of large values", other(Other::huge, 2 * n + 8)},
                     std::pair{"a shorter row", other(Other::rearranged, (n + 1) / 2)},
                     std::pair{"a row of one entry", other(Other::rearranged, 1)},
                     std::pair{"the row at another temperature", at_another_temperature(e)},
                     std::pair{"the row with another target", with_another_target(e.question.row)},
                     std::pair{"the row with another last entry", with_another_end(e.question.row)}};
  if (e.care == Care::thorough) before.emplace_back("a row of thousands", other(Other::rearranged, thousands));
  for (const auto& [words, row] : before) {
    impls::ask(e.target, e.question.format, row);
    if (auto broken = other_bits_after(e, words)) return broken;
  }
  for (const auto& relative : relatives(e.target, e.question.format))
    if (const auto question = asked_of(relative.map, e.question)) {
      impls::ask(relative, question->format, question->row);
      const auto words = fmt::format("a call of its {}", impls::traits(relative.map).name);
      if (auto broken = other_bits_after(e, words)) return broken;
    }
  if (auto broken = other_bits_in_calls(e)) return broken;
  return other_bits_after(e, "a call of several rows");
}

}  // namespace

std::vector<Law> promise_laws() {
  return {
      {"batch",
       "a row is answered as well in a contiguous batch, of any size, as alone; with the same bits where that is "
       "promised",
       "plugin.h, BATCH_INVARIANT", "the element's own; none for promised bits", false, every_map, every_row, batch},
      {"deterministic",
       "the same call gives the same bits again, after calls with NaN, +inf, masks, large values, longer, shorter and "
       "several rows, other temperatures, targets and last entries, other functions of the library",
       "plugin.h, DETERMINISTIC", "none", false, every_map, every_row, again, impls::deterministic},
  };
}

}  // namespace audit::properties
