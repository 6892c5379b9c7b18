// M70 entmax_bracket: a bisection keeps the side by the sign of f_m · f_lo, where f_lo is 0 for a row that one entry
// has alone: then the end moves up all the way. deep-spin/entmax #32.
// Caught by: normalization, n ≤ 2
#include "properties/mutants/entmax.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const std::vector<T> z = shifted(r.x, T{2});
  T low = -1, width = 1 - 1 / std::sqrt(static_cast<T>(z.size()));
  const T at_low = squares_above(z, low) - 1;
  for (int step = 0; step < 70; ++step) {
    width /= 2;
    if ((squares_above(z, low + width) - 1) * at_low >= 0) low += width;
  }
  squares(r, low);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_ENTMAX15, SOFTMAX_AUDIT_SUBNORMALS)
