#include "bench/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "bench/tally.hpp"
#include "reference/error.hpp"
#include "reference/numbers.hpp"
#include "reference/oracle.hpp"

namespace audit::bench {
namespace {

using reference::Element;
using reference::Error;

/// Infinitely bad where there is no number: what the worst elements are chosen by.
double badness(const Error& error) { return reference::has_number(error.outcome) ? error.distance : INFINITY; }

std::string special_answer(const impls::Format& format, const impls::Answer& answer) {
  std::string values;
  for (const double y : answer.y) values += (values.empty() ? "" : " ") + reference::shortest(format, y);
  return fmt::format("a special row, its answer is a matter of policy; got {}\n", values);
}

/// The indices of the `most` worst elements, in the order of the row: the largest error that is a number among them,
/// however many have none.
std::vector<std::size_t> worst_of(const Trial& trial, std::size_t most) {
  const std::vector<Error>& errors = trial.errors;
  std::vector<std::size_t> order(errors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](auto a, auto b) { return badness(errors[a]) > badness(errors[b]); });
  order.resize(std::min(order.size(), most));
  if (const auto largest = worst_element(trial); largest && std::ranges::count(order, *largest) == 0)
    order.back() = *largest;
  std::ranges::sort(order);
  return order;
}

std::string line(const reference::Case& question, const Element& y, const Trial& trial, std::size_t j) {
  const Error& error = trial.errors[j];
  const bool claimed = !trial.bounds.empty();
  const impls::MapTraits& map = impls::traits(question.map);
  const bool of_an_entry = !map.one_number_out && !map.takes_tree;
  return fmt::format("{:>7}  {:>16}  {:>24}  {:>24}  {:<17}  {:>12}  {:>10}  {:>6}\n", j,
                     of_an_entry ? fmt::format("{:.9g}", question.row.x[j]) : "",
                     fmt::format("{:a}", trial.answer.y[j]), fmt::format("{:a}", y.rounded),
                     reference::label(error.outcome),
                     reference::has_number(error.outcome) ? fmt::format("{:+.3f}", error.ulp) : "-",
                     claimed ? fmt::format("{:.4g}", reference::in_ulps(trial.bounds[j], y)) : "-",
                     claimed ? fmt::format("{:.3f}", trial.standings[j].utilisation) : "-");
}

}  // namespace

Replay replay(const impls::Implementation& target, const reference::Case& question, std::size_t most) try {
  const impls::Format& format = question.format;
  auto answer = impls::ask(target, format, question.row);
  if (answer.status != 0) return {fmt::format("not supported (status {})\n", answer.status), true};
  const auto exact = reference::certify(question.map, format, question.row);
  if (exact.special != reference::Special::none) return {special_answer(format, answer), true};
  const Trial trial = judge(target, question, exact, std::move(answer));

  Replay result;
  result.kept = std::ranges::all_of(trial.standings, &reference::Standing::kept);
  result.table = fmt::format("{:>7}  {:>16}  {:>24}  {:>24}  {:<17}  {:>12}  {:>10}  {:>6}\n", "element", "logit",
                             "got", "want", "outcome", "error, ulp", "claim", "used");
  const auto shown = worst_of(trial, most);
  for (const std::size_t j : shown) result.table += line(question, exact.element(j), trial, j);
  if (shown.size() < trial.errors.size())
    result.table += fmt::format("… the {} worst of {} elements\n", shown.size(), trial.errors.size());
  if (!target.claim.bounds) {
    result.table += "claims no bound\n";
  } else if (!trial.in_domain) {
    result.table +=
        fmt::format("outside the domain of the claim ({}): measured, not judged\n", target.claim.domain.words);
  } else {
    result.table += fmt::format("{} the claim: {}\n", result.kept ? "within" : "BREAKS", target.claim.bound);
  }
  return result;
} catch (const impls::Accident& met) {
  return {fmt::format("{}: {}\n", impls::label(met.kind), met.what()), false, false};
}

}  // namespace audit::bench
