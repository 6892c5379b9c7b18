// M66 gumbel_zero_draw: noise of u = 2^-24 and less is taken for the u = 0 that some generators give, and the class
// that has it is drawn although it is the unlikeliest. PyTorch (multinomial).
// Caught by: ends of the noise, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const auto least = static_cast<T>(-std::log(-std::log(0x1p-24)));
  std::vector<T> s;
  for (std::size_t j = 0; j < r.x.size(); ++j) s.push_back(r.operand[j] <= least ? T{60} : r.x[j] + r.operand[j]);
  softmax(Row<T>{s, r.y, {}, r.temperature});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_GUMBEL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
