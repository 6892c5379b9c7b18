// Sampling by the Gumbel trick: with noise g the class with the largest x + g is drawn with probability softmax(x), and
// so is the largest element of a gumbel_softmax, whatever the temperature.

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>

#include "properties/evidence.hpp"
#include "properties/law_tables.hpp"
#include "reference/families.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Map;
using impls::Row;
using reports::Finding;
using Broken = std::optional<Finding>;

// The test: masses that are off by 10 % each in the mean (Cohen's w) are found in 999 of 1000 cases, an honest target
// is accused once in 10^10.
constexpr double effect = 0.1, power = 0.999, false_alarm = 1e-10;
/// Of so many entries at most; and no larger ones, so that the rounding of x + g is no effect.
constexpr std::size_t most_classes = 16;
constexpr double largest_logit = 32;
/// Classes that are expected less often are counted as one.
constexpr double rarest = 50;
constexpr std::size_t rows_a_call = 2048;

bool is_gumbel(Map map) { return map == Map::gumbel_softmax; }

/// Noise -log(-log u). u = 0 and u = 1 would give infinite noise, of which plugin.h says nothing.
double noise_of(const Format& format, double u) { return impls::round_to(format, -std::log(-std::log(u))); }

/// The most that chance leaves a statistic of so many degrees of freedom.
double critical(double freedom) { return quantile(complement(boost::math::chi_squared(freedom), false_alarm)); }

/// The fewest draws that find the effect with the power: the statistic is then of a non-central chi-squared
/// distribution, of noncentrality N w² (Cohen 1988, chapter 7).
std::size_t draws(double freedom) {
  const double most = critical(freedom);
  double low = 0, high = 1000;  // noncentrality
  while (high - low > 0.5) {
    const double middle = (low + high) / 2;
    const bool found = cdf(complement(boost::math::non_central_chi_squared(freedom, middle), most)) >= power;
    (found ? high : low) = middle;
  }
  return static_cast<std::size_t>(std::ceil(high / (effect * effect)));
}

/// The row with noise of its own for draw `index`: u of 24 bits, never 0 or 1.
Row with_noise(const Format& format, Row row, const reference::Stream& stream) {
  for (std::size_t j = 0; j < row.x.size(); ++j) {
    const auto k = static_cast<double>(stream.bits(j) >> 40);
    row.operand[j] = noise_of(format, std::max(k, 1.0) * 0x1p-24);
  }
  return row;
}

/// The class that an answer draws: its largest element; of several equal ones the one that should be.
std::optional<std::size_t> drawn(const Row& row, const std::vector<double>& y) {
  std::optional<std::size_t> best;
  const auto score = [&](std::size_t j) { return row.x[j] + row.operand[j]; };
  for (std::size_t j = 0; j < y.size(); ++j) {
    if (std::isnan(y[j])) return std::nullopt;
    if (!best || y[j] > y[*best] || (y[j] == y[*best] && score(j) > score(*best))) best = j;
  }
  return best;
}

/// How often each class is drawn; nullopt where the target does not support the call.
std::optional<std::vector<double>> frequencies(const Evidence& e, std::size_t count) {
  const Row& row = e.question.row;
  const Format& format = e.question.format;
  const std::uint64_t key = fingerprint(row);
  std::vector<double> times(row.x.size(), 0);
  for (std::size_t done = 0; done < count;) {
    const std::size_t size = std::min(rows_a_call, count - done);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < size; ++i)
      rows.push_back(with_noise(format, row, reference::Stream("sampling", format, row.x.size(), key, done + i)));
    const auto answers = impls::ask(e.target, format, rows, impls::contiguous(Map::gumbel_softmax, size, row.x.size()));
    if (answers.status != 0) return std::nullopt;
    for (std::size_t i = 0; i < size; ++i)
      if (const auto j = drawn(rows[i], answers.row(i).y)) ++times[*j];
    done += size;
  }
  return times;
}

/// softmax(x), the masses to be drawn by.
std::vector<double> masses(const reference::Case& question) {
  const Row logits{.x = question.row.x};
  return reference::certify(Map::softmax, impls::f64, logits).rounded;
}

/// Classes whose share of the draws is large enough to be counted alone.
std::size_t common_classes(const std::vector<double>& masses, double count) {
  return static_cast<std::size_t>(std::ranges::count_if(masses, [&](double p) { return p * count >= rarest; }));
}

bool can_be_counted(const reference::Case& question) {
  const Row& row = question.row;
  const auto small = [](double v) { return v == -INFINITY || std::abs(v) <= largest_logit; };
  const bool mild =
      question.format.precision >= impls::bf16.precision && row.temperature >= 0.125 && row.temperature <= 8;
  return mild && row.x.size() <= most_classes && std::ranges::all_of(row.x, small) &&
         common_classes(masses(question), 1e4) > 1;
}

/// Pearson's statistic, rare classes counted as one.
struct Pearson {
  double statistic = 0;
  double freedom = -1;
  std::size_t worst = 0;   ///< the class that is furthest off
  bool too_often = false;  ///< a class of no mass was drawn, or those too rare to be counted far too often

  void add(double times, double expected) {
    statistic += (times - expected) * (times - expected) / expected;
    ++freedom;
  }
};

/// Whether that many are more than chance gives where so few are expected.
bool more_than_chance(double times, double expected) {
  if (times == 0) return false;
  return expected == 0 || cdf(complement(boost::math::poisson(expected), times - 1)) < false_alarm;
}

/// How far off a class is, in standard deviations or so.
double off(double times, double expected) {
  if (expected == 0) return times > 0 ? INFINITY : 0;
  return std::abs(times - expected) / std::sqrt(std::max(expected, 1.0));
}

Pearson pearson(const std::vector<double>& times, const std::vector<double>& masses, double count) {
  Pearson test;
  double rare_times = 0, rare = 0;
  for (std::size_t j = 0; j < masses.size(); ++j) {
    const double expected = masses[j] * count;
    if (off(times[j], expected) > off(times[test.worst], masses[test.worst] * count)) test.worst = j;
    if (expected >= rarest) {
      test.add(times[j], expected);
    } else {
      rare_times += times[j];
      rare += expected;
    }
    if (expected == 0 && times[j] > 0) test.too_often = true;
  }
  if (rare >= rarest)
    test.add(rare_times, rare);
  else
    test.too_often = test.too_often || more_than_chance(rare_times, rare);
  return test;
}

Broken sampling(const Evidence& e) {
  const auto p = masses(e.question);
  const std::size_t count = draws(static_cast<double>(common_classes(p, 1e4)));
  const auto times = frequencies(e, count);
  if (!times) return std::nullopt;
  const Pearson test = pearson(*times, p, static_cast<double>(count));
  const double most = critical(std::max(test.freedom, 1.0));
  if (test.statistic <= most && !test.too_often) return std::nullopt;
  const std::size_t j = test.worst;
  Finding finding =
      about_row(e, fmt::format("drawn {} times of {}; chi-square {:.4g}", (*times)[j], count, test.statistic),
                fmt::format("{:.6g} times, {:.4g} at most in all but one of 10^10 such tests",
                            p[j] * static_cast<double>(count), most));
  finding.element = j;
  finding.source = "Pearson's test";
  return finding;
}

/// One entry, chosen by the row, at one end of a generator's range, the others at the other end.
Row at_the_ends(const Evidence& e, int bits, bool highest) {
  Row row = e.question.row;
  const double least = std::ldexp(1.0, -bits);
  const double low = noise_of(e.question.format, least), high = noise_of(e.question.format, 1 - least);
  std::ranges::fill(row.operand, highest ? low : high);
  row.operand[fingerprint(e.question.row) % row.x.size()] = highest ? high : low;
  return row;
}

Broken ends_of_the_noise(const Evidence& e) {
  for (const int bits : {11, 24, 53}) {
    for (const bool highest : {true, false}) {
      const auto other = ask_another(e, at_the_ends(e, bits, highest));
      if (!other) continue;
      const auto exact = reference::certify(e.target.map, e.question.format, other->row);
      const std::string words = fmt::format("with noise of u = {}2^-{} at one entry", highest ? "1 - " : "", bits);
      if (auto broken = wrong_answer(e, other->answer, exact, other->slack, words)) return broken;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<Law> sampling_laws() {
  return {
      {.name = "sampling",
       .statement =
           "with Gumbel noise -log(-log u) each class is the largest with the frequency of its mass softmax(x)_j, "
           "whatever the temperature",
       .source = "Gumbel 1954; Maddison, Tarlow & Minka 2014",
       .slack =
           "Pearson's chi-square test: false alarm 10^-10, power 0.999 against masses off by 10 % (Cohen's w = 0.1); "
           "the draws that this takes, from the non-central distribution",
       .special_rows = false,
       .holds_for = is_gumbel,
       .speaks_of = can_be_counted,
       .broken = sampling,
       .cost = 20'000,
       .stands =
           "a bias is an error, too; it needs no exact answer but the masses, and shows what a user of the draws sees"},
      {.name = "ends of the noise",
       .statement =
           "noise from the ends of a generator's range, u = 2^-b and 1 - 2^-b for b = 11, 24, 53, is noise like any "
           "other",
       .source = "Jang, Gu & Poole 2017, (2)",
       .slack = "the bound of the row with that noise, whose answer is certified",
       .special_rows = false,
       .holds_for = is_gumbel,
       .speaks_of = every_row,
       .broken = ends_of_the_noise,
       .stands = "such noise is drawn for the other laws, too; this one asks it of every row"},
  };
}

}  // namespace audit::properties
