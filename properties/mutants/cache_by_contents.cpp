// cache_by_contents: the last result is handed out again for a row with the same checksum, which does not depend on the
// order of the entries.
// Caught by: permutation, n ≤ 8
#include <bit>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

std::uint64_t checksum(const auto& r) {
  std::uint64_t sum = std::bit_cast<std::uint64_t>(r.temperature) + r.x.size();
  for (const double v : r.x) sum += std::bit_cast<std::uint64_t>(v) * 0x9E3779B97F4A7C15U;
  return sum;
}

template <class T>
void row(const Row<T>& r) {
  static std::uint64_t key = 0;
  static std::vector<T> cached;
  if (checksum(r) == key && cached.size() == r.y.size()) {
    std::ranges::copy(cached, r.y.begin());
    return;
  }
  softmax(r);
  key = checksum(r);
  cached.assign(r.y.begin(), r.y.end());
}

template <class T>
int run(const softmax_audit_call* c) {
  return each_row<T>(c, SOFTMAX_AUDIT_SOFTMAX, [&](const Row<T>& r) { c->shape[0] == 1 ? row(r) : softmax(r); });
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
