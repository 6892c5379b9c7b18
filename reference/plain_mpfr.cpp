#include "reference/plain_mpfr.hpp"

#include <mpfr.h>

#include <algorithm>
#include <vector>

namespace audit::reference {

/// The exponentials, or the answers, and after them their total.
struct PlainMpfr::Numbers {
  std::vector<__mpfr_struct> of;

  explicit Numbers(std::size_t count) : of(count) {
    for (__mpfr_struct& number : of) mpfr_init2(&number, bits);
  }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  ~Numbers() {
    for (__mpfr_struct& number : of) mpfr_clear(&number);
  }
};

PlainMpfr::PlainMpfr(std::size_t n) : numbers_(std::make_unique<Numbers>(n + 1)) {}
PlainMpfr::~PlainMpfr() = default;

void PlainMpfr::softmax(std::span<const double> x) {
  const double largest = *std::ranges::max_element(x);
  const std::span y = std::span(numbers_->of).first(x.size());
  __mpfr_struct* total = &numbers_->of.back();
  mpfr_set_zero(total, 1);
  for (std::size_t j = 0; j < x.size(); ++j) {
    mpfr_set_d(&y[j], x[j], MPFR_RNDN);
    mpfr_sub_d(&y[j], &y[j], largest, MPFR_RNDN);
    mpfr_exp(&y[j], &y[j], MPFR_RNDN);
    mpfr_add(total, total, &y[j], MPFR_RNDN);
  }
  for (__mpfr_struct& element : y) mpfr_div(&element, &element, total, MPFR_RNDN);
}

double PlainMpfr::element(std::size_t j) const { return mpfr_get_d(&numbers_->of[j], MPFR_RNDN); }

}  // namespace audit::reference
