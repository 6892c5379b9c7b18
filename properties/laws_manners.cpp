#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "properties/company.hpp"
#include "properties/evidence.hpp"
#include "properties/expected.hpp"
#include "properties/law_tables.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Layout;
using impls::Manner;
using impls::Map;
using impls::Row;
using reports::Finding;
using Broken = std::optional<Finding>;
using Rounding = Manner::Rounding;

/// A row of equal entries so far from the maximum of this one that shifting by one for the other overflows.
Row levelled(const Format& format, Row row) {
  const double far = -2 * (format.bytes < 4 ? impls::f32 : format).emin;
  std::ranges::fill(row.x, *std::ranges::max_element(row.x) < 0 ? far : -far);
  return row;
}

Row reversed(Row row) {
  std::ranges::reverse(row.x);
  return row;
}

/// Calls of one thread, a few at least, so that all of them take about a millisecond.
std::uint32_t calls_at_once(std::size_t entries) {
  return static_cast<std::uint32_t>(std::max((std::size_t{1} << 15) / (entries + 8), std::size_t{4}));
}

/// What each of the calls at once is of: so many rows, one after another or side by side, laid out in a way.
struct Each {
  std::size_t rows, inner;
  Laying lay;
  std::string_view words;
};

Broken wrong_at_once(const Evidence& e, const Each& asked) {
  const Row& row = e.question.row;
  const Row level = with_another_target(levelled(e.question.format, row));
  const std::array parts{row, level, row, reversed(row), level};
  static_assert(parts.size() == impls::most_at_once);
  std::vector<const Row*> rows;
  for (const Row& part : parts) rows.insert(rows.end(), asked.rows, &part);
  const std::size_t n = length_of(e), outer = rows.size() / asked.inner;
  const auto strides = [&](std::size_t size) {
    return asked.lay({static_cast<std::ptrdiff_t>(outer), static_cast<std::ptrdiff_t>(size),
                      static_cast<std::ptrdiff_t>(asked.inner)});
  };
  const Layout layout{{outer, n, asked.inner}, strides(row.x.size()), strides(impls::outputs(e.target.map, n))};
  const auto answers =
      impls::ask(e.target, e.question.format, rows, layout, {.times = calls_at_once(asked.rows * row.x.size())});
  if (answers.status != 0) return std::nullopt;
  // Not where the same call alone gives the same bits: each of these has arrays of its own.
  const bool same_bits = asked.lay == dense && asked.inner == 1 && (e.target.claim.promises & impls::batch_invariant);
  const std::string words = fmt::format("as one of {} calls at once{}", parts.size(), asked.words);
  for (const std::size_t part : {0, 2})
    for (std::size_t i = 0; i < asked.rows; ++i) {
      const impls::Answer answer = answers.row(part * asked.rows + i);
      if (auto broken = wrong(e, answer, words)) return broken;
      if (!same_bits) continue;
      if (auto broken = other_bits(e, answer, words)) return broken;
    }
  return std::nullopt;
}

Broken wrong_at_once(const Evidence& e) {
  if (auto broken = wrong_at_once(e, {1, 1, dense, ""})) return broken;
  if (auto broken = wrong_at_once(e, {8, 1, dense, ", each of eight rows"})) return broken;
  if (!(e.target.claim.promises & impls::strided)) return std::nullopt;
  if (auto broken = wrong_at_once(e, {1, 1, with_gaps, ", each with gaps between its entries"})) return broken;
  return wrong_at_once(e, {3, 3, dense, ", each of three rows side by side"});
}

/// How calls meet is a matter of chance: what a search saw once is tried more often when it is to be seen again, the
/// more the shorter the calls are.
Broken concurrent_calls(const Evidence& e) {
  const std::size_t n = e.question.row.x.size();
  const int again = n > 1024 ? 3 : n > 64 ? 20 : 100;
  for (int attempts = e.care == Care::thorough ? again : 1; attempts > 0; --attempts)
    if (auto broken = wrong_at_once(e)) return broken;
  return std::nullopt;
}

/// Other bits on one core, both times, and the same again on all: what changes from call to call is another law's.
Broken one_core(const Evidence& e) {
  const auto asked = [&](const Manner& manner) {
    const impls::Answer answer = impls::ask(e.target, e.question.format, e.question.row, manner);
    return answer.status == 0 ? other_bits(e, answer, "where one core may be used") : std::nullopt;
  };
  for (int again = 0; again < 2; ++again) {
    auto broken = asked({.one_core = true});
    if (!broken || asked({})) return std::nullopt;
    if (again > 0) return broken;
  }
  return std::nullopt;
}

struct Mode {
  const char* words;
  Manner manner;
};
constexpr std::array modes{Mode{"with the caller rounding up", {.rounding = Rounding::up}},
                           Mode{"with the caller rounding down", {.rounding = Rounding::down}},
                           Mode{"with the caller rounding toward zero", {.rounding = Rounding::toward_zero}},
                           Mode{"with the caller's FTZ and DAZ on", {.flushing = true}}};

/// How often a running maximum of the scores changes.
double changes(const Row& row) {
  std::vector<double> scores = row.x;
  for (std::size_t i = 0; i < row.operand.size(); ++i) scores[i] += row.operand[i];
  return most_changes(scores);
}

/// What half of the digits are half of in the result y: what the errors of exp and log are relative to; for maps
/// without them, whose sums may be compensated by steps that are exact to nearest alone, the largest mass or gradient.
double of_functions(Map map, const Row& row, double y) {
  double largest = 0;
  for (const double g : row.operand) largest = std::max(largest, std::abs(g));
  switch (map) {
    case Map::sparsemax:
    case Map::entmax15:
      return 1;
    case Map::cross_entropy_vjp:
      return 2;
    case Map::sparsemax_vjp:
      return 2 * largest;
    case Map::softmax:
    case Map::gumbel_softmax:
      return y;
    case Map::hierarchical_softmax:
      return y * static_cast<double>(row.x.size());
    case Map::softmax_vjp:
    case Map::log_softmax_vjp:
      return 2 * largest * (map == Map::log_softmax_vjp ? static_cast<double>(row.x.size()) : 1 / row.temperature);
    default:
      return 1 + std::abs(y);
  }
}

/// Results, operands and exponentials that are flushed, those within a binade of the smallest normal number too. A
/// gradient may hold the sum of all operands.
double flushed(const Format& format, const Row& row) {
  const Format& working = format.bytes < 4 ? impls::f32 : format;
  double size = 1, operands = 0;
  for (const double g : row.operand) {
    size = std::max(size, 2 * std::abs(g));
    operands += std::abs(g) < 2 * impls::smallest_normal(format) ? std::abs(g) : 0;
  }
  const double exponentials = static_cast<double>(row.x.size() + 2) * impls::smallest_normal(working);
  return (4 * size * (impls::smallest_normal(format) + exponentials) + operands) / std::min(row.temperature, 1.0);
}

/// A logit that is flushed may come to lie on the other side of the threshold of a sparsemax: then nobody knows over
/// whom the mean of the gradients goes.
double of_another_support(Map map, const Format& format, const Row& row) {
  const auto flushed = [&](double x) { return x != 0 && std::abs(x) < 2 * impls::smallest_normal(format); };
  if (map != Map::sparsemax_vjp || std::ranges::none_of(row.x, flushed)) return 0;
  double largest = 0;
  for (const double g : row.operand) largest = std::max(largest, std::abs(g));
  return 3 * largest;
}

/// The slack of results whose k roundings are up to 2u each where they are u to nearest: twice it, and of masses, whose
/// errors multiply, (1 + s)^2 - 1.
long double twice(Map map, long double slack, long double y) {
  if (map == Map::entmax15) return 4 * slack;  // next to the threshold it is the square of that of a root
  const bool relative = map == Map::softmax || map == Map::gumbel_softmax || map == Map::hierarchical_softmax;
  return 2 * slack + (relative && y > 0 ? slack * slack / y : 0);
}

/// abs(got - y) that is left in another mode. An exp or log that finds its integer by adding 1.5·2^(p-1), or by a
/// conversion, gets a reduced argument of up to twice the size, and the error of its polynomial of degree d is 2^(d+1)
/// as large: half of the digits are left, where d + 1 is less than p/2. Their share in the result: the numerator's, the
/// sum's, those of the J rescaled sums, and of a logarithm of at most log n.
long double slack_in_other_modes(const Evidence& e, std::size_t j) {
  const Row& row = e.question.row;
  const Format& format = e.question.format;
  const double half = std::exp2(-format.precision / 2.0);
  const double shares = 4 + changes(row) + std::log(static_cast<double>(row.x.size() + 1));
  const double y = std::abs(static_cast<double>(value(e.exact.element(j))));
  return twice(e.target.map, allowance(e, j), y) + half * shares * of_functions(e.target.map, row, y) +
         flushed(format, row) + of_another_support(e.target.map, format, row);
}

/// Whether sums of the logits, at least in single precision, are far from overflow: there an infinity in one mode is
/// the largest number in another, and comparisons turn out otherwise.
bool of_moderate_size(const reference::Case& question) {
  const Format& format = question.format;
  const Row& row = question.row;
  double largest = 0;
  for (const std::vector<double>* values : {&row.x, &row.operand})
    for (const double v : *values)
      if (std::isfinite(v)) largest = std::max(largest, std::abs(v));
  if (question.map == Map::entmax15) largest *= largest;
  const double limit = impls::largest_finite(format.bytes < 4 ? impls::f32 : format);
  return largest <= limit / 16 / static_cast<double>(row.x.size() + 1) * std::min(row.temperature, 1.0);
}

/// Whether y may overflow in another mode, or is infinite.
bool near_overflow(const Format& format, double y) { return std::abs(y) > impls::largest_finite(format) / 8; }

Broken wrong_in_mode(const Evidence& e, const Mode& mode) {
  const impls::Answer answer = impls::ask(e.target, e.question.format, e.question.row, mode.manner);
  if (answer.status != 0) return std::nullopt;
  for (std::size_t j = 0; j < e.exact.size(); ++j) {
    const double got = answer.y[j];
    const bool huge = near_overflow(e.question.format, e.exact.rounded[j]);
    const long double slack = huge ? INFINITY : slack_in_other_modes(e, j);
    if (huge ? !std::isnan(got) : agree(got, value(e.exact.element(j)), slack)) continue;
    Finding finding = at(e, j, got, e.exact.rounded[j], slack);
    finding.got += fmt::format(" {}", mode.words);
    finding.source = "half of the digits, and twice what is left to nearest";
    return finding;
  }
  return std::nullopt;
}

Broken callers_modes(const Evidence& e) {
  for (const Mode& mode : modes)
    if (auto broken = wrong_in_mode(e, mode)) return broken;
  return std::nullopt;
}

}  // namespace

std::vector<Law> manner_laws() {
  return {
      {"concurrent calls",
       "rows that are asked at once, each by a thread of its own, or eight, or with gaps where that is promised, "
       "beside calls of other lengths and temperatures, are answered as well as one after another; with the same bits "
       "where they depend on the row alone",
       "plugin.h, THREAD_SAFE", "the element's own; none for promised bits", false, every_map, longer_than_one,
       concurrent_calls, impls::thread_safe, false, 2000},
      {"one core", "the bits do not depend on how many cores there are for threads of the target's own",
       "plugin.h, DETERMINISTIC", "none", false, every_map, every_row, one_core, impls::deterministic},
      {"caller's modes",
       "whatever the caller's rounding mode, and with FTZ and DAZ, half of the digits are right, and the modes are "
       "kept",
       "plugin.h, what every function is held to; glibc bug 3976: not rounded correctly, but some "
       "reasonable approximation",
       "2^(-p/2) for each exp and log: a reduced argument of twice the size multiplies the error of a polynomial of "
       "degree d by 2^(d+1); and for a sum that is compensated to nearest. Twice the element's own for the operations: "
       "2u is the error of one that is not rounded to "
       "nearest. What is flushed: a few smallest normal numbers",
       false, every_map, of_moderate_size, callers_modes},
  };
}

}  // namespace audit::properties
