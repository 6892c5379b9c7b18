#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "impls/contract.hpp"

namespace audit::reference {

/// A question with a name: the row, and the text that rebuilds it.
///   softmax:f32:wide:n=1024:seed=1:index=7           drawn: a function of (family, format, n, seed, index)
///   softmax:f32:row=0x1p+0,3@-inf,0x1.8p+1           spelled out, COUNT@VALUE for repeated values; then, where they
///   …:temperature=0x1p-1:operand=0x0p+0,…            are not the default, the temperature, the operand, the target and
///   …:target=3:tree=1,-1,-2,-3                       the tree
/// n is the number of entries; for hierarchical_softmax, of leaves: such a row has one logit less.
struct Case {
  impls::Map map = impls::Map::softmax;
  impls::Format format = impls::f32;
  std::string family;  ///< empty when spelled out
  std::uint64_t seed = 0;
  std::uint64_t index = 0;
  impls::Row row;
};

/// A text that is no case; what() says which part, and what would be.
struct BadCase : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// The CaseId: no spaces, nothing a shell would touch.
std::string id(const Case& c);
/// The case of a CaseId, to the bit. Throws BadCase.
Case rebuild(std::string_view id);
/// A case spelled out.
Case spelled_out(impls::Map map, const impls::Format& format, impls::Row row);
/// A case drawn from a family; throws BadCase for an unknown one, or a size or index that it does not have.
Case draw(impls::Map map, const impls::Format& format, std::string_view family, std::size_t n, std::uint64_t seed,
          std::uint64_t index);

/// A named source of rows.
struct Family {
  std::string name;
  std::string brings_out;   ///< what it shows that normal rows hide
  std::size_t fixed_n = 0;  ///< real logits: the row length of the pack; 0: any
  std::size_t rows = 0;     ///< real logits: rows in the pack; 0: as many as asked
  bool grows = false;       ///< what it brings out grows with the row: a sum of many terms
};

/// Synthetic families, then the packs of real logits, in a fixed order.
const std::vector<Family>& families();

/// The row lengths of a sweep: every small one, both sides of powers of two, and long ones.
inline constexpr std::size_t sizes[] = {1,  2,  3,  4,  5,  7,   8,   9,   15,   16,   17,   31,
                                        32, 33, 63, 64, 65, 127, 128, 129, 1000, 1024, 4096, 32000};

}  // namespace audit::reference
