// lse_wider_inside: in the next wider format, rounded once, and so said to be within 1 ulp; near 0 it is not.
// Caught by: error within claim, n ≤ 3
#include <type_traits>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  using Wider = std::conditional_t<sizeof(T) == sizeof(float), double, long double>;
  const std::vector<Wider> x(r.x.begin(), r.x.end());
  const Wider shift = top(std::span<const Wider>(x));
  const auto largest = static_cast<std::size_t>(std::ranges::max_element(x) - x.begin());
  Wider others = 0;
  for (std::size_t j = 0; j < x.size(); ++j)
    if (j != largest) others += std::exp(x[j] - shift);
  r.y[0] = static_cast<T>(std::isfinite(shift) ? shift + std::log1p(others) : shift);
}

}  // namespace

MUTANT_CLAIMING(SOFTMAX_AUDIT_LOGSUMEXP, SOFTMAX_AUDIT_SUBNORMALS, 1)
