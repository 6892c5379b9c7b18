#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "properties/evidence.hpp"
#include "properties/law_tables.hpp"

namespace audit::properties {
namespace {

using impls::Answers;
using impls::Layout;
using impls::Row;
using impls::Strides;
using reports::Finding;
using Broken = std::optional<Finding>;

/// A row of the same length to stand beside this one in a call: by its place its logits in another order, much larger
/// ones, or NaN in every entry.
Row neighbour(const impls::Format& format, Row row, std::size_t place) {
  if (row.x.empty()) return row;
  const double far = -2 * format.emin;
  switch (place % 3) {
    case 0:
      std::ranges::fill(row.x, std::numeric_limits<double>::quiet_NaN());
      break;
    case 1:
      std::ranges::fill(row.x, *std::ranges::max_element(row.x) < 0 ? 0 : far);
      break;
    default:
      std::ranges::rotate(row.x, row.x.begin() + static_cast<std::ptrdiff_t>(place % row.x.size()));
      std::ranges::reverse(row.x);
  }
  return row;
}

/// The row in evidence among `rows` of its kind, at `place`.
std::vector<Row> among_others(const impls::Format& format, const Row& row, std::size_t rows, std::size_t place) {
  std::vector<Row> all;
  for (std::size_t i = 0; i < rows; ++i) all.push_back(i == place ? row : neighbour(format, row, i + 1));
  return all;
}

Finding about(const Evidence& e, std::size_t element, double got, double want, const std::string& words) {
  Finding finding = at(e, element, got, want, 0);
  finding.got += " " + words;
  return finding;
}

/// What is wrong with an answer to the row in evidence that was asked in another call.
Broken wrong(const Evidence& e, const impls::Answer& answer, const std::string& words) {
  for (std::size_t j = 0; j < e.exact.size(); ++j) {
    if (!answer.written[j]) {
      Finding finding = about_row(e, "unwritten " + words, "an answer");
      finding.element = j;
      return finding;
    }
    const auto missed = miss(e, answer, j, e.exact.element(j), e.slack[j]);
    if (!missed) continue;
    Finding finding = about(e, j, answer.y[j], e.exact.rounded[j], words);
    finding.ulp = missed->ulp;
    finding.bound = missed->bound;
    return finding;
  }
  if (answer.input_changed) return about_row(e, "the input changed " + words, "the input as it was");
  return std::nullopt;
}

/// Where the bits of two answers to the row in evidence differ.
Broken other_bits(const Evidence& e, const impls::Answer& answer, const std::string& words) {
  const impls::Format& format = e.question.format;
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    if (impls::encode(format, answer.y[j]) == impls::encode(format, e.answer.y[j])) continue;
    Finding finding = about(e, j, answer.y[j], e.answer.y[j], words);
    finding.source = "the target promises the same bits";
    return finding;
  }
  return std::nullopt;
}

/// The row in evidence, `place`-th of a call laid out so. nullopt where the call is right, or not supported.
Broken wrong_in(const Evidence& e, std::size_t rows, std::size_t place, const Layout& layout,
                const std::string& words) {
  const Answers answers =
      impls::ask(e.target, e.question.format, among_others(e.question.format, e.question.row, rows, place), layout);
  if (answers.status != 0) return std::nullopt;
  if (auto broken = wrong(e, answers.rows[place], words)) return broken;
  if (answers.strayed) return about_row(e, "an element between the rows written " + words, "the elements of y alone");
  const bool one_after_another = layout.shape.inner == 1 && layout.x.n == 1 && layout.y.n == 1;
  const bool same_bits = (e.target.claim.promises & impls::batch_invariant) && !layout.in_place && one_after_another;
  return same_bits ? other_bits(e, answers.rows[place], words) : std::nullopt;
}

std::size_t length_of(const Evidence& e) { return impls::length(e.target.map, e.question.row); }

/// An odd and an even place, so that the alignment changes too.
Broken batch(const Evidence& e) {
  const auto layout = impls::contiguous(e.target.map, 4, length_of(e));
  for (const std::size_t place : {0, 1, 2, 3})
    if (auto broken = wrong_in(e, 4, place, layout, fmt::format("as row {} of a batch of 4", place))) return broken;
  return std::nullopt;
}

/// Strides for n elements a row and `inner` rows side by side, from the extents of the axes.
using Laying = Strides (*)(std::ptrdiff_t n, std::ptrdiff_t inner);

Strides dense(std::ptrdiff_t n, std::ptrdiff_t inner) { return {n * inner, inner, 1}; }
/// Gaps of one element between those of a row, and some between the rows.
Strides with_gaps(std::ptrdiff_t n, std::ptrdiff_t inner) {
  const std::ptrdiff_t step = 2 * inner + 1;
  return {n * step + 5, step, 2};
}
/// Rows one after another, with some elements between them.
Strides padded(std::ptrdiff_t n, std::ptrdiff_t inner) { return {n * inner + 3, inner, 1}; }

/// The row in evidence as the `place`-th of [outer, n, inner].
struct Laid {
  std::size_t outer, inner, place;
  Laying x, y;
  std::string_view words;
};

/// Three rows side by side for the axis, seventeen for vectors across rows and what is left over by them, one for rows
/// with something between them.
constexpr Laid layouts[] = {
    {2, 3, 4, dense, dense, "along the middle axis of [2, n, 3]"},
    {2, 3, 3, with_gaps, dense, "in [2, n, 3] with gaps between its logits"},
    {2, 3, 1, dense, with_gaps, "in [2, n, 3] with gaps between its results"},
    {1, 17, 16, dense, dense, "as the last along the middle axis of [1, n, 17]"},
    {1, 17, 5, dense, with_gaps, "along the middle axis of [1, n, 17]"},
    {3, 1, 2, padded, dense, "as the last of [3, n, 1] with something between its rows of logits"},
    {3, 1, 2, dense, padded, "as the last of [3, n, 1] with something between its rows of results"},
    {3, 2, 5, dense, dense, "as the last along the middle axis of [3, n, 2]"},
    {3, 1, 1, with_gaps, dense, "in [3, n, 1] with gaps between its logits"},
    {3, 1, 1, dense, with_gaps, "in [3, n, 1] with gaps between its results"},
};

Broken any_layout(const Evidence& e) {
  const std::size_t n = length_of(e);
  const auto entries = static_cast<std::ptrdiff_t>(e.question.row.x.size());
  const auto results = static_cast<std::ptrdiff_t>(impls::outputs(e.target.map, n));
  for (const Laid& laid : layouts) {
    const auto inner = static_cast<std::ptrdiff_t>(laid.inner);
    const Layout layout{{laid.outer, n, laid.inner}, laid.x(entries, inner), laid.y(results, inner)};
    if (auto broken = wrong_in(e, laid.outer * laid.inner, laid.place, layout, std::string(laid.words))) return broken;
  }
  return std::nullopt;
}

Broken in_place(const Evidence& e) {
  const std::size_t n = length_of(e);
  const auto overwritten = [](Layout layout) {
    layout.y = layout.x;
    layout.in_place = true;
    return layout;
  };
  const Layout rows = overwritten(impls::contiguous(e.target.map, 2, n));
  if (auto broken = wrong_in(e, 2, 1, rows, "in place, as row 1 of 2")) return broken;
  if (!(e.target.claim.promises & impls::strided)) return std::nullopt;
  const Strides strides = with_gaps(static_cast<std::ptrdiff_t>(n), 3);
  return wrong_in(e, 6, 4, overwritten({{2, n, 3}, strides, strides}), "in place, in [2, n, 3] with gaps");
}

/// Once more, after a call with another row, of another length where that leaves it a row of its map.
Broken again(const Evidence& e) {
  Row other = neighbour(e.question.format, e.question.row, 1);
  if (of_logits(e.target.map)) other.x.push_back(*std::ranges::max_element(other.x));
  if (!other.operand.empty()) other.operand.push_back(0);
  impls::ask(e.target, e.question.format, other);
  const impls::Answer answer = impls::ask(e.target, e.question.format, e.question.row);
  if (answer.status != 0) return std::nullopt;
  return other_bits(e, answer, "when asked again");
}

}  // namespace

std::vector<Law> promise_laws() {
  return {
      {"batch", "a row in a contiguous batch is answered as well as alone; with the same bits where that is promised",
       "interfaces.md section 3, BATCH_INVARIANT", "the element's own; none for promised bits", false, every_map,
       every_row, batch},
      {"any layout", "rows along any axis, with gaps between entries, are answered as well, and the gaps kept",
       "interfaces.md section 3, STRIDED", "the element's own", false, every_map, every_row, any_layout,
       impls::strided},
      {"in place", "a row that is overwritten by its result is answered as well", "interfaces.md section 3, IN_PLACE",
       "the element's own", false, of_logits, every_row, in_place, impls::in_place},
      {"deterministic", "the same call gives the same bits again, after other calls",
       "interfaces.md section 3, DETERMINISTIC", "none", false, every_map, every_row, again, impls::deterministic},
  };
}

}  // namespace audit::properties
