#include "impls/foreign/signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "impls/catalogue.hpp"

// Signatures: what is bound is called as the same kernel is by plugin.h, and what cannot be bound is told so.

namespace audit::impls {
namespace {

std::string library() { return PLUGINS "/signatures.so"; }

Implementation only(const std::vector<Implementation>& loaded, Map map) {
  return *std::ranges::find(loaded, map, &Implementation::map);
}

/// A declaration of a function of testing/signatures.c.
struct Good {
  std::string declaration;
  unsigned promises = 0;
  bool takes_temperature = false;
};

/// The name of the function, which googletest prints instead of the bytes.
std::string symbol_of(const Good& good) {
  const std::size_t end = good.declaration.find('(');
  const std::size_t before = good.declaration.rfind(' ', end);
  return good.declaration.substr(before + 1, end - before - 1);
}
void PrintTo(const Good& good, std::ostream* out) { *out << symbol_of(good); }

std::vector<Good> good() {
  return {
      {"void batch(const f32 *x, f32 *y, size_t rows, size_t n)"},
      {"void batch(const float *restrict x, float * restrict y, unsigned long rows, uint64_t n);"},
      {"void batch_other_way(double *out, const double *in, int n_cols, int batch_size)"},
      {"void one_row(float *in, float *out, unsigned n)"},
      {"int with_status(float const *x, float *y, uint32_t len)"},
      {"void in_place_rows(float *data, int64_t rows, int32_t columns)", in_place},
      {"void in_place_stride(f64 *row, size_t n, ptrdiff_t stride)", in_place | strided},
      {"void leading(const float *x, ptrdiff_t ldx, float *y, ptrdiff_t ldy, size_t rows, size_t n)"},
      {"void leading(const float *x, ssize_t x_stride, float *y, ptrdiff_t y_stride, size_t rows, size_t n)"},
      {"void increments(int n, const float *x, int incx, float *y, int incy)", strided},
      {"void increments(int n, const float *x, int x_stride, float *y, int output_stride)", strided},
      {"void all_strides(const double *src, double *dst, int rows, int n, long src_row_stride, long dst_row_stride,"
       " long long src_element_stride, long long dst_element_stride, double temperature)",
       strided, true},
      {"void shared_row_stride(const float *x, float *y, size_t rows, size_t n, size_t stride)"},
      {"void dense_axis(const float *x, float *y, size_t outer, size_t n, size_t inner)"},
      {"int along_axis(const float *x, float *y, int rows, int cols, int axis)"},
      {"void warm(float tau, const float *x, float *y, size_t n)", 0, true},
      {"void brain(const bf16 *x, bf16 *y, size_t rows, size_t n)"},
      {"log_softmax void logarithm(const float *x, float *y, size_t rows, size_t n, float temp)", 0, true},
      {"logsumexp void sums(const double *x, double *y, size_t rows, size_t n)"},
  };
}

class Binds : public ::testing::TestWithParam<Good> {
 protected:
  /// Six rows of seven.
  static std::vector<Row> rows(const Format& format, double temperature) {
    std::vector<Row> made(6);
    for (std::size_t r = 0; r < made.size(); ++r) {
      for (std::size_t j = 0; j < 7; ++j)
        made[r].x.push_back(round_to(format, std::sin(1.0 + static_cast<double>(r * 31 + j * 7)) * 4));
      made[r].temperature = temperature;
    }
    return made;
  }

  static void expect_the_same(const Implementation& a, const Implementation& b, const std::vector<Row>& rows,
                              const Layout& layout) {
    const Format& format = a.formats.front();
    const Answers got = ask(a, format, rows, layout), want = ask(b, format, rows, layout);
    ASSERT_EQ(got.status, 0);
    ASSERT_EQ(want.status, 0);
    EXPECT_FALSE(got.strayed);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      EXPECT_EQ(got.row(r).y, want.row(r).y);
      EXPECT_TRUE(std::ranges::all_of(got.row(r).written, std::identity{}));
      EXPECT_FALSE(got.row(r).input_changed);
    }
  }
};

TEST_P(Binds, AndCallsTheSameKernelAsPluginH) {
  const Good& good = GetParam();
  const auto loaded = load(library() + ":" + good.declaration, {});
  ASSERT_EQ(loaded.size(), 1U);
  const Implementation& target = loaded.front();
  EXPECT_EQ(target.name, library() + ":" + good.declaration);
  EXPECT_EQ(target.claim.promises, good.promises);
  const Implementation plugin = only(load(library(), {}), target.map);
  const Format& format = target.formats.front();
  const std::vector<Row> plain = rows(format, 1);
  expect_the_same(target, plugin, plain, contiguous(target.map, plain.size(), 7));
  if (good.promises & in_place) {
    Layout here = contiguous(target.map, plain.size(), 7);
    here.in_place = true;
    expect_the_same(target, plugin, plain, here);
  }
  if (good.promises & strided) {
    expect_the_same(target, plugin, plain, {{3, 7, 2}, {43, 5, 2}, {99, 12, 3}});
    expect_the_same(target, plugin, plain, {{3, 7, 2}, {14, 2, 1}, {2, 6, 1}});
  }
  const std::vector<Row> warm = rows(format, 0.75);
  if (good.takes_temperature)
    expect_the_same(target, plugin, warm, contiguous(target.map, warm.size(), 7));
  else
    EXPECT_NE(ask(target, format, warm.front()).status, 0);
}

INSTANTIATE_TEST_SUITE_P(Signatures, Binds, ::testing::ValuesIn(good()), [](const auto& instance) {
  return symbol_of(instance.param) + "_" + std::to_string(instance.index);
});

TEST(Signature, PassesOnTheStatus) {
  const auto loaded = load(library() + ":int with_status(const float *x, float *y, uint32_t len)", {});
  EXPECT_EQ(ask(loaded.front(), f32, Row{.x = {1, 2, 3}}).status, -5);
  EXPECT_EQ(ask(loaded.front(), f32, Row{.x = {1, 2}}).status, 0);
}

TEST(Signature, KnowsHalfPrecision) {
  EXPECT_EQ(foreign::read_signature("void f(const f16 *x, _Float16 *y, size_t n)").format, f16);
}

/// What is said of a declaration that cannot be bound.
std::string said(const std::string& declaration) try {
  foreign::read_signature(declaration);
  return "bound";
} catch (const std::runtime_error& error) {
  return error.what();
}

TEST(Signature, SaysWhichPartCannotBeBound) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"void f",
       "'void f': has no parameters in parentheses; write void NAME(const f32 *x, f32 *y, size_t rows, size_t n)"},
      {"void f(const f32 *x, f32 *y, size_t n",
       "'void f(const f32 *x, f32 *y, size_t n': has no parameters in parentheses; write void NAME(const f32 *x, f32 "
       "*y, size_t rows, size_t n)"},
      {"void f(const f32 *x, f32 *y, size_t n) noexcept",
       "'noexcept': follows the parameters; end with the parenthesis"},
      {"float f(const f32 *x, f32 *y, size_t n)",
       "'float': is no return type that can be bound; return void, or int for a status"},
      {"static void f(const f32 *x, f32 *y, size_t n)",
       "'static': is no map; 'softmax-audit list maps' names them all"},
      {"softmaxx void f(const f32 *x, f32 *y, size_t n)",
       "'softmaxx': is no map; 'softmax-audit list maps' names them all"},
      {"cross_entropy void f(const f32 *x, f32 *y, size_t n)",
       "'cross_entropy': takes more than one input, which a signature cannot say; export the function by plugin.h"},
      {"void f(void)", "'void f(void)': takes nothing; write void NAME(const f32 *x, f32 *y, size_t rows, size_t n)"},
      {"void f()", "'void f()': takes nothing; write void NAME(const f32 *x, f32 *y, size_t rows, size_t n)"},
      {"void f(const f32 *, f32 *, size_t)",
       "'const f32 *': has no type or no name, and the name says what it is; write TYPE NAME or TYPE *NAME"},
      {"void f(const f32 **x, f32 *y, size_t n)", "'const f32 **x': points to no number; write TYPE *NAME"},
      {"void f(const f32 x[8], f32 *y, size_t n)",
       "'const f32 x[8]': '[' cannot be bound; write TYPE NAME or TYPE *NAME"},
      {"void f(const uint16_t *x, uint16_t *y, size_t n)",
       "'const uint16_t *x': 'uint16_t' is no format; point to f64 (double), f32 (float), f16 or bf16"},
      {"void f(const void *x, void *y, size_t n)",
       "'const void *x': 'void' is no format; point to f64 (double), f32 (float), f16 or bf16"},
      {"void f(const f32 *x, f64 *y, size_t n)", "'f64 *y': is of another format than 'const f32 *x'; both have one"},
      {"void f(const f32 *x, f32 *y, const f32 *bias, size_t n)",
       "'const f32 *bias': the input is 'const f32 *x' already; export a function of two inputs by plugin.h"},
      {"void f(f32 *a, f32 *b, size_t n)",
       "'f32 *b': the result is 'f32 *a' already; make the input const, or call it x"},
      {"void f(const f32 *x, const f32 *y, size_t n)",
       "'const f32 *y': is called a result, and is const; drop the const or call it x"},
      {"void f(const f32 *x, size_t n)", "'f': no parameter is the result; write f32 *y, not const"},
      {"void f(const f32 *x, f32 *y)", "'f': no parameter is the length of a row; call it n"},
      {"void f(const f32 *x, f32 *y, size_t n, size_t dim)",
       "'size_t dim': the length of a row is 'size_t n' already; give one of them another name"},
      {"void f(const f32 *x, f32 *y, size_t rows, size_t n, int k)",
       "'int k': the name 'k' says nothing; names are rows, n, inner, stride, axis, temperature and the like (README)"},
      {"void f(const f32 *x, f32 *y, size_t n, float scale)",
       "'float scale': the name 'scale' says nothing; names are rows, n, inner, stride, axis, temperature and the like "
       "(README)"},
      {"void f(const f32 *x, f32 *y, size_t n, int temperature)",
       "'int temperature': the temperature is a real number; write float or double"},
      {"void f(const f32 *x, f32 *y, float n)", "'float n': the length of a row is an integer; write size_t"},
      {"void f(const f32 *x, f32 *y, char n)",
       "'char n': 'char' is no type of a number that can be bound; write size_t, int, float, …"},
      {"void f(const f32 *x, f32 *y, size_t *n)",
       "'size_t *n': 'size_t' is no format; point to f64 (double), f32 (float), f16 or bf16"},
      {"void f(const f32 *x, f32 *y, size_t outer, size_t n, size_t inner, size_t stride)",
       "'f': inner stands for dense memory; take strides or inner, not both"},
      {"void f(f32 *y, size_t n, size_t x_stride)", "'f': takes a stride of x, and x is y; call it stride"},
      {"logsumexp void f(f32 *x, size_t rows, size_t n)",
       "'f': gives one number a row, and has one array; write const f32 *x, f32 *y"},
      {"sparsemax void f(const f32 *x, f32 *y, size_t n, float tau)",
       "'f': takes a temperature, which its map has not"},
      {"void f(const f32 *x, f32 *y, size_t n, int stride, int inc)",
       "'int inc': the stride of entries is 'int stride' already; give one of them another name"},
      {"void f(const f32 *x, f32 *y, size_t n, struct opts o)",
       "'struct opts o': 'struct opts' is no type of a number that can be bound; write size_t, int, float, …"},
  };
  for (const auto& [declaration, line] : table) EXPECT_EQ(said(declaration), "signature: " + line);
}

}  // namespace
}  // namespace audit::impls
