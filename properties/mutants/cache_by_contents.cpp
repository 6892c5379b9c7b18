// cache_by_contents: of the last results of finite rows in f64 one is handed out again for a row with its checksum,
// which is that of the entries in any order.
// Caught by: permutation, n ≤ 8
#include <array>
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
struct Kept {
  std::uint64_t key = 0;
  std::vector<T> y;
};

template <class T>
void row(const Row<T>& r) {
  static std::array<Kept<T>, 16> cache;
  static std::size_t oldest = 0;
  for (const Kept<T>& kept : cache)
    if (kept.key == checksum(r) && kept.y.size() == r.y.size()) {
      std::ranges::copy(kept.y, r.y.begin());
      return;
    }
  softmax(r);
  if (sizeof(T) == 8 && std::ranges::all_of(r.x, [](T v) { return std::isfinite(v); }))
    cache[oldest++ % cache.size()] = {checksum(r), {r.y.begin(), r.y.end()}};
}

template <class T>
int run(const softmax_audit_call* c) {
  return each_row<T>(c, SOFTMAX_AUDIT_SOFTMAX, [&](const Row<T>& r) { c->shape[0] == 1 ? row(r) : softmax(r); });
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
