// M55 uninit_scratch: the scratch of the call before is reduced where this row is shorter. llama.cpp #4256.
// Caught by: deterministic, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  static std::vector<T> scratch;
  if (scratch.size() < r.x.size()) scratch.resize(r.x.size());
  std::ranges::copy(r.x, scratch.begin());
  const std::span<const T> seen = std::span<const T>(scratch).first(std::min(scratch.size(), (r.x.size() + 3) / 4 * 4));
  const T shift = top(r.x);
  T sum = 0;
  for (std::size_t j = 0; j < seen.size(); ++j) {
    const T e = std::exp((seen[j] - shift) / static_cast<T>(r.temperature));
    sum += e;
    if (j < r.y.size()) r.y[j] = e;
  }
  for (T& v : r.y) v /= sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
