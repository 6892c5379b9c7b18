// M53 thread_count: partial sums, one for each core that the process may use; the same bits are promised.
// Caught by: one core, n ≤ 64
#include <sched.h>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  sched_getaffinity(0, sizeof cores, &cores);
  const auto threads = static_cast<std::size_t>(CPU_COUNT(&cores));
  softmax_in_parts(r, threads);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
