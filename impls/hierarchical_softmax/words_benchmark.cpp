// How much faster one word's probability is than the full distribution, for vocabularies up to 2^20 words in f32: in
// heap order, and in the Huffman tree of counts by Zipf's law, its words drawn as often as they occur.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>

#include "impls/catalogue.hpp"
#include "impls/hierarchical_softmax/words.hpp"

namespace audit::impls {
namespace {

struct Vocabulary {
  std::vector<std::uint64_t> counts;
  std::vector<float> scores;
  std::vector<std::size_t> text;  ///< words as they occur

  explicit Vocabulary(std::size_t n) : scores(n - 1) {
    std::mt19937_64 random(1);
    for (std::size_t i = 0; i < n; ++i) counts.push_back((std::uint64_t{1} << 32) / (i + 1));
    std::normal_distribution<float> normal;
    for (float& score : scores) score = normal(random);
    std::discrete_distribution<std::size_t> word(counts.begin(), counts.end());
    for (int i = 0; i < 4096; ++i) text.push_back(word(random));
  }
};

void full_distribution(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const Vocabulary vocabulary(n);
  const std::vector<std::int32_t> tree = state.range(1) ? huffman_tree(vocabulary.counts) : std::vector<std::int32_t>{};
  const auto after = static_cast<std::ptrdiff_t>(n);
  const Shape row{1, n, 1};
  const Kernel kernel = find("hierarchical_softmax")->prepare(f32, row);
  std::vector<float> y(n);
  Call call{row, vocabulary.scores.data(), {after - 1, 1, 1}, y.data(), {after, 1, 1}};
  call.tree = tree.empty() ? nullptr : tree.data();
  while (state.KeepRunning()) {
    kernel(call);
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
}

void one_word(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const Vocabulary vocabulary(n);
  const std::vector<std::int32_t> tree = state.range(1) ? huffman_tree(vocabulary.counts) : std::vector<std::int32_t>{};
  const Ways ways(tree.empty() ? nullptr : tree.data(), n);
  std::size_t i = 0;
  while (state.KeepRunning())
    benchmark::DoNotOptimize(word_probability<float>(vocabulary.scores, ways, vocabulary.text[i++ % 4096]));
}

BENCHMARK(full_distribution)->ArgNames({"words", "huffman"})->RangeMultiplier(16)->Ranges({{16, 1 << 20}, {0, 1}});
BENCHMARK(one_word)->ArgNames({"words", "huffman"})->RangeMultiplier(16)->Ranges({{16, 1 << 20}, {0, 1}});

}  // namespace
}  // namespace audit::impls

BENCHMARK_MAIN();
