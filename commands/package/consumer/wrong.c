#include <math.h>
#include <stddef.h>

/* What the audit is to find: the first entry stands for the maximum, so that later ones overflow. */
void wrong_log_softmax(double *y, size_t n, const double *x, size_t rows) {
  for (size_t row = 0; row < rows; ++row, x += n, y += n) {
    double sum = 0;
    for (size_t j = 0; j < n; ++j) sum += exp(x[j] - x[0]);
    for (size_t j = 0; j < n; ++j) y[j] = x[j] - x[0] - log(sum);
  }
}
