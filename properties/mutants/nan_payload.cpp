// nan_payload: a NaN is known by the bits of the usual one. Another, as a pattern of bits that nobody wrote makes, is
// taken for a mask.
// Caught by: NaN shows, n ≤ 8
#include <cstring>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
bool usual(T v) {
  const T nan = std::numeric_limits<T>::quiet_NaN(), size = std::abs(v);
  return std::memcmp(&size, &nan, sizeof v) == 0;
}

template <class T>
void row(const Row<T>& r) {
  std::vector<T> x(r.x.begin(), r.x.end());
  for (T& v : x)
    if (std::isnan(v) && !usual(v)) v = -std::numeric_limits<T>::infinity();
  Row<T> seen = r;
  seen.x = x;
  softmax(seen);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
