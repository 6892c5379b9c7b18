#include <cmath>

#include "impls/bound_terms.hpp"
#include "impls/hierarchical_softmax/tree.hpp"

namespace audit::impls {
namespace {

/// What the way from the root to a node adds up to.
struct Way {
  std::int32_t to;
  std::size_t choices = 0;
  double improbable = 0;  ///< Σ (1 - p) over the choices
};

double logistic_of(double score) { return 1 / (1 + std::exp(-score)); }

Bound at_the_end_of(const Way& way, const Format& format) {
  const auto d = static_cast<double>(way.choices);
  if (way.choices == 0) return {};
  Facts length;
  length.terms = way.choices;
  return relative_bound(length, format, 3 * d - 1 + libm * way.improbable, (libm + 2) / 2 * d - 0.5);
}

}  // namespace

std::vector<Bound> product_of_logistics(const Row& row, const Format& format) {
  const std::size_t n = row.x.size() + 1;
  const std::int32_t* tree = row.tree.empty() ? nullptr : row.tree.data();
  std::vector<Bound> bounds(n);
  std::vector<Way> open{{root(n)}};
  while (!open.empty()) {
    const Way way = open.back();
    open.pop_back();
    if (way.to < 0) {
      bounds[leaf_index(way.to)] = at_the_end_of(way, format);
      continue;
    }
    const auto node = static_cast<std::size_t>(way.to);
    const auto [left, right] = children(tree, n, node);
    const double to_right = logistic_of(row.x[node]), to_left = logistic_of(-row.x[node]);
    open.push_back({left, way.choices + 1, way.improbable + to_right});
    open.push_back({right, way.choices + 1, way.improbable + to_left});
  }
  return bounds;
}

}  // namespace audit::impls
