// python.so: what worker.py cannot do itself. It is a plugin to the rest of the worker.

#include <unistd.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "impls/foreign/worker/inside.hpp"
#include "impls/foreign/worker/serve.hpp"

namespace {

using namespace audit::impls::foreign;

/// Those of this process, from softmax_audit_begin on: functions of C have no other place to keep them.
std::unique_ptr<worker::Session> session;
/// What the function of this thread raised.
thread_local std::string raised;

/// A plugin whose functions may have raised something when they return.
class Python : public worker::Inside {
 public:
  explicit Python(const softmax_audit_plugin* plugin) : plugin_(worker::inside_of(plugin)) {}

  void describe(Description& description) const override { plugin_->describe(description); }

  int run(std::uint32_t function, const softmax_audit_call& call) const override {
    const int status = plugin_->run(function, call);
    if (!raised.empty()) throw std::runtime_error(std::exchange(raised, {}));
    return status;
  }

 private:
  std::unique_ptr<Inside> plugin_;
};

}  // namespace

extern "C" {

/// Begins the session; 0 when this process was not started as a worker.
int softmax_audit_begin() {
  try {
    session = std::make_unique<worker::Session>();
    return 1;
  } catch (const worker::NotStarted&) {
    return 0;
  }
}

/// Says in one line of UTF-8 why the target cannot be audited.
void softmax_audit_refuse(const char* what) { session->refuse(what); }

/// Serves the functions of a plugin until the program goes, and ends the process.
void softmax_audit_serve(const softmax_audit_plugin* plugin) {
  try {
    session->serve(Python(plugin));
  } catch (const std::exception& error) {
    session->refuse(error.what());
  }
  _exit(0);
}

/// From inside of a function: it raised this, one line of UTF-8, and gives no answer.
void softmax_audit_raise(const char* what) { raised = what; }
}
