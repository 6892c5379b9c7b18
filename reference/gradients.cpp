#include "reference/gradients.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace audit::reference {

Groups group(const impls::Row& row) {
  std::vector<std::size_t> order(row.x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, std::greater(), [&](std::size_t i) { return row.x[i]; });
  Groups made{{}, std::vector<std::size_t>(row.x.size(), Groups::masked)};
  for (const std::size_t i : order) {
    if (row.x[i] == -INFINITY) break;
    if (made.groups.empty() || made.groups.back().x != row.x[i]) made.groups.push_back({row.x[i], 0, 0});
    made.of[i] = made.groups.size() - 1;
    ++made.groups.back().count;
    made.groups.back().gradient += row.operand[i];
  }
  return made;
}

}  // namespace audit::reference
