#pragma once

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "reports/test_outside.hpp"

namespace audit::commands {

/// The program from outside, run in a directory of the test's own.
class Program : public reports::TestFromOutside {
 protected:
  struct Ended {
    int status;
    std::string out, err;
  };

  Ended run(const std::string& arguments) const {
    const std::string command = fmt::format("cd '{}' && '{}' {} >out.txt 2>err.txt </dev/null", directory.string(),
                                            SOFTMAX_AUDIT_PROGRAM, arguments);
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), read("out.txt"), read("err.txt")};
  }

  /// The lines of a file that hold no times.
  [[nodiscard]] std::vector<std::string> timeless_lines(const std::string& name) const {
    std::istringstream in(read(name));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
      if (line.find("\"kind\":\"speed\"") == std::string::npos) lines.push_back(line);
    return lines;
  }
};

}  // namespace audit::commands
