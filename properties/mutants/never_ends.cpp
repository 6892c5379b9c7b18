// never_ends: the threshold is bisected until its bracket is narrower than it can become where one entry has all of
// the mass. entmax #32 had a bracket that could not close.
// Caught by: timed out, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

/// Σ max(x - τ, 0)
template <class T>
T mass(std::span<const T> x, T tau) {
  return std::accumulate(x.begin(), x.end(), T{0}, [&](T sum, T v) { return sum + std::max(v - tau, T{0}); });
}

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  std::vector<T> z;
  for (const T v : r.x) z.push_back(v - shift);
  volatile T high = 0, low = -1;
  while (high - low > std::numeric_limits<T>::epsilon() / 4) {
    const T middle = low + (high - low) / 2;
    (mass<T>(z, middle) < 1 ? high : low) = middle;
  }
  for (std::size_t j = 0; j < z.size(); ++j) r.y[j] = std::max(z[j] - low, T{0});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX, SOFTMAX_AUDIT_SUBNORMALS)
