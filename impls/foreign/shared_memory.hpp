#pragma once

#include <array>
#include <cstddef>

#include "impls/foreign/protocol.hpp"

namespace audit::impls::foreign {

/// The memory that a worker shares with the program (protocol.hpp): anonymous, gone with the last of the two. A target
/// may write anywhere in it, so the program keeps what it says of a request to itself, and takes from there no more
/// than the worker's own words.
class SharedMemory {
 public:
  /// Throws std::system_error, as reserve() does.
  SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory();

  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// The program's own copy.
  [[nodiscard]] Control& control() { return own_; }
  /// Gives the worker the program's words.
  void publish();
  /// Takes the worker's.
  void collect();
  /// The try that the worker says is at hand, now.
  [[nodiscard]] std::uint32_t at() const;
  [[nodiscard]] const Description& description() const {
    return *reinterpret_cast<const Description*>(header_ + description_offset);
  }

  /// Makes room for that many bytes in the regions of every try, and says there where they are. What they held is lost.
  void reserve(const std::array<std::size_t, arrays>& bytes);
  /// Where an array of a region begins, as Region::first says.
  [[nodiscard]] std::byte* array(const Region& region) const;

 private:
  void unmap_regions();

  [[nodiscard]] Control& shared() const { return *reinterpret_cast<Control*>(header_); }

  Control own_{};
  int descriptor_;
  std::byte* header_;
  std::byte* regions_ = nullptr;
  std::size_t regions_bytes_ = 0;
};

}  // namespace audit::impls::foreign
