#include "bench/likeness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <mutex>
#include <optional>

#include "reference/error.hpp"

namespace audit::bench {
namespace {

using impls::Implementation;
using reference::Case;
using reference::Exact;
using reference::Outcome;

/// A claim of the catalogue, held against answers that are another's.
struct Candidate {
  const Implementation* owner;
  bool kept = true;
  std::size_t rows = 0;  ///< that it speaks of
  /// Σ over the rows of the logarithm of its largest bound, in ulps; an integer, times 2^-20, so that the order of
  /// rows, which differs from run to run, makes no difference.
  std::int64_t size = 0;
};

/// Of two claims the stronger speaks of more rows; of two on as many, it has the smaller bounds: their logarithms are
/// averaged.
bool stronger(const Candidate& a, const Candidate& b) { return a.rows != b.rows ? a.rows > b.rows : a.size < b.size; }

/// What an answer makes of a claim.
struct Held {
  bool speaks = false;  ///< the claim does, of the row
  bool kept = true;
  double largest = 0;  ///< of its bounds, in ulps; of one that is kept
};

Held held(const Implementation& owner, const Implementation& target, const Case& question,
          const std::vector<reference::Element>& exact, const Trial& trial) {
  if (!impls::in_domain(owner.claim, question.row, question.format)) return {};
  const auto bounds = owner.claim.bounds(question.row, question.format);
  const bool subnormals = target.claim.promises & impls::subnormals;
  Held found{.speaks = true};
  for (std::size_t j = 0; j < exact.size() && found.kept; ++j) {
    found.kept = reference::stands(question.format, trial.errors[j], exact[j], bounds[j], subnormals).kept;
    found.largest = std::max(found.largest, reference::in_ulps(bounds[j], exact[j]));
  }
  return found;
}

/// The worst outcome of an answer, as far as it has a number; `off` stands for the others, too.
Outcome worst_outcome(const Trial& trial) {
  Outcome worst = Outcome::exact;
  for (const reference::Error& error : trial.errors) worst = std::max(worst, error.outcome);
  return std::min(worst, Outcome::off);
}

}  // namespace

struct Likeness::State {
  const Implementation& target;
  std::vector<Candidate> candidates;
  std::size_t rows = 0;
  Outcome worst = Outcome::exact;
  mutable std::mutex mutex;

  /// Those that were not broken yet.
  [[nodiscard]] std::vector<std::size_t> open() const {
    const std::scoped_lock lock(mutex);
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (candidates[i].kept) kept.push_back(i);
    return kept;
  }

  void fold(Candidate& candidate, const Held& look) {
    if (!look.speaks) return;
    const std::scoped_lock lock(mutex);
    ++candidate.rows;
    candidate.size += std::llround(0x1p20 * std::log(std::clamp(look.largest, 0x1p-60, 0x1p60)));
    candidate.kept = candidate.kept && look.kept;
  }

  void look(const Case& question, const Exact& exact, const Trial& trial) {
    if (trial.errors.empty()) return;
    std::vector<reference::Element> elements;
    for (std::size_t j = 0; j < exact.size(); ++j) elements.push_back(exact.element(j));
    for (const std::size_t i : open())
      fold(candidates[i], held(*candidates[i].owner, target, question, elements, trial));
    const std::scoped_lock lock(mutex);
    ++rows;
    worst = std::max(worst, worst_outcome(trial));
  }

  [[nodiscard]] const Candidate* strongest() const {
    const Candidate* best = nullptr;
    for (const Candidate& candidate : candidates)
      if (candidate.kept && candidate.rows > 0 && (!best || stronger(candidate, *best))) best = &candidate;
    return best;
  }
};

Likeness::Likeness(const Implementation& target) : state_(new State{target, {}, 0, Outcome::exact, {}}) {
  for (const Implementation& known : impls::catalogue())
    if (known.map == target.map && known.absent.empty() && known.claim.bounds) state_->candidates.push_back({&known});
}

Likeness::~Likeness() = default;

Seen Likeness::seen() {
  return [state = state_.get()](const Implementation& target, const Case& question, const Exact& exact,
                                const Trial& trial) {
    if (&target == &state->target) state->look(question, exact, trial);
  };
}

std::string Likeness::in_words() const {
  const State& state = *state_;
  const auto on_all = fmt::format("on all {} rows asked", state.rows);
  if (state.rows == 0) return "behaves like nothing: it answered no row";
  if (state.worst <= Outcome::correctly_rounded) return fmt::format("is correctly rounded {}", on_all);
  if (state.worst <= Outcome::faithful) return fmt::format("is faithful {}", on_all);
  if (state.candidates.empty()) return "behaves like no other: nothing else of its map is here to compare with";
  const Candidate* best = state.strongest();
  if (!best) return "behaves like no other of its map: it kept the bound of none on every row";
  const auto spoken = best->rows == state.rows
                          ? on_all
                          : fmt::format("on all rows that it speaks of, {} of {} asked", best->rows, state.rows);
  return fmt::format("behaves like {}: kept its bound ({}) {}", best->owner->name, best->owner->claim.bound, spoken);
}

}  // namespace audit::bench
