#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "impls/foreign/plugin.h"
#include "impls/foreign/protocol.hpp"

namespace audit::impls::foreign::worker {

/// A target as it is inside of a worker process, of whatever kind.
class Inside {
 public:
  Inside() = default;
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  virtual ~Inside() = default;

  /// Fills in all but the error. Throws std::runtime_error that says in one line what is wrong with the target and what
  /// to do, without its name.
  virtual void describe(Description& description) const = 0;
  /// Calls a function, by its place in the description. Returns what it returns.
  virtual int run(std::uint32_t function, const softmax_audit_call& call) const = 0;
};

/// The kinds. Each throws std::runtime_error as describe() does.
std::unique_ptr<Inside> open_plugin(const std::string& path);
std::unique_ptr<Inside> open_symbol(const std::string& path, const std::string& declaration);
/// Becomes another process, python3 with worker.py, which serves in its place.
[[noreturn]] void become_python(const std::string& module, const std::string& function);

/// The target of a worker started with these arguments: the kind, and what the kind takes.
///   plugin PATH
///   symbol PATH DECLARATION   a function that a declaration binds (signature.hpp)
///   python MODULE FUNCTION    worker.py says what they may be
std::unique_ptr<Inside> open(const std::vector<std::string>& arguments);

/// What a plugin describes of itself, which stays valid until the process ends.
std::unique_ptr<Inside> inside_of(const softmax_audit_plugin* plugin);

/// Copies a text into a field of fixed width, ended by a zero byte. Throws std::runtime_error, `what` it is in front,
/// when it is too long or null.
void put(std::span<char> field, const char* text, const std::string& what);

}  // namespace audit::impls::foreign::worker
