#include "properties/tolerances.hpp"

#include <algorithm>
#include <cmath>

#include "properties/law_tables.hpp"
#include "reference/companions.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Map;
using impls::Shape;
using reference::Stream;
using Logits = std::vector<double>;

/// Equal, or a finite distance apart that is no more than that: torch.isclose without equal_nan.
bool within(double got, double want, double allowed) {
  const double distance = std::abs(got - want);
  return got == want || (std::isfinite(distance) && distance <= allowed);
}

bool assert_close(Map, const Format& format, std::size_t, double got, double want) {
  const double absolute = format == impls::f64 ? 1e-7 : 1e-5, relative = format == impls::f64 ? 1e-7 : 1.3e-6;
  return within(got, want, absolute + relative * std::abs(want));
}

/// torch.allclose(output, output_new): relative to what is tested.
bool kernelbench(Map, const Format&, std::size_t, double got, double want) {
  return within(got, want, 1e-4 + 1e-4 * std::abs(got));
}

/// Wrong is what misses both; a result that is not finite always is.
bool flashinfer(Map, const Format&, std::size_t, double got, double want) {
  const double distance = std::abs(got - want);
  return std::isfinite(got) && (distance <= 1e-2 || distance / (std::abs(want) + 1e-8) <= 1e-2);
}

bool xnnpack(Map, const Format&, std::size_t, double got, double want) { return std::abs(got - want) <= want * 1e-5; }

/// compare_t::compare_p2p with the threshold and the additional check of the softmax driver.
bool benchdnn(Map map, const Format&, std::size_t, double got, double want) {
  constexpr double epsilon = 0x1p-23;
  const bool logarithmic = map == Map::log_softmax || map == Map::log_softmax_vjp;
  const double threshold = 10 * epsilon * (logarithmic ? 5 : 1) * (is_vjp(map) ? 4 : 1);
  const double distance = std::abs(got - want);
  if (got == want || distance < epsilon) return true;
  return (std::abs(want) > 1e-5 ? distance / std::abs(want) : distance) <= threshold;
}

/// Steps between two numbers of f32, across zero too.
bool webnn(Map, const Format& format, std::size_t n, double got, double want) {
  const auto place = [&](double v) {
    const auto steps = static_cast<std::int64_t>(impls::encode(format, std::abs(v)));
    return std::signbit(v) ? -steps : steps;
  };
  return got == want || std::abs(place(got) - place(want)) <= static_cast<std::int64_t>(3 * n + 3);
}

template <int low, int high>
void uniform(const Stream& stream, const Format&, Logits& x) {
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = low + (high - low) * std::ldexp(static_cast<double>(stream.bits(i) >> 11), -53);
}

void normal(const Stream& stream, const Format&, Logits& x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = stream.normal(i);
}

/// One or two of 90, two to five of 89 and five to eight of 88, side by side, among the most negative number; every
/// other row -86, -87, -88.
void few_tops(const Stream& stream, const Format& format, Logits& x) {
  const double sign = stream.index() % 2 == 0 ? 1 : -1;
  Logits tops;
  for (const auto& [value, fewest, choices] : {std::tuple{2, 1, 2}, {1, 2, 4}, {0, 5, 4}})
    tops.insert(tops.end(),
                static_cast<std::size_t>(fewest) + stream.bits(0, static_cast<std::uint32_t>(value)) % choices,
                88 * sign + value);
  tops.resize(std::min(tops.size(), x.size()));
  std::ranges::fill(x, -impls::largest_finite(format));
  const std::size_t start = stream.bits(0, 3) % (x.size() - tops.size() + 1);
  std::ranges::copy(tops, x.begin() + static_cast<std::ptrdiff_t>(start));
}

bool is_sparse(Map map) { return map == Map::sparsemax || map == Map::sparsemax_vjp || map == Map::entmax15; }
bool of_pytorch(Map map) { return of_logits(map) && !is_sparse(map) && map != Map::gumbel_softmax; }
bool softmax_alone(Map map) { return map == Map::softmax; }
bool softmax_or_its_logarithm(Map map) { return map == Map::softmax || map == Map::log_softmax; }
bool of_onednn(Map map) {
  return softmax_or_its_logarithm(map) || map == Map::softmax_vjp || map == Map::log_softmax_vjp;
}

/// Single rows of 1, 2, 3 … 99, three rows of 1, 6, 11 … 96, and what image classifiers have.
std::vector<Shape> shapes_of_xnnpack() {
  std::vector<Shape> shapes;
  for (std::size_t n = 1; n < 100; ++n) shapes.push_back({1, n, 1});
  for (std::size_t n = 1; n < 100; n += 5) shapes.push_back({3, n, 1});
  for (const std::size_t n : {10, 100, 1000, 1001, 21841}) shapes.push_back({10, n, 1});
  return shapes;
}

}  // namespace

const std::array<Tolerance, 6>& tolerances() {
  static const std::array<Tolerance, 6> all{
      {{"PyTorch assert_close",
        "abs(got - want) ≤ 1e-5 + 1.3e-6 abs(want) in f32, 1e-7 + 1e-7 abs(want) in f64",
        "uniform on [-9, 9): rows of 5, alone, as [5, 5] along both axes, as [5, 10, 5]",
        "pytorch/pytorch torch/testing/_comparison.py line 43 (003029b), _creation.py make_tensor, "
        "_internal/opinfo/definitions/_masked.py sample_inputs_softmax_variant",
        of_pytorch,
        {impls::f32, impls::f64},
        {{1, 5, 1}, {5, 5, 1}, {1, 5, 5}, {50, 5, 1}},
        uniform<-9, 9>,
        assert_close},
       {"KernelBench 1e-4",
        "abs(got - want) ≤ 1e-4 + 1e-4 abs(got)",
        "uniform on [0, 1): [4096, 393216], of which two rows are asked here",
        "ScalingIntelligence/KernelBench src/eval.py get_tolerance_for_precision, run_and_check_correctness (01f92ad); "
        "level1/23_Softmax.py",
        softmax_or_its_logarithm,
        {impls::f32},
        {{2, 393216, 1}},
        uniform<0, 1>,
        kernelbench},
       {"flashinfer-bench 1e-2",
        "finite, and abs(got - want) ≤ 1e-2 or abs(got - want) / (abs(want) + 1e-8) ≤ 1e-2",
        "normal; the shapes are those of what is benchmarked, here [48, 4096]",
        "flashinfer-ai/flashinfer-bench flashinfer_bench/bench/config.py BenchmarkConfig (1039e39), utils.py "
        "_rand_tensor "
        "and compute_error_stats (00a1ec8), evaluators/default.py (06323a4)",
        of_logits,
        {impls::f32},
        {{48, 4096, 1}},
        normal,
        flashinfer},
       {"XNNPACK 1e-5",
        "abs(got - want) ≤ 1e-5 want",
        "uniform on [90, 100): rows of 1 to 99, batches of 3, rows of 1000, 1001 and 21841",
        "google/XNNPACK test/operators/softmax-operator-tester.h TestF32 (4b970e0), test/softmax-nc.cc (08b7a97)",
        softmax_alone,
        {impls::f32},
        shapes_of_xnnpack(),
        uniform<90, 100>,
        xnnpack},
       {"oneDNN benchdnn",
        "abs(got - want) < 2^-23, or ≤ 10 · 2^-23 abs(want); five times that for log_softmax, four times for gradients",
        "one or two of 90, a few of 89, a few more of 88, or their like from -86 down, and -largest elsewhere: here 16 "
        "rows of 16, 257 and 1000 each",
        "uxlfoundation/oneDNN tests/benchdnn/softmax/softmax.cpp fill_data_fwd, setup_cmp (0a89c36), utils/compare.cpp "
        "compare_p2p (0c409b2)",
        of_onednn,
        {impls::f32},
        {{16, 16, 1}, {16, 257, 1}, {16, 1000, 1}},
        few_tops,
        benchdnn},
       {"WebNN 3n + 3 ulp",
        "at most 3n + 3 numbers of the format apart",
        "a few fixed small tensors; here uniform on [-10, 10): [2, 3], [3, 2] and [4, 6]",
        "web-platform-tests/wpt webnn/resources/utils.js getSoftmaxPrecisionTolerance, assert_array_approx_equals_ulp "
        "(05f2b6b)",
        softmax_alone,
        {impls::f32},
        {{2, 3, 1}, {3, 2, 1}, {4, 6, 1}},
        uniform<-10, 10>,
        webnn}}};
  return all;
}

std::size_t first_wrong(const Tolerance& tolerance, Map map, const reference::Exact& exact,
                        const impls::Answer& answer) {
  std::size_t j = 0;
  while (j < exact.size() && tolerance.passes(map, exact.format, exact.size(), answer.y[j], exact.rounded[j])) ++j;
  return j;
}

std::vector<impls::Row> rows_of(const Tolerance& tolerance, Map map, const Format& format, const Shape& shape) {
  std::vector<impls::Row> rows(shape.outer * shape.inner);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Stream stream(tolerance.name, format, shape.n, 1, i);
    rows[i].x.resize(shape.n);
    tolerance.fill(stream, format, rows[i].x);
    for (double& x : rows[i].x) x = impls::round_to(format, x);
    reference::draw_companions(map, format, tolerance.name, stream, rows[i]);
  }
  return rows;
}

}  // namespace audit::properties
