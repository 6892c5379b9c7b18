// sparsemax_shortcut: a row whose entries add up to 1 is taken for the output of a sparsemax, and its small entries for
// noise to be cleared.
// Caught by: idempotent, n ≤ 3
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  sparsemax(r);
  const bool on_simplex =
      std::ranges::none_of(r.x, [](T v) { return v < 0; }) && std::accumulate(r.x.begin(), r.x.end(), T{0}) == 1;
  if (!on_simplex) return;
  for (T& v : r.y)
    if (v < T{0.25}) v = 0;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX, SOFTMAX_AUDIT_SUBNORMALS)
