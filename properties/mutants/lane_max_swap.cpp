// M08 lane_max_swap: of two vectors of four lanes the maximum of the second is stored into the first. PyTorch #156379.
// Caught by: permutation, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  T lanes[4];
  std::fill_n(lanes, 4, r.x[0]);
  for (std::size_t j = 0; j < r.x.size(); ++j)
    if (j % 8 < 4 || r.x.size() - j / 8 * 8 < 8)
      lanes[j % 4] = std::isnan(r.x[j]) ? r.x[j] : std::max(lanes[j % 4], r.x[j]);
  T shift = lanes[0];
  for (const T v : lanes) shift = std::isnan(v) || std::isnan(shift) ? NAN : std::max(shift, v);
  divide(r, shift, exact);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
