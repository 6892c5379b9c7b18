#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "properties/evidence.hpp"
#include "properties/law_tables.hpp"
#include "properties/shifts.hpp"

namespace audit::properties {
namespace {

using impls::Map;
using impls::Row;
using reports::Finding;
using Broken = std::optional<Finding>;

bool has_exact_shift(const reference::Case& question) { return !exact_shifts(question.format, question.row).empty(); }
bool has_large_shift(const reference::Case& question) { return !large_shifts(question.format, question.row).empty(); }
bool has_mask(const reference::Case& question) { return std::ranges::count(question.row.x, -INFINITY) > 0; }

/// Same bits; zeros by their sign, too.
bool identical(const impls::Format& format, double a, double b) {
  return impls::encode(format, a) == impls::encode(format, b);
}

/// Infinity as the first power of two that overflows, so that answers on both sides of it can be compared.
long double in_place_of_infinity(const impls::Format& format, double got) {
  return std::isinf(got) ? std::copysign(std::ldexp(1.0L, format.emax + 1), static_cast<long double>(got)) : got;
}

/// Holds element j of the row against element k of another whose exact answer there is y_j + offset.
Broken differs(const Evidence& e, std::size_t j, const Another& other, std::size_t k, double offset,
               const std::string& words) {
  const long double y = value(e.exact.element(j));
  const long double slack = allowance(e, j) + allowance(e, other.slack[k], y + offset);
  const long double got = in_place_of_infinity(e.question.format, e.answer.y[j]);
  const long double again = in_place_of_infinity(e.question.format, other.answer.y[k]);
  if (agree(got + offset, again, slack)) return std::nullopt;
  Finding finding = at(e, j, other.answer.y[k], e.answer.y[j] + offset, slack);
  finding.got += " " + words;
  return finding;
}

Broken changes_under(const Evidence& e, double c) {
  const auto other = ask_another(e, shifted(e.question.format, e.question.row, c));
  if (!other) return std::nullopt;
  const std::string words = fmt::format("with {:a} added to every finite entry", c);
  const bool moves = e.target.map == Map::logsumexp;
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    if (auto broken = differs(e, j, *other, j, moves ? c : 0, words)) return broken;
    const bool promised = (e.target.claim.promises & impls::shift_exact) && !moves;
    if (!promised || identical(e.question.format, e.answer.y[j], other->answer.y[j])) continue;
    Finding finding = at(e, j, other->answer.y[j], e.answer.y[j], 0);
    finding.got += " " + words;
    finding.source = "the target promises the same bits";
    return finding;
  }
  return std::nullopt;
}

Broken exact_shift(const Evidence& e) {
  for (const double c : exact_shifts(e.question.format, e.question.row))
    if (auto broken = changes_under(e, c)) return broken;
  return std::nullopt;
}

/// A shift that rounds is another row; its own exact answer judges it.
Broken wrong_under(const Evidence& e, double c) {
  const auto other = ask_another(e, shifted(e.question.format, e.question.row, c));
  if (!other) return std::nullopt;
  const auto exact = reference::certify(e.target.map, e.question.format, other->row);
  return wrong_answer(e, other->answer, exact, other->slack,
                      fmt::format("with {:a} added to every finite entry and rounded", c));
}

Broken bounded_shift(const Evidence& e) {
  for (const double c : large_shifts(e.question.format, e.question.row))
    if (auto broken = wrong_under(e, c)) return broken;
  return std::nullopt;
}

/// The row with entry order[i] in place i.
Row arranged(const Row& row, const std::vector<std::size_t>& order) {
  Row made{{}, row.temperature};
  for (const std::size_t i : order) {
    if (!row.target.empty() && static_cast<std::int64_t>(i) == row.target[0])
      made.target = {static_cast<std::int64_t>(made.x.size())};
    made.x.push_back(row.x[i]);
    if (!row.operand.empty()) made.operand.push_back(row.operand[i]);
  }
  return made;
}

/// Holds the row against its own entries in another order, or fewer of them.
Broken changes_arranged(const Evidence& e, const std::vector<std::size_t>& order, const std::string& words) {
  const auto other = ask_another(e, arranged(e.question.row, order));
  if (!other) return std::nullopt;
  if (impls::traits(e.target.map).one_number_out) return differs(e, 0, *other, 0, 0, words);
  for (std::size_t k = 0; k < order.size(); ++k)
    if (auto broken = differs(e, order[k], *other, k, 0, words)) return broken;
  return std::nullopt;
}

/// Fisher–Yates, drawing from a 64-bit linear congruential generator (Knuth's MMIX) started by the row's fingerprint.
std::vector<std::size_t> shuffled(const Row& row) {
  std::vector<std::size_t> order(row.x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::uint64_t state = fingerprint(row);
  for (std::size_t i = order.size(); i > 1; --i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    std::swap(order[i - 1], order[(state >> 32) % i]);
  }
  return order;
}

Broken permutation(const Evidence& e) {
  auto order = shuffled(e.question.row);
  if (auto broken = changes_arranged(e, order, "in a row of the same entries, shuffled")) return broken;
  std::iota(order.rbegin(), order.rend(), std::size_t{0});
  return changes_arranged(e, order, "in the row back to front");
}

Broken masked_entries(const Evidence& e) {
  const auto& x = e.question.row.x;
  const double want = e.target.map == Map::log_softmax ? -INFINITY : 0;
  std::vector<std::size_t> kept;
  for (std::size_t j = 0; j < x.size(); ++j) {
    if (x[j] != -INFINITY) {
      kept.push_back(j);
    } else if (!impls::traits(e.target.map).one_number_out && !(e.answer.y[j] == want)) {
      return at(e, j, e.answer.y[j], want, 0);
    }
  }
  return changes_arranged(e, kept, "in the row without its masked entries");
}

bool takes_temperature(Map map) { return impls::traits(map).takes_temperature; }

/// The row at temperature 1 with x / τ in place of x, for gumbel_softmax with g / τ too; nullopt where a quotient
/// rounds.
std::optional<Row> divided(const reference::Case& question) {
  Row row = question.row;
  const double tau = std::exchange(row.temperature, 1);
  int exponent = 0;
  if (tau == 1 || std::frexp(tau, &exponent) != 0.5) return std::nullopt;
  bool exact = true;
  const auto divide = [&](double& v) {
    v /= tau;
    exact = exact && (v == -INFINITY || (std::isfinite(v) && impls::round_to(question.format, v) == v));
  };
  std::ranges::for_each(row.x, divide);
  if (question.map == Map::gumbel_softmax) std::ranges::for_each(row.operand, divide);
  return exact ? std::optional(row) : std::nullopt;
}

bool has_exact_quotients(const reference::Case& question) { return divided(question).has_value(); }

Broken temperature(const Evidence& e) {
  const auto other = ask_another(e, *divided(e.question));
  if (!other) return std::nullopt;
  const double tau = e.question.row.temperature, factor = e.target.map == Map::softmax_vjp ? tau : 1;
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    const long double y = value(e.exact.element(j)) * factor;
    const long double slack = allowance(e, j) * factor + allowance(e, other->slack[j], y);
    if (agree(e.answer.y[j] * factor, other->answer.y[j], slack)) continue;
    Finding finding = at(e, j, other->answer.y[j], e.answer.y[j] * factor, slack);
    finding.got += fmt::format(" in the row divided by {:a}", tau);
    return finding;
  }
  return std::nullopt;
}

bool forward_with_temperature(Map map) { return takes_temperature(map) && forward(map); }

/// The largest abs(x) + abs(noise) of the finite entries.
double largest_score(const Row& row) {
  double largest = 0;
  for (std::size_t j = 0; j < row.x.size(); ++j)
    if (std::isfinite(row.x[j]))
      largest = std::max(largest, std::abs(row.x[j]) + (row.operand.empty() ? 0 : std::abs(row.operand[j])));
  return largest;
}

/// Whether an honest kernel may subtract before it divides.
bool far_from_overflow(const reference::Case& question) {
  return largest_score(question.row) <= impls::largest_finite(question.format) / 8;
}

/// The least power of two, not below that one, that keeps every score x/τ far from overflow.
double least_temperature(const impls::Format& format, const Row& row) {
  double tau = std::ldexp(1.0, -format.emax / 2);
  while (largest_score(row) / tau > impls::largest_finite(format) / 8) tau *= 2;
  return tau;
}

/// Next to 1, where who compares with it may be tempted to divide by nothing; a number of the format.
double nearly_one(const impls::Format& format) { return 1 + std::ldexp(1.0, -format.precision * 7 / 12); }

/// At both ends, one-hot, or the maxima alike, and uniform; and next to 1.
Broken temperature_limits(const Evidence& e) {
  const impls::Format& format = e.question.format;
  for (const double tau :
       {least_temperature(format, e.question.row), std::ldexp(1.0, format.emax / 2), nearly_one(format)}) {
    Row row = e.question.row;
    row.temperature = tau;
    const auto other = ask_another(e, std::move(row));
    if (!other) continue;
    const auto exact = reference::certify(e.target.map, format, other->row);
    const std::string words = fmt::format("at temperature {:a}", tau);
    if (auto broken = wrong_answer(e, other->answer, exact, other->slack, words)) return broken;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Law> invariance_laws() {
  return {
      {"shift invariance, exact",
       "adding c to every finite entry, each addition exact, changes nothing (moves logsumexp by c); not a bit where "
       "the target promises that",
       "softmax(x + c) = softmax(x); logsumexp(x + c) = logsumexp(x) + c", "the slacks of the element in both rows",
       false, of_logits, has_exact_shift, exact_shift},
      standing(
          {"shift invariance, bounded",
           "adding a large c to every finite entry, and rounding, gives a row that is answered as well as any "
           "other",
           "plugin.h: max_ulp holds for every element of every row",
           "the bound of the shifted row, whose answer is certified", false, of_logits, has_large_shift, bounded_shift},
          "rows with offsets are drawn for the error, too; it asks the same row with and without one, so that the "
          "finding names the offset"),
      {"permutation", "permuting the entries permutes the answer", "the definition is symmetric",
       "the slacks of the element in both rows: the order of summation changes", false, of_logits, longer_than_one,
       permutation},
      standing({"masked entries",
                "a masked entry is exactly 0 (-inf for log_softmax), and the row without it has the same answer",
                "plugin.h: e^-inf = 0", "none for the zero; the slacks of the element in both rows", false, of_logits,
                has_mask, masked_entries},
               "what leaks from a mask is an error, too; it needs no exact answer, and names the mask"),
      standing(
          {"temperature", "a power of two as temperature gives what the divided row gives (a gradient that much more)",
           "the definition: softmax(x / τ)", "the slacks of the element in both rows", false, takes_temperature,
           has_exact_quotients, temperature},
          "rows at a temperature are drawn for the error, too; it asks the same row at 1, so that the finding "
          "names the temperature"),
      {"temperature limits",
       "as τ → 0 the maxima share a mass of 1, as τ → ∞ all entries do: the row is answered as well at the least τ "
       "that keeps x/τ finite, at a very large one, and at one that differs little from 1",
       "the definition: softmax(x / τ)", "the bound of the row at that temperature, whose answer is certified", false,
       forward_with_temperature, far_from_overflow, temperature_limits, 0, false, 0, false,
       "such temperatures are drawn for the other laws, too; this one asks both ends, and next to 1, of every row"},
  };
}

}  // namespace audit::properties
