// grows_its_blocks: sums in as many parts as its workspace has room for, which grows with the longest row so far.
// Caught by: deterministic, n ≤ 1030
#include <atomic>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  static std::atomic<std::size_t> room{64};
  std::size_t now = room;
  while (now < r.x.size() && !room.compare_exchange_weak(now, r.x.size())) continue;
  softmax_in_parts(r, std::min<std::size_t>(16, room / 512 + 1));
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
