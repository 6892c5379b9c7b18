#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "properties/evidence.hpp"
#include "properties/expected.hpp"
#include "properties/law_tables.hpp"
#include "properties/relatives.hpp"

namespace audit::properties {
namespace {

using impls::Map;
using reports::Finding;
using Broken = std::optional<Finding>;

/// One of the five maps that relatives() knows.
bool has_relatives(Map map) {
  return map == Map::softmax || map == Map::log_softmax || map == Map::logsumexp || map == Map::cross_entropy ||
         map == Map::cross_entropy_vjp;
}
/// Whether an answer has masses, not logarithms: the softmax, and less 1 at the target its gradient.
bool has_masses(Map map) { return map == Map::softmax || map == Map::cross_entropy_vjp; }

/// What an answer has less than the mass of entry j.
double missing(const Evidence& e, std::size_t j) {
  return e.target.map == Map::cross_entropy_vjp && e.question.row.target[0] == static_cast<std::int64_t>(j) ? 1 : 0;
}

/// What an answer says the mass of an entry is, or its logarithm, and how far off that may be.
struct Mass {
  long double value;
  long double slack;
};

/// The element of an answer that tells the mass of entry j.
std::size_t element_of(Map map, std::size_t j) { return impls::traits(map).one_number_out ? 0 : j; }

/// log softmax_j as an answer has it: y_j, x_j - y, or -y. Subtracting in extended precision is good to 2^-60.
Mass logarithm(const Evidence& e, std::size_t j) {
  const std::size_t element = element_of(e.target.map, j);
  const long double y = e.answer.y[element], slack = allowance(e, element), x = e.question.row.x[j];
  if (e.target.map == Map::logsumexp) return {x - y, slack + 0x1p-60L * (std::abs(x) + std::abs(y))};
  return {e.target.map == Map::cross_entropy ? -y : y, slack};
}

/// The exact logarithm of the mass of entry j.
long double exact_logarithm(const Evidence& e, std::size_t j) {
  const long double y = value(e.exact.element(element_of(e.target.map, j)));
  if (e.target.map == Map::logsumexp) return std::min(e.question.row.x[j] - y, 0.0L);
  return e.target.map == Map::cross_entropy ? -y : y;
}

/// The mass itself; of a logarithm within s of the exact L it is within e^(L + s) - e^L.
Mass mass(const Evidence& e, std::size_t j) {
  if (has_masses(e.target.map)) return {e.answer.y[j] + static_cast<long double>(missing(e, j)), allowance(e, j)};
  const auto [l, slack] = logarithm(e, j);
  const long double L = exact_logarithm(e, j), y = std::exp(L);
  return {std::exp(l), std::exp(L + slack) - y + 0x1p-60L * y};
}

/// The element of the target's answer that another function's word on the mass of entry j leads to.
double in_terms_of(const Evidence& e, std::size_t j, Mass said, bool logarithmic) {
  if (has_masses(e.target.map)) return static_cast<double>(said.value - missing(e, j));
  const long double l = logarithmic ? said.value : std::log(said.value);
  if (e.target.map == Map::logsumexp) return static_cast<double>(e.question.row.x[j] - l);
  return static_cast<double>(e.target.map == Map::cross_entropy ? -l : l);
}

/// Whether an element says nothing that could be compared: what is masked, or overflows.
bool mute(const Evidence& e, std::size_t j) {
  return e.question.row.x[j] == -INFINITY || std::isinf(e.exact.rounded[element_of(e.target.map, j)]);
}

Broken parts_from(const Evidence& e, const Evidence& other, std::size_t j) {
  if (mute(e, j) || mute(other, j)) return std::nullopt;
  const bool logarithmic = !has_masses(e.target.map) && !has_masses(other.target.map);
  const Mass own = logarithmic ? logarithm(e, j) : mass(e, j),
             said = logarithmic ? logarithm(other, j) : mass(other, j);
  if (agree(own.value, said.value, own.slack + said.slack)) return std::nullopt;
  const std::size_t element = element_of(e.target.map, j);
  Finding finding = at(e, element, e.answer.y[element], in_terms_of(e, j, said, logarithmic), own.slack + said.slack);
  finding.want += fmt::format(", as its {} has it", impls::traits(other.target.map).name);
  return finding;
}

/// What a relative answers; nullopt where it does not, which is its own matter.
std::optional<Gathered> consulted(const impls::Implementation& relative, const reference::Case& question) try {
  if (!impls::in_domain(relative.claim, question.row, question.format)) return std::nullopt;
  auto gathered = gather(relative, question);
  if (gathered && std::ranges::count(gathered->answer.written, false) > 0) return std::nullopt;
  return gathered;
} catch (const impls::Accident&) {
  return std::nullopt;
}

/// The entries that both answers tell the mass of.
std::vector<std::size_t> told(const reference::Case& a, const reference::Case& b) {
  for (const auto* question : {&a, &b})
    if (impls::traits(question->map).one_number_out && !question->row.target.empty())
      return {static_cast<std::size_t>(question->row.target[0])};
  std::vector<std::size_t> all(a.row.x.size());
  for (std::size_t j = 0; j < all.size(); ++j) all[j] = j;
  return all;
}

Broken log_consistency(const Evidence& e) {
  for (const auto& relative : relatives(e.target, e.question.format)) {
    const auto question = asked_of(relative.map, e.question);
    const auto gathered = question ? consulted(relative, *question) : std::nullopt;
    if (!gathered) continue;
    const Evidence other{relative, *question, gathered->exact, gathered->answer, gathered->slack};
    for (const std::size_t j : told(e.question, *question))
      if (auto broken = parts_from(e, other, j)) return broken;
  }
  return std::nullopt;
}

bool of_scores_alone(Map map) { return map == Map::softmax || map == Map::gumbel_softmax || map == Map::log_softmax; }

/// (s_m - s_j)/τ in extended precision, for scores s = x or x + g, and an m with the largest one.
struct Depths {
  std::size_t top;
  std::vector<long double> t;
};

Depths depths(const impls::Row& row) {
  std::vector<long double> s(row.x.begin(), row.x.end());
  for (std::size_t j = 0; j < row.operand.size(); ++j) s[j] += row.operand[j];
  const auto top = std::ranges::max_element(s);
  const long double most = *top;
  const auto place = static_cast<std::size_t>(top - s.begin());
  for (long double& v : s) v = (most - v) / row.temperature;
  return {place, std::move(s)};
}

/// y_j = y_m e^-t_j, of log_softmax y_j = y_m - t_j. What both owe to the sum is the same, and drops out.
Broken ratios(const Evidence& e) {
  const auto bounds = e.target.claim.bounds ? e.slack : expected_apart(e.target.map, e.question.format, e.question.row);
  const auto [m, t] = depths(e.question.row);
  const auto off = [&](std::size_t j) { return allowance(e, bounds[j], value(e.exact.element(j))); };
  const bool logarithmic = e.target.map == Map::log_softmax;
  for (std::size_t j = 0; j < t.size(); ++j) {
    if (std::isinf(e.exact.rounded[j])) continue;
    const long double factor = logarithmic ? 1 : std::exp(-t[j]);
    const long double want = logarithmic ? e.answer.y[m] - t[j] : e.answer.y[m] * factor;
    const long double own = 0x1p-60L * (std::abs(want) + (logarithmic ? t[j] : t[j] * want));
    const long double slack = off(j) + (factor == 0 ? 0 : off(m) * factor);
    if (j == m || agree(e.answer.y[j], want, slack + own)) continue;
    Finding finding = at(e, j, e.answer.y[j], static_cast<double>(want), slack);
    finding.want += fmt::format(", as element {} has it", m);
    return finding;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Law> consistency_laws() {
  return {
      {"log consistency",
       "e^log_softmax_j = softmax_j, x_j - logsumexp = log_softmax_j, cross_entropy = -log_softmax_target, and its "
       "gradient softmax_j, less 1 at the target: among the functions of one library",
       "the definitions; SciPy's logsumexp, softmax and log_softmax are documented by each other",
       "the slacks of both answers; through an exponential, e^(L + slack) - e^L", false, has_relatives, every_row,
       log_consistency, 0, false, 0, true,
       "two answers within their own slacks agree by the triangle inequality; it names the two functions of a library "
       "that part"},
      {"ratios",
       "y_j = y_m e^((x_j - x_m)/τ), m an entry with the largest logit (x + noise for gumbel_softmax); of log_softmax "
       "y_j - y_m = (x_j - x_m)/τ",
       "the definition: all elements are divided by one sum",
       "of both elements the roundings of their own exponential, quotient or difference; the n of the sum, and those "
       "in "
       "its terms, are common to both and drop out",
       false, of_scores_alone, longer_than_one, ratios},
  };
}

}  // namespace audit::properties
