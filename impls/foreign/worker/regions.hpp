#pragma once

#include <array>
#include <cstddef>

#include "impls/foreign/plugin.h"
#include "impls/foreign/protocol.hpp"

namespace audit::impls::foreign::worker {

/// The arrays of a call as this process sees them, each between inaccessible pages.
class Regions {
 public:
  Regions() = default;
  Regions(const Regions&) = delete;
  Regions& operator=(const Regions&) = delete;
  ~Regions();

  /// Maps what the try at hand asks for and notes where. Mappings that stand already stay. Throws std::system_error.
  void map(Control& control);
  /// The call that `control` describes, as the try at hand has it, in its stretch `stretch`.
  [[nodiscard]] static softmax_audit_call call(const Control& control, std::uint64_t stretch);

 private:
  struct Mapping {
    std::byte* start = nullptr;  ///< of the guard before the region
    std::uint64_t offset = 0;
    std::uint64_t capacity = 0;
    void unmap();
  };
  std::array<std::array<Mapping, arrays>, most_tries> mappings_;
};

}  // namespace audit::impls::foreign::worker
