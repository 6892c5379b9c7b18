#include "reference/fast/fast.hpp"

#include <limits>

#include "reference/fast/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reference/fast/fast.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "reference/fast/logarithm-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::reference::fast::HWY_NAMESPACE {
namespace {

using impls::Map;

/// One pass over the row in one of the two arithmetics.
template <class Scores>
void certify_in(Map map, const Logits<Scores>& logits, bool narrow, double perturbation, Exact& exact) {
  const std::size_t outputs = map == Map::logsumexp ? 1 : logits.size();
  exact.undecided.clear();
  exact.rounded.resize(outputs);
  exact.rest.resize(outputs);
  if (map == Map::logsumexp) return logsumexp(logits, narrow, perturbation, exact);
  if (map == Map::log_softmax) return log_softmax(logits, narrow, perturbation, exact);
  return narrow ? narrow_softmax(logits, perturbation, exact) : pair_softmax(logits, perturbation, exact);
}

/// What double arithmetic left open, by pairs.
template <class Scores>
void refine(Map map, const Logits<Scores>& logits, double perturbation, Exact& exact) {
  Exact finer;
  finer.format = exact.format;
  certify_in(map, logits, false, perturbation, finer);
  for (const std::size_t j : exact.undecided) {
    exact.rounded[j] = finer.rounded[j];
    exact.rest[j] = finer.rest[j];
  }
  std::erase_if(exact.undecided, [&](std::size_t j) { return !std::ranges::binary_search(finer.undecided, j); });
  exact.bits = finer.bits;
}

template <class Scores>
Status certify_scores(Map map, const impls::Row& row, Exact& exact, double perturbation) {
  Logits<Scores> logits(row);
  const Status status = logits.prepare(hn::ScalableTag<double>());
  if (status != Status::certified) return status;
  const bool narrow = exact.format.precision <= 24;
  certify_in(map, logits, narrow, perturbation, exact);
  if (narrow && !exact.undecided.empty()) refine(map, logits, perturbation, exact);
  return Status::certified;
}

Status certify_row(Map map, const impls::Row& row, Exact& exact, double perturbation) {
  return map == Map::gumbel_softmax ? certify_scores<Noisy>(map, row, exact, perturbation)
                                    : certify_scores<Plain>(map, row, exact, perturbation);
}

}  // namespace
}  // namespace audit::reference::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace audit::reference::fast {
namespace {

/// Whether this thread rounds to nearest and keeps subnormals, as every proof takes for granted.
bool arithmetic_is_ordinary() {
  const volatile double small = 0x1p-60, normal = 0x1p-1022, least = std::numeric_limits<double>::denorm_min();
  return 1 + small == 1 && 1 - small == 1 && normal * 0.5 > 0 && least * 0x1p1000 > 0;
}

}  // namespace

HWY_EXPORT(certify_row);

Status try_certify(impls::Map map, const impls::Row& row, Exact& exact, double perturbation) {
  using impls::Map;
  const bool map_is_here =
      map == Map::softmax || map == Map::gumbel_softmax || map == Map::log_softmax || map == Map::logsumexp;
  const int p = exact.format.precision;
  if (!map_is_here || (p > 24 && p != 53) || row.x.empty()) return Status::off;
  if ((map == Map::logsumexp && row.temperature != 1) || !arithmetic_is_ordinary()) return Status::off;
  return HWY_DYNAMIC_DISPATCH(certify_row)(map, row, exact, perturbation);
}

}  // namespace audit::reference::fast
#endif
