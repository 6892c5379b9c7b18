#include "bench/verifier.hpp"

#include <algorithm>

namespace audit::bench {
namespace {

constexpr std::size_t most_rows = 4;
constexpr std::size_t most_elements = 8192;  // the exact answers to the longest rows cost more than the timing

std::optional<reports::Finding> without_number(const impls::Implementation& target, const reference::Case& question,
                                               const reference::Exact& exact, const Trial& trial) {
  for (std::size_t j = 0; j < trial.errors.size(); ++j)
    if (!reference::has_number(trial.errors[j].outcome))
      return finding(target, question, exact, trial, j, "an error that has a number");
  return std::nullopt;
}

}  // namespace

Verifier::Verifier(Batch& batch) : batch_(batch) {
  const std::size_t rows = std::clamp<std::size_t>(most_elements / batch.n(), 1, most_rows);
  for (std::size_t i = 0; i < rows; ++i) rows_.insert(rows == 1 ? 0 : i * (batch.rows() - 1) / (rows - 1));
}

Verified Verifier::run(const impls::Implementation& target, const std::function<int()>& call) {
  for (const std::size_t row : rows_) batch_.poison(target.map, row);
  Verified verified{call() == 0, std::nullopt};
  const bool changed = !batch_.mend();
  if (!verified.supported) return verified;
  if (changed) verified.wrong = changed_input(target, question(target.map, *rows_.begin()).asked);
  for (auto row = rows_.begin(); row != rows_.end() && !verified.wrong; ++row) verified.wrong = wrong_row(target, *row);
  return verified;
}

const Verifier::Question& Verifier::question(impls::Map map, std::size_t row) {
  const auto [it, is_new] = questions_.try_emplace({map, row});
  if (is_new) {
    it->second.asked = batch_.question(map, row);
    it->second.exact = reference::certify(map, batch_.format(), it->second.asked.row);
  }
  return it->second;
}

std::optional<reports::Finding> Verifier::wrong_row(const impls::Implementation& target, std::size_t row) {
  const auto& [asked, exact] = question(target.map, row);
  const Trial trial = judge(target, asked, exact, batch_.answer(target.map, row));
  return trial.bounds.empty() ? without_number(target, asked, exact, trial) : broken_claim(target, asked, exact, trial);
}

}  // namespace audit::bench
