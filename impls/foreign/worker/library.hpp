#pragma once

#include <string>

namespace audit::impls::foreign::worker {

/// A shared object, loaded into this process for good: what it registered may be called until the end.
class Library {
 public:
  /// Throws std::runtime_error that says why it cannot be loaded.
  explicit Library(const std::string& path);
  /// The address of a symbol, or nullptr.
  [[nodiscard]] void* symbol(const std::string& name) const;

 private:
  void* handle_;
};

}  // namespace audit::impls::foreign::worker
