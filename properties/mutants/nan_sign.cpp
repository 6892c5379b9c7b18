// nan_sign: the maximum is taken of the bits as integers. A NaN with the sign bit, as x86 makes them, sorts below every
// number, and its exponential is 0.
// Caught by: NaN shows, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> x(r.x.begin(), r.x.end());
  for (T& v : x)
    if (std::isnan(v) && std::signbit(v)) v = -std::numeric_limits<T>::infinity();
  softmax(Row<T>{x, r.y, {}, r.temperature});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
