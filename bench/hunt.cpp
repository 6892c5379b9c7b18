#include "bench/hunt.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "bench/mutations.hpp"
#include "bench/tally.hpp"
#include "reference/cases.hpp"
#include "reference/oracle.hpp"

namespace audit::bench {
namespace {

using impls::Format;
using impls::Row;
using reference::Case;

constexpr std::size_t population_size = 8;
constexpr std::size_t rows_of_a_family = 4;

/// The families that have rows of this length.
std::vector<const reference::Family*> families_of(std::size_t n) {
  std::vector<const reference::Family*> fitting;
  for (const reference::Family& family : reference::families())
    if (family.fixed_n == 0 || family.fixed_n == n) fitting.push_back(&family);
  return fitting;
}

struct Scored {
  Row row;
  std::size_t element;  ///< the worst one
  double score;         ///< its abs(error) in ulps
};

/// What became of one try; nothing when the row is outside the domain or the target does not support the call.
struct Attempt {
  Case question;
  reference::Exact exact;
  Trial trial{};
  std::size_t element = 0;
  double score = 0;
  std::optional<impls::Accident> accident{};  ///< in place of an answer
};

class Hunt {
 public:
  Hunt(const impls::Implementation& target, const Format& format, std::size_t n, std::uint64_t seed)
      : target_(target),
        format_(format),
        seed_(seed),
        families_(families_of(n)),
        n_(n),
        tally_(target, format, "hunt", n, seed) {}

  /// Draws the next rows, tries them on all cores, and folds them in the order of their numbers.
  void generation() {
    std::vector<std::optional<Attempt>> attempts(size_of_generation());
    const auto try_one = [&](std::size_t i) { attempts[i] = attempt(candidate(tries_ + i)); };
    tbb::parallel_for(std::size_t{0}, attempts.size(), try_one, tbb::simple_partitioner{});
    tries_ += attempts.size();
    for (std::optional<Attempt>& made : attempts) {
      if (!made) continue;
      if (made->accident) {
        given_up_ = made->accident->kind == impls::Accident::Kind::given_up;
        tally_.add(made->question, *made->accident);
        continue;
      }
      tally_.add(made->question, made->exact, made->trial);
      keep({std::move(made->question.row), made->element, made->score});
    }
  }

  [[nodiscard]] double worst() const { return population_.empty() ? 0 : population_.front().score; }
  /// Whether the target is not asked any more, after too many accidents.
  [[nodiscard]] bool given_up() const { return given_up_; }
  [[nodiscard]] reports::Record record() const { return tally_.record(); }

 private:
  /// Short rows by the dozen, long ones one for each core or so: the clock is read between generations.
  [[nodiscard]] std::size_t size_of_generation() const {
    return std::clamp<std::size_t>(8192 / std::max<std::size_t>(n_, 1), 2, 32);
  }

  [[nodiscard]] Row candidate(std::uint64_t number) const {
    if (number < families_.size() * rows_of_a_family)
      return drawn(*families_[number % families_.size()], number / families_.size());
    Dice dice(seed_, number);
    if (population_.empty() || dice.below(16) == 0) return drawn(*families_[dice.below(families_.size())], number);
    const Scored& parent = population_[dice.below(population_.size())];
    Row row = parent.row;
    mutate(row, parent.element, format_, dice);
    return row;
  }

  [[nodiscard]] Row drawn(const reference::Family& family, std::uint64_t index) const {
    if (family.rows > 0) index %= family.rows;
    return reference::draw(target_.map, format_, family.name, n_, seed_, index).row;
  }

  [[nodiscard]] std::optional<Attempt> attempt(Row row) const {
    if (!impls::in_domain(target_.claim, row, format_)) return std::nullopt;
    Attempt made;
    made.question = reference::spelled_out(target_.map, format_, std::move(row));
    made.exact = reference::certify(target_.map, format_, made.question.row);
    if (made.exact.special != reference::Special::none) return std::nullopt;
    try {
      made.trial = judge(target_, made.question, made.exact, impls::ask(target_, format_, made.question.row));
    } catch (const impls::Accident& met) {
      made.accident = met;
      return made;
    }
    if (made.trial.answer.status != 0) return std::nullopt;
    made.element = worst_element(made.trial).value_or(0);
    if (const auto& error = made.trial.errors[made.element]; reference::has_number(error.outcome))
      made.score = std::abs(error.ulp);
    return made;
  }

  /// The population: the worst rows so far, no two alike, worst first.
  void keep(Scored scored) {
    const auto alike = [&](const Scored& kept) { return kept.row == scored.row; };
    if (std::ranges::any_of(population_, alike)) return;
    const auto better = [&](const Scored& kept) { return scored.score > kept.score; };
    population_.insert(std::ranges::find_if(population_, better), std::move(scored));
    if (population_.size() > population_size) population_.pop_back();
  }

  const impls::Implementation& target_;
  const Format format_;
  const std::uint64_t seed_;
  const std::vector<const reference::Family*> families_;
  const std::size_t n_;
  Tally tally_;
  std::vector<Scored> population_;
  std::uint64_t tries_ = 0;
  bool given_up_ = false;
};

}  // namespace

reports::Record hunt(const impls::Implementation& target, const impls::Format& format, std::size_t n, double seconds,
                     std::uint64_t seed, const std::function<void(double fraction, double worst_ulp)>& progress,
                     const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Hunt hunt(target, format, n, seed);
  for (double fraction = 0; fraction < 1 && !stop.stop_requested() && !hunt.given_up();) {
    hunt.generation();
    fraction = std::min(1.0, std::chrono::duration<double>(Clock::now() - start).count() / seconds);
    if (progress) progress(fraction, hunt.worst());
  }
  return hunt.record();
}

}  // namespace audit::bench
