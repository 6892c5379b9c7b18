// entmax_few_steps: 15 steps of a bisection, as many as a half needs, and the squares divided by their sum: they add up
// to 1, whatever the threshold is.
// Caught by: optimality, n ≤ 3
#include "properties/mutants/entmax.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const std::vector<T> z = shifted(r.x, T{2});
  T low = -1, width = 1;
  for (int step = 0; step < 15; ++step) {
    width /= 2;
    if (squares_above(z, low + width) >= 1) low += width;
  }
  squares(r, low);
  const T sum = squares_above(z, low);
  for (T& v : r.y) v /= sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_ENTMAX15, SOFTMAX_AUDIT_SUBNORMALS)
