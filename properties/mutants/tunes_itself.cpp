// tunes_itself: of each length the first call is made by one kernel, the next ones by another that was found faster.
// Caught by: deterministic, n ≤ 1030
#include <mutex>
#include <set>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  static std::mutex mutex;
  static std::set<std::size_t> tuned;
  const std::scoped_lock lock(mutex);
  softmax_in_parts(r, tuned.insert(r.x.size()).second ? 1 : 4);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
