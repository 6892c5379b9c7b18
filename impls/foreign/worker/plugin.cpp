// What speaks plugin.h.

#include <stdexcept>

#include "impls/foreign/worker/inside.hpp"
#include "impls/foreign/worker/library.hpp"

namespace audit::impls::foreign::worker {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw std::runtime_error(what); }

class Plugin : public Inside {
 public:
  explicit Plugin(const softmax_audit_plugin* plugin) : plugin_(plugin) {
    if (!plugin_) refuse("softmax_audit_plugin_v1 returned NULL; return the plugin's description (plugin.h)");
    if (plugin_->size < sizeof(softmax_audit_plugin))
      refuse(other_version("softmax_audit_plugin", plugin_->size, sizeof(softmax_audit_plugin)));
    if (plugin_->count == 0) refuse("offers no function: count is 0; let functions point to count of them");
    if (plugin_->count > most_functions)
      refuse("offers " + std::to_string(plugin_->count) + " functions; at most " + std::to_string(most_functions) +
             " can be audited");
    if (!plugin_->functions) refuse("offers functions at NULL; let functions point to count of them");
    if (plugin_->functions->size < sizeof(softmax_audit_function))
      refuse(other_version("softmax_audit_function", plugin_->functions->size, sizeof(softmax_audit_function)));
  }

  void describe(Description& description) const override {
    put(description.library, plugin_->library, "the library's name");
    put(description.version, plugin_->version, "the library's version");
    description.count = static_cast<std::uint32_t>(plugin_->count);
    for (std::uint32_t i = 0; i < description.count; ++i) {
      const softmax_audit_function& function = at(i);
      Described& described = description.functions[i];
      put(described.name, function.name, "the name of function " + std::to_string(i));
      put(described.all_masked, function.all_masked ? function.all_masked : "", "all_masked");
      described.map = function.map;
      described.format = function.format;
      described.promises = function.promises;
      described.max_ulp = function.max_ulp;
      if (!function.run) refuse("function " + std::to_string(i) + " has run = NULL; point it to the function");
    }
  }

  int run(std::uint32_t function, const softmax_audit_call& call) const override { return at(function).run(&call); }

 private:
  static std::string other_version(const char* what, std::size_t size, std::size_t own) {
    return "has another version of the interface: the size of " + std::string(what) + " is " + std::to_string(size) +
           ", version 1 has " + std::to_string(own) + "; set it to sizeof, and build with this version of plugin.h";
  }

  /// The array grows by the plugin's own size of its elements.
  [[nodiscard]] const softmax_audit_function& at(std::size_t i) const {
    const auto* bytes = reinterpret_cast<const std::byte*>(plugin_->functions);
    return *reinterpret_cast<const softmax_audit_function*>(bytes + i * plugin_->functions->size);
  }

  const softmax_audit_plugin* plugin_;
};

}  // namespace

std::unique_ptr<Inside> inside_of(const softmax_audit_plugin* plugin) { return std::make_unique<Plugin>(plugin); }

std::unique_ptr<Inside> open_plugin(const std::string& path) {
  const Library library(path);
  const auto entry = reinterpret_cast<decltype(&softmax_audit_plugin_v1)>(library.symbol("softmax_audit_plugin_v1"));
  if (!entry) refuse("has no symbol softmax_audit_plugin_v1; export it (plugin.h), or audit a function with --symbol");
  return inside_of(entry());
}

}  // namespace audit::impls::foreign::worker
