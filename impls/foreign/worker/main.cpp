// The worker: loads one target and serves calls of its functions, as protocol.hpp says.

#include <unistd.h>

#include <exception>
#include <string>

#include "impls/foreign/worker/inside.hpp"
#include "impls/foreign/worker/serve.hpp"

namespace {

using namespace audit::impls::foreign::worker;

/// Serves the target that the arguments name; gives the exit status.
int serve(Session& session, const std::vector<std::string>& arguments) {
  try {
    session.serve(*open(arguments));
    return 0;
  } catch (const std::exception& error) {
    session.refuse(error.what());
    return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Session session;
    // Nothing of the target is run at the end: not its destructors, which may hang.
    _exit(serve(session, {argv + 1, argv + argc}));
  } catch (const NotStarted& error) {
    const std::string line = std::string("softmax-audit-worker: ") + error.what() + "\n";
    return write(STDERR_FILENO, line.data(), line.size()) < 0 ? 3 : 2;
  }
}
