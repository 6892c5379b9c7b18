#pragma once

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "reports/test_files.hpp"

namespace audit::reports {

/// A test whose files are judged by others: Python's jsonschema and csv, and libxml2.
class TestFromOutside : public TestWithFiles {
 protected:
  /// What the schema of reports/ has against a JSON file, or each line of a .jsonl file; "" where nothing.
  [[nodiscard]] std::string against_schema(const std::string& layout, const std::string& name) const {
    return printed_by("'{3}' '{0}/testing/validate.py' '{0}/{1}' '{2}'", layout, name, "python3-jsonschema");
  }
  /// What the XML Schema of JUnit files has against a file; "" where nothing.
  [[nodiscard]] std::string against_junit_xsd(const std::string& name) const {
    return printed_by("xmllint --noout --schema '{0}/testing/{1}' '{2}' 2>&1 | grep -v ' validates$'", "junit-10.xsd",
                      name, "libxml2-utils");
  }
  /// The rows of a CSV file as JSON.
  [[nodiscard]] std::string csv_rows(const std::string& name) const {
    return printed_by("'{3}' '{0}/testing/{1}' '{2}'", "read_csv.py", name, "python3");
  }

 private:
  /// What a command prints. One that cannot be run names the package that brings it.
  [[nodiscard]] std::string printed_by(const char* command, const std::string& with, const std::string& name,
                                       const std::string& package) const {
    const std::string line = fmt::format(fmt::runtime(command), REPORTS, with, (directory / name).string(), python());
    const int status = std::system(fmt::format("{{ {} ; }} >'{}/told.txt' 2>&1", line, directory.string()).c_str());
    const std::string text = read("told.txt");
    if (WEXITSTATUS(status) == 127 || text.find("ModuleNotFoundError") != std::string::npos)
      return text + "`apt-get install " + package + "` brings it";
    return text;
  }
  static std::string python() { return access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3"; }
};

}  // namespace audit::reports
