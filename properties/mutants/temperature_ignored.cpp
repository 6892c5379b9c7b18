// temperature_ignored: softmax(x) whatever the temperature.
// Caught by: temperature, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  Row<T> plain = r;
  plain.temperature = 1;
  softmax(plain);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
