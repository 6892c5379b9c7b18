#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "properties/evidence.hpp"
#include "properties/law_tables.hpp"

namespace audit::properties {
namespace {

using impls::Map;
using reports::Finding;
using Broken = std::optional<Finding>;

bool single_entry(const reference::Case& question) { return question.row.x.size() == 1; }

Broken error_within_claim(const Evidence& e) {
  for (std::size_t j = 0; j < e.exact.size(); ++j) {
    const auto missed = miss(e, e.answer, j, e.exact.element(j), e.slack[j]);
    if (!missed) continue;
    Finding finding = at(e, j, e.answer.y[j], e.exact.rounded[j], 0);
    if (!e.answer.written[j]) finding.got = "unwritten";
    finding.ulp = missed->ulp;
    finding.bound = missed->bound;
    return finding;
  }
  return std::nullopt;
}

/// max x ≤ y ≤ max x + log n.
Broken range_of_logsumexp(const Evidence& e) {
  const auto& x = e.question.row.x;
  const long double top = *std::ranges::max_element(x);
  const long double log_n = std::log(static_cast<long double>(x.size()));
  const long double slack = allowance(e, 0) + 0x1p-60L * (std::abs(top) + log_n);
  const long double got = e.answer.y[0];
  if (got >= top - slack && got <= top + log_n + slack) return std::nullopt;
  const long double end = got <= top ? top : top + log_n;
  return at(e, 0, e.answer.y[0], static_cast<double>(end), slack);
}

struct Ends {
  double low = 0;
  double high = 1;
};

Ends ends(Map map) {
  if (map == Map::log_softmax) return {-INFINITY, 0};
  if (map == Map::cross_entropy) return {0, INFINITY};
  return {};
}

bool has_a_range(Map map) { return !is_vjp(map); }

Broken range(const Evidence& e) {
  if (e.target.map == Map::logsumexp) return range_of_logsumexp(e);
  const auto [low, high] = ends(e.target.map);
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    const long double slack = allowance(e, j), got = e.answer.y[j];
    const long double below = e.target.map == Map::cross_entropy ? slack : 0;
    if (!(got >= low - below && got <= high + slack)) return at(e, j, e.answer.y[j], got > high ? high : low, slack);
  }
  return std::nullopt;
}

Broken one_entry(const Evidence& e) {
  double want = forward(e.target.map) && e.target.map != Map::log_softmax ? 1 : 0;
  if (e.target.map == Map::logsumexp) want = e.question.row.x[0];
  if (e.answer.y[0] == want) return std::nullopt;
  const bool may_flush = !(e.target.claim.promises & impls::subnormals);
  if (e.answer.y[0] == 0 && may_flush && std::abs(want) < impls::smallest_normal(e.question.format))
    return std::nullopt;
  return at(e, 0, e.answer.y[0], want, 0);
}

Broken contract(const Evidence& e) {
  const auto unwritten = std::ranges::find(e.answer.written, false);
  if (unwritten != e.answer.written.end()) {
    Finding finding = about_row(e, "unwritten", "an answer");
    finding.element = static_cast<std::size_t>(unwritten - e.answer.written.begin());
    return finding;
  }
  if (e.answer.input_changed) return about_row(e, "the input changed", "the input as it was");
  return std::nullopt;
}

}  // namespace

std::vector<Law> value_laws() {
  return {
      {"error within claim", "every element is within its bound of the exact answer",
       "the claim's own; numerics.md section 3 where nothing is claimed",
       "the bound itself: relative · abs(y) + absolute, y certified", false, every_map, every_row, error_within_claim},
      {"range", "0 ≤ y ≤ 1; log y ≤ 0; max x ≤ logsumexp x ≤ max x + log n; a loss is ≥ 0",
       "the definition; Blanchard, Higham & Higham 2021, eq. (1.2)",
       "none below, but for a loss: no honest exponential is negative. Above, the element's: e^0 · (1/e^0) may pass 1 "
       "where the two exponentials come from different code",
       false, has_a_range, every_row, range},
      {"single entry", "a row of one entry x gives exactly 1, 0, or x; its gradients are 0", "e^(x - x) = 1, log 1 = 0",
       "none: every operation on the way is exact", false, of_logits, single_entry, one_entry},
      {"output written, input kept", "every element is written, and nothing of the input",
       "plugin.h, what every function is held to", "none", false, every_map, every_row, contract, 0, true},
  };
}

}  // namespace audit::properties
