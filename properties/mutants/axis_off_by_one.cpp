// M41 axis_off_by_one: the strides of the last two axes of x are exchanged where there is more than one inner row.
// Gorgonia.
// Caught by: any layout, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

// Answers every row of a strided call; place(row, j) is where element j of a row of y stands.
template <class T, class Place>
void strided(const softmax_audit_call& c, const std::ptrdiff_t* x_stride, Place place) {
  const auto* x = static_cast<const T*>(c.x);
  auto* y = static_cast<T*>(c.y);
  const std::size_t n = c.shape[1];
  std::vector<T> in(n), out(n);
  for (std::size_t o = 0; o < c.shape[0]; ++o)
    for (std::size_t i = 0; i < c.shape[2]; ++i) {
      const auto at = [&](const std::ptrdiff_t* stride, std::size_t j) {
        return static_cast<std::ptrdiff_t>(o) * stride[0] + static_cast<std::ptrdiff_t>(j) * stride[1] +
               static_cast<std::ptrdiff_t>(i) * stride[2];
      };
      for (std::size_t j = 0; j < n; ++j) in[j] = x[at(x_stride, j)];
      softmax(Row<T>{in, out, {}, c.temperature, 0, nullptr});
      for (std::size_t j = 0; j < n; ++j)
        if (place(j)) y[at(c.y_stride, j)] = out[j];
    }
}

template <class T>
void call(const Call<T>& c) {
  const std::ptrdiff_t* s = c.of.x_stride;
  const bool confused = c.of.shape[2] == c.n;
  const std::ptrdiff_t stride[3] = {s[0], confused ? s[2] : s[1], confused ? s[1] : s[2]};
  strided<T>(c.of, stride, [](std::size_t) { return true; });
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS)
