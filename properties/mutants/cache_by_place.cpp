// cache_by_place: the last results are handed out again where the logits are at the place of those before, as many, and
// begin with the same one, and the same bits are promised.
// Caught by: deterministic, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
struct Kept {
  const T* place = nullptr;
  T first{};
  double temperature = 0;
  std::vector<T> y;
};

template <class T>
void call(const Call<T>& c) {
  static Kept<T> kept;
  if (kept.place == c.x.data() && kept.y.size() == c.y.size() && kept.first == c.x[0] &&
      kept.temperature == c.of.temperature) {
    std::ranges::copy(kept.y, c.y.begin());
    return;
  }
  for (std::size_t o = 0; o < c.rows; ++o) softmax(c.row(o));
  kept = {c.x.data(), c.x[0], c.of.temperature, {c.y.begin(), c.y.end()}};
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
