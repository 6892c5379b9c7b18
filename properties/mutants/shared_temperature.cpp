// shared_temperature: the temperature is kept in a member of the one object that all threads use.
// Caught by: concurrent calls, n ≤ 64
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  static volatile double temperature;
  temperature = r.temperature;
  const T shift = top(r.x);
  T sum = 0;
  for (std::size_t j = 0; j < r.x.size(); ++j) sum += r.y[j] = std::exp((r.x[j] - shift) / static_cast<T>(temperature));
  for (T& v : r.y) v /= sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_THREAD_SAFE | SOFTMAX_AUDIT_SUBNORMALS)
