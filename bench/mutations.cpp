#include "bench/mutations.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace audit::bench {
namespace {

using impls::Format;
using impls::Row;

/// An entry of the row: the logits, then the operand.
double& entry_of(Row& row, std::size_t at) { return at < row.x.size() ? row.x[at] : row.operand[at - row.x.size()]; }

double& some_logit(Row& row, Dice& dice) { return row.x[dice.below(row.x.size())]; }

/// Keeps a change of a finite entry that stays finite.
void change(double& entry, double to) {
  if (std::isfinite(entry) && std::isfinite(to)) entry = to;
}

void flip_significand_bits(Row& row, std::size_t at, const Format& format, Dice& dice) {
  double& entry = entry_of(row, at);
  const auto fraction_bits = static_cast<std::size_t>(format.precision - 1);
  std::uint64_t bits = impls::encode(format, entry);
  for (std::size_t flips = 1 + dice.below(3); flips > 0; --flips) bits ^= std::uint64_t{1} << dice.below(fraction_bits);
  change(entry, impls::decode(format, bits));
}

void redraw_significand(Row& row, std::size_t at, const Format& format, Dice& dice) {
  double& entry = entry_of(row, at);
  const std::uint64_t fraction = (std::uint64_t{1} << (format.precision - 1)) - 1;
  const std::uint64_t bits = impls::encode(format, entry);
  change(entry, impls::decode(format, (bits & ~fraction) | (dice.bits() & fraction)));
}

void step_an_ulp(Row& row, std::size_t at, const Format& format, Dice& dice) {
  double& entry = entry_of(row, at);
  change(entry, dice.below(2) == 0 ? impls::next_up(format, entry) : impls::next_down(format, entry));
}

void step_a_binade(Row& row, std::size_t at, const Format& format, Dice& dice) {
  double& entry = entry_of(row, at);
  change(entry, impls::round_to(format, dice.below(2) == 0 ? entry * 2 : entry / 2));
}

void copy_an_entry(Row& row, std::size_t at, const Format&, Dice& dice) {
  row.x[at % row.x.size()] = some_logit(row, dice);
}

void swap_entries(Row& row, std::size_t at, const Format&, Dice& dice) {
  std::swap(row.x[at % row.x.size()], some_logit(row, dice));
}

void mask_an_entry(Row& row, std::size_t at, const Format& format, Dice&) {
  row.x[at % row.x.size()] = impls::mask(format);
}

/// A common offset of random significand, between 2^-8 and 2^11.
void add_an_offset(Row& row, std::size_t, const Format& format, Dice& dice) {
  const double significand = 1 + static_cast<double>(dice.bits() >> 12) * 0x1p-52;
  const double sign = dice.below(2) == 0 ? 1 : -1;
  const double offset = sign * std::ldexp(significand, static_cast<int>(dice.below(20)) - 8);
  for (double& x : row.x) change(x, impls::round_to(format, x + offset));
}

using Mutation = void (*)(Row&, std::size_t at, const Format&, Dice&);

/// Fine steps stand more than once: they find what coarse ones come near to.
constexpr std::array<Mutation, 11> mutations{flip_significand_bits, flip_significand_bits, flip_significand_bits,
                                             redraw_significand,    redraw_significand,    step_an_ulp,
                                             step_a_binade,         copy_an_entry,         add_an_offset,
                                             mask_an_entry,         swap_entries};

}  // namespace

void mutate(Row& row, std::size_t focus, const Format& format, Dice& dice) {
  for (std::size_t changes = 1 + dice.below(3); changes > 0; --changes) {
    const std::size_t at = dice.below(2) == 0 ? focus : dice.below(row.x.size() + row.operand.size());
    mutations[dice.below(mutations.size())](row, at, format, dice);
  }
}

}  // namespace audit::bench
