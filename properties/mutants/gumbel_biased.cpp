// gumbel_biased: 0.4 is added to the score of the first class, as by a bias added once too often. The mutant claims so
// little of its masses that every single one is within it; classes are drawn by other frequencies all the same.
// Caught by: sampling, n ≤ 4
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> s;
  for (std::size_t j = 0; j < r.x.size(); ++j) s.push_back(r.x[j] + r.operand[j] + (j == 0 ? T{0.4f} : T{0}));
  softmax(Row<T>{s, r.y, {}, r.temperature, 0, nullptr});
}

}  // namespace

MUTANT_CLAIMING(SOFTMAX_AUDIT_GUMBEL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS, 0x1p53)
