// Every width in order, before anything else is asked, then every number of rows: what a target does wrong to memory,
// to its process, or to nothing but the first width that is no multiple of eight, shows here on its smallest row.

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <span>

#include "properties/accidents.hpp"
#include "properties/asker.hpp"
#include "properties/characters.hpp"
#include "properties/check.hpp"
#include "properties/generators.hpp"
#include "properties/lengths.hpp"
#include "reference/oracle.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Map;
using impls::Row;

/// Up to here special rows are asked one after another, and up to there beside others in each call.
constexpr std::size_t special = 8, all_special = 5003;

/// Lengths whose first call of all is compared with the next one, where the same bits are promised.
constexpr std::array first_lengths{all_characters, std::size_t{301}, std::size_t{1030}};

/// One target in one format, asked until something is wrong.
class Search {
 public:
  Search(const impls::Implementation& target, const Format& format)
      : map_(target.map), format_(format), asker_(target, format) {}

  /// What is wrong on the smallest width where something is, on a row as simple as can be; then on the smallest number
  /// of rows.
  std::optional<Wrong> run() {
    std::optional<Wrong> at_first;
    for (const std::size_t n : first_lengths)
      if (!at_first) at_first = asker_.twice(row_of(map_, format_, n, Character::spread));
    std::optional<Wrong> wrong = in_lengths();
    // What depends on values alone shows on two entries, too.
    if (wrong && !wrong->met && wrong->row.x.size() > 2)
      if (auto shorter = in_windows()) return shorter;
    if (!wrong) wrong = in_special_rows();
    if (!wrong) wrong = in_level_rows();
    if (!wrong) wrong = in_windows();
    if (!wrong) wrong = in_blocks();
    if (!wrong) wrong = in_chains();
    if (!wrong) wrong = in_shapes();
    if (!wrong) wrong = in_company();
    if (!wrong && !at_first) wrong = asker_.once_more();
    return wrong ? wrong : at_first;
  }
  [[nodiscard]] const Asker& asker() const { return asker_; }

 private:
  std::optional<Wrong> in_lengths();
  std::optional<Wrong> in_special_rows();
  std::optional<Wrong> in_level_rows();
  std::optional<Wrong> in_windows();
  std::optional<Wrong> in(const std::vector<Row>& rows);
  std::optional<Wrong> in_blocks();
  std::optional<Wrong> in_chains();
  std::optional<Wrong> in_company();
  std::optional<Wrong> in_shapes();
  std::optional<Wrong> in_company_of(std::span<const std::string_view> laws, const Row& row, Care care);
  std::optional<Wrong> at(const Width& width);
  Wrong narrowed(Wrong found, Width at_width, std::size_t right);
  Wrong explained(Wrong found);
  Wrong simplified(Wrong found, std::size_t tries, const std::function<std::optional<Wrong>(const Row&)>& again);

  Map map_;
  const Format& format_;
  std::size_t longest_ = reference::certified_fast(map_) ? 12007 : 5003;  ///< of rows in company
  Asker asker_;
};

std::optional<Wrong> Search::at(const Width& width) {
  std::vector<Row> rows;
  for (const Character character : width.rows) rows.push_back(row_of(map_, format_, width.n, character));
  if (width.n <= all_special) {
    if (width.n > all_characters) std::ranges::move(peaks(map_, format_, width.n), std::back_inserter(rows));
    std::ranges::move(special_rows(map_, format_, width.n), std::back_inserter(rows));
  }
  for (Row& row : rows) row.temperature = temperature_of(map_, width.n);
  const std::size_t last = width.rows.size();
  return asker_.together(rows, last - judged_of(map_, width), last);
}

std::optional<Wrong> Search::in_lengths() {
  std::size_t right = 0;
  for (const std::size_t n : lengths(map_)) {
    const Width asked = width(map_, n);
    if (auto wrong = at(asked)) return explained(n <= all_characters ? *wrong : narrowed(*wrong, asked, right));
    right = n;
  }
  return std::nullopt;
}

/// What may be spent on the widths between, in entries: about a second.
constexpr std::size_t narrowing_budget = 2'000'000;

/// Asks the widths below that were not asked in these characters, upwards; where there are too many, halves the gap to
/// the last width that was right.
Wrong Search::narrowed(Wrong found, Width width, std::size_t right) {
  const std::size_t n = width.n, rows = width.rows.size();
  if (rows * n * (n - all_characters) / 2 <= narrowing_budget) {
    for (width.n = all_characters + 1; width.n < n; ++width.n)
      if (auto wrong = at(width)) return *wrong;
    return found;
  }
  for (std::size_t wrong = n; wrong - right > 1;) {
    width.n = right + (wrong - right) / 2;
    if (auto smaller = at(width)) {
      found = *smaller;
      wrong = width.n;
    } else {
      right = width.n;
    }
  }
  return found;
}

/// What may be spent on one simpler row, in entries asked: a second or so.
constexpr std::size_t simplifying_budget = 200'000;

/// What may be spent on making up simpler rows, in entries: a tenth of that.
constexpr std::size_t looking_budget = 10'000'000;

/// How many simpler rows may be tried of one with an accident, by what that costs.
std::size_t tries_after(const impls::Accident& met) {
  if (met.survived) return 200;
  return met.kind == impls::Accident::Kind::timed_out ? 0 : 8;
}

/// The laws about a row among others.
constexpr std::array<std::string_view, 3> of_company{"batch", "any layout", "in place"};

/// The finding that a replay shows: of the row alone where it is wrong by itself, of a batch where it is not.
Wrong Search::explained(Wrong found) {
  if (found.met)
    return simplified(found, tries_after(*found.met), [this](const Row& row) { return asker_.alone(row); });
  if (const auto alone = asker_.alone(found.row))
    return simplified(*alone, simplifying_budget / (found.row.x.size() + 1),
                      [this](const Row& row) { return asker_.alone(row); });
  // A special row shows what is wrong with any.
  const std::size_t n = impls::length(map_, found.row);
  const Row row = asker_.proper(found.row) ? found.row : row_of(map_, format_, n, Character::spread);
  if (const auto wrong = asker_.held(of_company, row, Care::thorough))
    return simplified(*wrong, 40,
                      [this](const Row& simpler) { return asker_.held(of_company, simpler, Care::thorough); });
  found.finding.law = "batch";
  return found;
}

/// Takes every simpler row of the same length that is still wrong.
Wrong Search::simplified(Wrong found, std::size_t tries, const std::function<std::optional<Wrong>(const Row&)>& again) {
  const bool unlike_numbers = reference::special(map_, found.row) != reference::Special::none;
  const auto alike = [&](const Row& row) {
    return unlike_numbers ? reference::special(map_, row) != reference::Special::none : asker_.proper(row);
  };
  std::size_t left = looking_budget / (found.row.x.size() + 1);
  for (auto rows = simpler(found.row); tries > 0 && left > 0; --left) {
    const auto row = rows.next();
    if (!row) break;
    if (row->x.size() != found.row.x.size() || !alike(*row)) continue;
    --tries;
    if (const auto wrong = again(*row); wrong && wrong->finding.law == found.finding.law) {
      found = *wrong;
      rows = simpler(found.row);
    }
  }
  return found;
}

/// Lengths at which rows with special values are asked once more: longer than a vector, and than what is drawn.
constexpr std::array long_special{std::size_t{67}, std::size_t{1030}, std::size_t{5003}};

/// Rows that differ in nothing but the last lane, which has another number, a mask, NaN and +inf there, one after
/// another, as who keeps results by the place of a row is to notice; of masks alone; and without entries.
std::optional<Wrong> Search::in_special_rows() {
  const bool tree = impls::traits(map_).takes_tree;
  for (std::size_t n = 1; n <= special && format_.infinities; ++n) {
    Row row = row_of(map_, format_, n, Character::spread);
    for (const float value : {0.5F, -0.25F, -1.0F, -INFINITY, NAN, INFINITY}) {
      if (row.x.empty()) continue;
      row.x.back() = value;
      if (auto wrong = asker_.alone(row)) return wrong;
    }
    std::ranges::fill(row.x, -INFINITY);
    if (auto wrong = asker_.alone(row)) return wrong;
  }
  for (const std::size_t n : long_special) {
    if (!format_.infinities || tree) break;
    const Row row = row_of(map_, format_, n, Character::spread);
    for (const std::size_t lane : {n - 1, n / 2, std::size_t{0}})
      for (const double value : {double{NAN}, double{INFINITY}}) {
        Row marked = row;
        marked.x[lane] = value;
        if (auto wrong = asker_.alone(marked)) return explained(*wrong);
      }
    Row masked = row;
    std::ranges::fill(masked.x, -INFINITY);
    if (auto wrong = asker_.alone(masked)) return explained(*wrong);
  }
  if (tree) return std::nullopt;
  if (auto wrong = asker_.alone({})) return wrong;
  return asker_.together({{}, {}, {}});
}

/// Rows of equal entries, more than a sum in 16 bits can count, and more than it holds.
std::optional<Wrong> Search::in_level_rows() {
  for (const std::size_t n : {4097, 65537}) {
    if (n > all_judged && !reference::certified_fast(map_)) break;
    Row row = row_of(map_, format_, n, Character::spread);
    std::ranges::fill(row.x, 0);
    if (auto wrong = asker_.alone(row)) return explained(*wrong);
  }
  return std::nullopt;
}

std::optional<Wrong> Search::in_windows() {
  if (auto wrong = in(windows(map_, format_))) return wrong;
  return in(cancelling(map_, format_));
}

/// Rows of one length, many a call.
std::optional<Wrong> Search::in(const std::vector<Row>& rows) {
  constexpr std::size_t at_once = 64;
  for (auto first = rows.begin(); first != rows.end();) {
    const auto last = first + std::min<std::ptrdiff_t>(at_once, rows.end() - first);
    if (auto wrong = asker_.together({first, last})) return explained(*wrong);
    first = last;
  }
  return std::nullopt;
}

std::optional<Wrong> Search::in_blocks() {
  if (!format_.infinities || impls::traits(map_).takes_tree) return std::nullopt;
  const std::size_t largest = reference::certified_fast(map_) ? 1024 : 128;
  for (std::size_t block = 1; block <= largest; block *= 2)
    for (const std::size_t n : {2 * block, 4 * block + 3})
      if (auto wrong = asker_.together(masked_blocks(map_, format_, n, block))) return explained(*wrong);
  return std::nullopt;
}

/// Trees that are chains, deeper and deeper.
std::optional<Wrong> Search::in_chains() {
  constexpr std::size_t deepest = 2048;
  for (std::size_t depth = 16; depth <= deepest && impls::traits(map_).takes_tree; depth *= 2)
    for (const bool leftwards : {true, false})
      if (auto wrong = asker_.alone(chain(format_, depth + 1, leftwards))) return wrong;
  return std::nullopt;
}

/// A row among others, and what it is asked there; `thoroughly` where that is not too much for its length, and at a
/// temperature other than 1.
struct Company {
  std::size_t n;
  Character character;
  std::string_view law;
  bool thoroughly = true;
  bool heated = false;
};

/// What laws say of a row that is right alone.
std::optional<Wrong> Search::in_company_of(std::span<const std::string_view> laws, const Row& row, Care care) {
  const auto wrong = asker_.held(laws, row, care);
  if (!wrong) return std::nullopt;
  if (wrong->met || asker_.alone(row)) return explained(*wrong);
  const std::size_t tries = row.x.size() < dense ? 40 : 10;
  return simplified(*wrong, tries, [&](const Row& simpler) { return asker_.held(laws, simpler, care); });
}

/// Beyond the dense widths: lengths of blocks and of data sets, at which rows are asked in shapes, too.
constexpr std::array<std::size_t, 12> in_shapes_too{144, 192, 200, 256, 320, 384, 512, 768, 1000, 1024, 1030, 2048};

/// Among others at widths of every kind, in the shapes that the laws have for each: all of the short ones, then whole
/// vectors and multiples of 7.
std::optional<Wrong> Search::in_shapes() {
  const auto asked = [&](std::size_t n) {
    return in_company_of(of_company, row_of(map_, format_, n, Character::spread), Care::of_a_length);
  };
  for (std::size_t n = 1; n <= dense; ++n) {
    if (n > all_characters && n % 4 != 0 && n % 7 != 0) continue;
    if (auto wrong = asked(n)) return wrong;
  }
  for (const std::size_t n : in_shapes_too)
    if (auto wrong = asked(n)) return wrong;
  return std::nullopt;
}

std::optional<Wrong> Search::in_company() {
  using enum Character;
  const std::array all{Company{1, spread, "batch"},
                       Company{2, spread, "batch"},
                       Company{3, spread, "batch"},
                       Company{3, far_below, "batch"},
                       Company{8, spread, "batch"},
                       Company{8, far_below, "batch"},
                       Company{9, spread, "batch"},
                       Company{9, far_below, "batch"},
                       Company{40, spread, "batch"},
                       Company{1, spread, "any layout"},
                       Company{2, spread, "any layout"},
                       Company{9, spread, "any layout"},
                       Company{2, spread, "in place"},
                       Company{9, spread, "in place"},
                       Company{301, spread, "batch"},
                       Company{1025, spread, "batch"},
                       Company{4096, spread, "batch"},
                       Company{301, peak, "any layout", false},
                       Company{301, peak, "in place", false},
                       Company{1025, spread, "any layout", false},
                       Company{1025, spread, "in place", false},
                       Company{5003, spread, "any layout", false},
                       Company{5003, spread, "in place", false},
                       Company{longest_, spread, "batch", false},
                       Company{longest_, spread, "deterministic", false},
                       Company{4096, spread, "concurrent calls"},
                       Company{301, spread, "concurrent calls", true, true},
                       Company{longest_, spread, "concurrent calls", false, true}};
  for (const auto& [n, character, law, thoroughly, heated] : all) {
    Row row = row_of(map_, format_, n, character);
    if (heated) row.temperature = temperature_of(map_, n);
    if (auto wrong = in_company_of({&law, 1}, row, thoroughly ? Care::thorough : Care::of_many)) return wrong;
  }
  if (impls::traits(map_).takes_tree) return std::nullopt;
  Row on_a_grid = row_of(map_, format_, 1025, spread);
  for (double& x : on_a_grid.x) x = impls::round_to(format_, std::round(8 * x) / 8);
  constexpr std::string_view exact_shifts = "shift invariance, exact";
  return in_company_of({&exact_shifts, 1}, on_a_grid, Care::of_many);
}

}  // namespace

reports::Record try_widths(const impls::Implementation& target, const Format& format) {
  reports::Record record;
  record.kind = "law";
  record.target = target.name;
  record.version = target.version;
  record.map = impls::traits(target.map).name;
  record.format = format.name;
  record.family = "widths";
  record.claim = target.claim.bound;
  Search search(target, format);
  const auto wrong = search.run();
  Accidents accidents;
  if (wrong && wrong->met) accidents.count(*wrong->met, target, reference::spelled_out(target.map, format, wrong->row));
  if (accidents.first()) record.findings = {*accidents.first()};
  if (wrong && !wrong->met) record.findings = {wrong->finding};
  record.rows = search.asker().rows() + (accidents.first() ? 1 : 0);
  record.outcomes = accidents.rows();
  if (record.rows == 0)
    record.absent = accidents.given_up() ? impls::not_asked : impls::not_supported(search.asker().refusal());
  return record;
}

}  // namespace audit::properties
