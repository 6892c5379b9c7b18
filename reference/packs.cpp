#include "reference/packs.hpp"

#include "embedded_packs.hpp"

namespace audit::reference {

const std::vector<Pack>& packs() {
  static const std::vector<Pack> all = [] {
    std::vector<Pack> read;
    for (const EmbeddedPack& pack : embedded_packs)
      read.push_back({std::string(pack.name), parse_npy({pack.begin, pack.end}, pack.name)});
    return read;
  }();
  return all;
}

}  // namespace audit::reference
