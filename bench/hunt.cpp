#include "bench/hunt.hpp"

#include <Random123/philox.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>

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

/// Random numbers of one try: a function of (seed, number of the try), whoever draws them and when.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t attempt) : key_{{seed, stream}}, attempt_(attempt) {}

  std::uint64_t bits() { return r123::Philox4x64{}({{attempt_, drawn_++, 0, 0}}, key_)[0]; }
  /// One of 0 … size - 1.
  std::size_t below(std::size_t size) { return static_cast<std::size_t>(bits() % size); }

 private:
  static constexpr std::uint64_t stream = 0x68756e74;  // apart from the draws of the families under the same seed

  r123::Philox4x64::key_type key_;
  std::uint64_t attempt_;
  std::uint64_t drawn_ = 0;
};

/// An entry of the row that can be changed: of the logits, or of the operand where there is one.
double& some_entry(Row& row, Dice& dice) {
  const std::size_t at = dice.below(row.x.size() + row.operand.size());
  return at < row.x.size() ? row.x[at] : row.operand[at - row.x.size()];
}

double& some_logit(Row& row, Dice& dice) { return row.x[dice.below(row.x.size())]; }

/// Keeps a change of a finite entry that stays finite.
void change(double& entry, double to) {
  if (std::isfinite(entry) && std::isfinite(to)) entry = to;
}

void flip_significand_bits(Row& row, const Format& format, Dice& dice) {
  double& entry = some_entry(row, dice);
  const auto fraction_bits = static_cast<std::size_t>(format.precision - 1);
  std::uint64_t bits = impls::encode(format, entry);
  for (std::size_t flips = 1 + dice.below(3); flips > 0; --flips) bits ^= std::uint64_t{1} << dice.below(fraction_bits);
  change(entry, impls::decode(format, bits));
}

void redraw_significand(Row& row, const Format& format, Dice& dice) {
  double& entry = some_entry(row, dice);
  const std::uint64_t fraction = (std::uint64_t{1} << (format.precision - 1)) - 1;
  const std::uint64_t bits = impls::encode(format, entry);
  change(entry, impls::decode(format, (bits & ~fraction) | (dice.bits() & fraction)));
}

void step_an_ulp(Row& row, const Format& format, Dice& dice) {
  double& entry = some_entry(row, dice);
  change(entry, dice.below(2) == 0 ? impls::next_up(format, entry) : impls::next_down(format, entry));
}

void step_a_binade(Row& row, const Format& format, Dice& dice) {
  double& entry = some_entry(row, dice);
  change(entry, impls::round_to(format, dice.below(2) == 0 ? entry * 2 : entry / 2));
}

void copy_an_entry(Row& row, const Format&, Dice& dice) {
  const double from = some_logit(row, dice);
  some_logit(row, dice) = from;
}

void swap_entries(Row& row, const Format&, Dice& dice) { std::swap(some_logit(row, dice), some_logit(row, dice)); }

void mask_an_entry(Row& row, const Format&, Dice& dice) { some_logit(row, dice) = -INFINITY; }

/// A common offset of random significand, between 2^-8 and 2^11.
void add_an_offset(Row& row, const Format& format, Dice& dice) {
  const double significand = 1 + static_cast<double>(dice.bits() >> 12) * 0x1p-52;
  const double sign = dice.below(2) == 0 ? 1 : -1;
  const double offset = sign * std::ldexp(significand, static_cast<int>(dice.below(20)) - 8);
  for (double& x : row.x) change(x, impls::round_to(format, x + offset));
}

using Mutation = void (*)(Row&, const Format&, Dice&);

/// Fine steps stand more than once: they find what coarse ones come near to.
constexpr std::array<Mutation, 11> mutations{flip_significand_bits, flip_significand_bits, flip_significand_bits,
                                             redraw_significand,    redraw_significand,    step_an_ulp,
                                             step_a_binade,         copy_an_entry,         add_an_offset,
                                             mask_an_entry,         swap_entries};

/// The families that have rows of this length.
std::vector<const reference::Family*> families_of(std::size_t n) {
  std::vector<const reference::Family*> fitting;
  for (const reference::Family& family : reference::families())
    if (family.fixed_n == 0 || family.fixed_n == n) fitting.push_back(&family);
  return fitting;
}

struct Scored {
  Row row;
  double score;  ///< abs(error) of the worst element, in ulps
};

/// What became of one try; nothing when the row is outside the domain or the target does not support the call.
struct Attempt {
  Case question;
  reference::Exact exact;
  Trial trial;
  double score = 0;
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
      tally_.add(made->question, made->exact, made->trial);
      keep({std::move(made->question.row), made->score});
    }
  }

  [[nodiscard]] double worst() const { return population_.empty() ? 0 : population_.front().score; }
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
    Row row = population_[dice.below(population_.size())].row;
    for (std::size_t changes = 1 + dice.below(3); changes > 0; --changes)
      mutations[dice.below(mutations.size())](row, format_, dice);
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
    made.trial = judge(target_, made.question, made.exact, impls::ask(target_, format_, made.question.row));
    if (made.trial.answer.status != 0) return std::nullopt;
    if (const auto worst = worst_element(made.trial)) made.score = std::abs(made.trial.errors[*worst].ulp);
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
};

}  // namespace

reports::Record hunt(const impls::Implementation& target, const impls::Format& format, std::size_t n, double seconds,
                     std::uint64_t seed, const std::function<void(double fraction, double worst_ulp)>& progress,
                     std::stop_token stop) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Hunt hunt(target, format, n, seed);
  for (double fraction = 0; fraction < 1 && !stop.stop_requested();) {
    hunt.generation();
    fraction = std::min(1.0, std::chrono::duration<double>(Clock::now() - start).count() / seconds);
    if (progress) progress(fraction, hunt.worst());
  }
  return hunt.record();
}

}  // namespace audit::bench
